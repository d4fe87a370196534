/** Template folders on disk, and zips as nobody should make them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync } from 'node:zlib';
import yazl from 'yazl';

export interface LibraryWorld {
  /** Holds the library and what lies beside it. */
  readonly outside: string;
  readonly folder: string;
  write(path: string, content: string | Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export async function libraryWorld(files: Readonly<Record<string, string>> = {}): Promise<LibraryWorld> {
  const outside = await mkdtemp(join(tmpdir(), 'influxion-library-'));
  const folder = join(outside, 'templates');
  await mkdir(folder);
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return { outside, folder, write, remove: () => rm(outside, { recursive: true, force: true }) };
}

export async function zipOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  mode = 0o100644,
): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const [path, content] of Object.entries(files))
    archive.addBuffer(Buffer.from(content), path, { mode });
  archive.end();
  return buffer(archive.outputStream);
}

export interface RawEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Upper half of the external attributes, as on Unix. */
  readonly mode?: number;
  /** What the zip says, when that is not the truth. */
  readonly claimedSize?: number;
  readonly flags?: number;
}

/** A zip written by hand (APPNOTE 4.3), because no library writes what these tests need. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, claimedSize = content.length, flags = 0x0800 } of entries) {
    const packed = deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedSize, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    parts.push(Buffer.from('PK\u0003\u0004'), common, nameBytes, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, tail, nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\u0005\u0006'), end]);
}
