/** The log of the desktop app: one file, and the one before it. */
import { mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { destination, type DestinationStream } from 'pino';

const MOST_BYTES = 5 * 1024 * 1024;

/** Appends to `influxion.log` in the folder; a long one is first put aside. Stderr where it cannot be written. */
export function openLogFile(folder: string): DestinationStream {
  const file = path.join(folder, 'influxion.log');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES) renameSync(file, `${file}.1`);
    return destination({ dest: file, sync: true, mode: 0o600 });
  } catch {
    return destination({ dest: 2, sync: true });
  }
}
