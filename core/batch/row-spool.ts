/** The data of all rows of a batch, one after the other in one file, so that a table of any size takes no memory. */
import { open, type FileHandle } from 'node:fs/promises';

export interface SpoolPlace {
  /** Bytes from the beginning. */
  readonly at: number;
  readonly length: number;
}

export interface SpoolWriter extends AsyncDisposable {
  /** JSON texts in a row; where each of them came to lie. Written at `flush`. */
  add(json: string): SpoolPlace;
  flush(): Promise<void>;
  /** On the disk when it resolves. */
  sync(): Promise<void>;
}

/** Begins anew. */
export async function writeSpool(path: string): Promise<SpoolWriter> {
  const file = await open(path, 'w', 0o600);
  let parts: Buffer[] = [];
  let end = 0;
  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(parts);
    parts = [];
    if (bytes.length > 0) await file.appendFile(bytes);
  };
  return {
    add(json) {
      const bytes = Buffer.from(`${json}\n`);
      const place = { at: end, length: bytes.length - 1 };
      parts.push(bytes);
      end += bytes.length;
      return place;
    },
    flush,
    async sync() {
      await flush();
      await file.sync();
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

export interface SpoolReader extends AsyncDisposable {
  read(place: SpoolPlace): Promise<string>;
}

/** Opens the file with the first row that is read. */
export function readSpool(path: string): SpoolReader {
  let opened: Promise<FileHandle> | undefined;
  return {
    async read({ at, length }) {
      opened ??= open(path);
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await (await opened).read(buffer, 0, length, at);
      return buffer.toString('utf8', 0, bytesRead);
    },
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
