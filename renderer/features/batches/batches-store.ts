/** What the batches screen shows: which batch is open, and the one that is being prepared. The batches come from the host. */
import { create } from 'zustand';
import type { ColumnMapping, RowReading, RowsFile } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { uploadRows } from './upload-rows.ts';

export type OutputKind = 'zip' | 'merged' | 'folder';

/** A batch before its start. */
export interface Draft {
  readonly filename: string;
  /** Of the file that is with the host; undefined while it is on its way. */
  readonly upload: string | undefined;
  readonly rowsFile: RowsFile | undefined;
  /** Part of the file that the host has, 0 to 1. */
  readonly progress: number;
  readonly failure: Error | undefined;
  readonly templateId: string | undefined;
  readonly reading: RowReading;
  readonly columns: readonly ColumnMapping[];
  /** Empty: as programs write numbers and dates. */
  readonly locale: string;
  /** The row that is shown, from 1. */
  readonly row: number;
  readonly name: string;
  readonly output: OutputKind;
  readonly folder: string;
  /** Stamped on the pages of a merged PDF; empty for none. */
  readonly pageNumbers: string;
  /** `''` for what the template says. */
  readonly standard: string;
  readonly keyId: string;
}

export interface BatchesState {
  readonly openId: number | undefined;
  readonly draft: Draft | undefined;
}

export const useBatches = create<BatchesState>()(() => ({ openId: undefined, draft: undefined }));

export const openBatch = (openId: number | undefined): void => useBatches.setState({ openId });

/** Changes the batch that is being prepared, if there is one. */
export const changeDraft = (change: Partial<Draft>): void =>
  useBatches.setState(({ draft }) => (draft === undefined ? {} : { draft: { ...draft, ...change } }));

let uploading: AbortController | undefined;

export function dropDraft(): void {
  uploading?.abort();
  useBatches.setState({ draft: undefined });
}

/** Begins with a rows file: it goes to the host, which says what is in it. */
export async function prepareBatch(host: StudioHost, file: File, templateId?: string): Promise<void> {
  uploading?.abort();
  const controller = new AbortController();
  uploading = controller;
  useBatches.setState({
    draft: {
      filename: file.name,
      upload: undefined,
      rowsFile: undefined,
      progress: 0,
      failure: undefined,
      templateId,
      reading: {},
      columns: [],
      locale: '',
      row: 1,
      name: '{{@row}}.pdf',
      output: 'zip',
      folder: '',
      pageNumbers: '',
      standard: '',
      keyId: '',
    },
  });
  try {
    const onProgress = (progress: number): void => changeDraft({ progress });
    const { upload, rowsFile } = await uploadRows(host, file, onProgress, controller.signal);
    if (!controller.signal.aborted) changeDraft({ upload, rowsFile });
  } catch (error) {
    if (!controller.signal.aborted)
      changeDraft({ failure: error instanceof Error ? error : new Error(String(error)) });
  }
}
