/** Reads the regular files of a small ustar archive (POSIX.1-1988 §10.1.1): all that the browser package uses. */
export interface TarFile {
  readonly name: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

const BLOCK = 512;

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

const octal = (header: Buffer, start: number, length: number): number =>
  Number.parseInt(text(header, start, length).trim() || '0', 8);

/** Files in order; folders and links are left out. Throws when the archive is cut off. */
export function* tarFiles(archive: Buffer): Generator<TarFile> {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    const name = text(header, 0, 100);
    if (name === '') return;
    const size = octal(header, 124, 12);
    const type = header.at(156);
    const start = at + BLOCK;
    if (start + size > archive.length) throw new Error(`The archive ends inside ${name}`);
    if (type === 0 || type === 0x30) {
      yield { name, mode: octal(header, 100, 8), bytes: archive.subarray(start, start + size) };
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
