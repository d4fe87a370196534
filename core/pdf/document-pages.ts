/** The number of pages of any PDF: by a few short reads as Chromium writes it, else by its cross-reference streams. */
import { open } from 'node:fs/promises';
import { countPages, countPagesOf } from './page-count.ts';
import { fileSource, memorySource, type ByteSource } from './revision/byte-source.ts';
import { PdfDocument } from './revision/document.ts';

/** Rejects for what is no PDF. */
export async function pagesOf(pdf: Uint8Array): Promise<number | null> {
  return (await countPagesOf(pdf)) ?? pagesIn(memorySource(pdf));
}

/** `size`: of the file, in bytes. Rejects for what is no PDF. */
export async function pagesOfFile(file: string, size: number): Promise<number | null> {
  await using handle = await open(file, 'r');
  const count = await countPages(async (offset, length) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }, size);
  return count ?? pagesIn(fileSource(handle.fd, size));
}

/** Of a file in compact form, whose cross-reference is a stream. */
const pagesIn = (source: ByteSource): number | null => pageCountOf(PdfDocument.open(source)) ?? null;

/** What a document says itself. */
export const pageCountOf = (document: PdfDocument): number | undefined =>
  document.numberAt(document.dictAt(document.root, 'Pages'), 'Count');
