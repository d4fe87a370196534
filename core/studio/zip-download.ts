/** Finished documents as one zip in memory. */
import { ZipFile } from 'yazl';
import { InfluxionError } from '../error.ts';
import type { OpenedOutput } from '../jobs/job-service.ts';

/** The whole zip is one reply in the memory of host and page. */
export const MOST_DOWNLOAD_BYTES = 256 * 1024 * 1024;

const MEGABYTE = 1024 * 1024;

/** Errors: DOWNLOAD_TOO_LARGE. */
export function refuseTooLarge(bytes: number, most = MOST_DOWNLOAD_BYTES): void {
  if (bytes <= most) return;
  const size = Math.ceil(bytes / MEGABYTE);
  throw new InfluxionError(
    'DOWNLOAD_TOO_LARGE',
    `The documents are ${size} MB together, and one download takes at most ${Math.floor(most / MEGABYTE)} MB.`,
    { hint: 'Choose fewer jobs, or fetch the documents one by one over the API.' },
  );
}

/** Document ids need not be unique, names in a zip must be; systems that ignore case unpack it too. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf('.');
    const [base, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let unique = name;
    for (let copy = 2; taken.has(unique.toLowerCase()); copy += 1) unique = `${base} (${copy})${end}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** Stored as they are: a PDF is compressed already. Rejects with what the file system said, or the signal's reason. */
export async function zipDocuments(
  documents: readonly OpenedOutput[],
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const zip = new ZipFile();
  const names = uniqueNames(documents.map(({ filename }) => filename));
  documents.forEach(({ path, completedAt }, at) => {
    zip.addFile(path, names[at] ?? '', { compress: false, mtime: completedAt, mode: 0o100644 });
  });
  const failed = Promise.withResolvers<never>();
  zip.on('error', (error: unknown) => failed.reject(error as Error));
  const collected = collect(zip.outputStream, signal);
  zip.end();
  try {
    return await Promise.race([collected, failed.promise]);
  } finally {
    failed.promise.catch(() => undefined);
    collected.catch(() => undefined);
  }
}

async function collect(stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    signal.throwIfAborted();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
