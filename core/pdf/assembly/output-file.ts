/** The file that is being put together: objects with new numbers, equal ones once. */
import { hash } from 'node:crypto';
import { FileWriter, type FileWriterOptions } from '../revision/file-writer.ts';
import { PdfRef, PdfStream, type PdfDict, type PdfObject } from '../revision/objects.ts';
import { serialize } from '../revision/serialize.ts';

/** Some hundred bytes each; what comes after so many is no longer compared. */
const MOST_SHARED = 500_000;

const digestOf = (object: PdfObject, bytes: Uint8Array = new Uint8Array()): string => {
  const ofBytes = object instanceof PdfStream ? `stream ${hash('sha256', bytes, 'base64')}` : '';
  return hash('sha256', `${serialize(object)}${ofBytes}`, 'base64');
};

export class OutputFile {
  readonly #writer: FileWriter;
  /** SHA-256 of an object, with the bytes of its stream, to its number. */
  readonly #shared = new Map<string, number>();

  constructor(options: Omit<FileWriterOptions, 'size'>) {
    this.#writer = new FileWriter({ ...options, size: 1 });
  }

  reserve(): PdfRef {
    return new PdfRef(this.#writer.reserve());
  }

  /** Writes an object under a number that was reserved. `body`: the encoded bytes of a stream that was read from another file. */
  put({ number }: PdfRef, object: PdfObject, body?: Uint8Array): void {
    if (object instanceof PdfStream) this.#writer.object(number, object, body && new Uint8Array(body));
    else this.#writer.small(number, serialize(object));
  }

  add(object: PdfObject): PdfRef {
    const ref = this.reserve();
    this.put(ref, object);
    return ref;
  }

  /** Writes an object that nothing will change, unless there is an equal one. */
  share(object: PdfObject, body?: Uint8Array): PdfRef {
    const bytes = object instanceof PdfStream && object.data.kind === 'bytes' ? object.data.bytes : body;
    const key = digestOf(object, bytes);
    const known = this.#shared.get(key);
    if (known !== undefined) return new PdfRef(known);
    const ref = this.reserve();
    this.put(ref, object, body);
    if (this.#shared.size < MOST_SHARED) this.#shared.set(key, ref.number);
    return ref;
  }

  flush(): Generator<Uint8Array> {
    return this.#writer.flush();
  }

  finish(trailer: PdfDict): Uint8Array {
    return this.#writer.finish(trailer);
  }
}
