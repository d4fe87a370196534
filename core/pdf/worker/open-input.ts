import { closeSync, fstatSync, openSync } from 'node:fs';
import { fileSource, memorySource, type ByteSource } from '../revision/byte-source.ts';
import type { PdfInput } from './pdf-task.ts';

export interface OpenInput extends Disposable {
  readonly source: ByteSource;
}

/** The bytes of a task; whoever opens them disposes of them. Throws the errors of the disk. */
export function openInput(input: PdfInput): OpenInput {
  if (input.kind === 'bytes') {
    return { source: memorySource(input.bytes), [Symbol.dispose]: () => undefined };
  }
  const fd = openSync(input.path, 'r');
  return { source: fileSource(fd, fstatSync(fd).size), [Symbol.dispose]: () => closeSync(fd) };
}
