import type { RowsFile } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';

/** What travels in one call. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** Files that hold rows, as of `<input accept>`. */
export const ROWS_FILES = '.csv,.tsv,.txt,.jsonl,.ndjson,.json,.xlsx,.ods';

/** Hands a rows file to the host, slice after slice. Rejects with a HostFailure. `onProgress`: the part that is there, 0 to 1. */
export async function uploadRows(
  host: StudioHost,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<{ readonly upload: string; readonly rowsFile: RowsFile }> {
  let upload: string | null = null;
  let from = 0;
  for (;;) {
    const to = Math.min(file.size, from + SLICE_BYTES);
    const bytes = new Uint8Array(await file.slice(from, to).arrayBuffer());
    const last = to >= file.size;
    const answer: { upload: string; file: RowsFile | null } = await host.request(
      'batches.upload_rows',
      { upload, filename: file.name, bytes, last },
      signal,
    );
    upload = answer.upload;
    from = to;
    onProgress(file.size === 0 ? 1 : to / file.size);
    if (answer.file !== null) return { upload, rowsFile: answer.file };
    if (last) throw new Error('The file was sent, but Influxion did not say what is in it.');
  }
}
