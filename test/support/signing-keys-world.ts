/** The signing keys over real SQLite and the secret store of the Node host. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSigningKeys, type SigningKeys } from '../../core/pdf/signing/keys/signing-keys.ts';
import type { Db } from '../../core/store/db.ts';
import { openDatabase } from '../../core/store/sqlite.ts';
import { createFileSecretStore } from '../../headless/secret-store.ts';
import { recordingLogger, type LogRecord } from './http-logger.ts';
import { MovableClock } from './http-world.ts';

export interface SigningKeysWorld extends Disposable {
  readonly folder: string;
  readonly db: Db;
  readonly clock: MovableClock;
  readonly keys: SigningKeys;
  readonly log: LogRecord[];
  /** The same folder as the next process sees it; with another key of the secrets if one is given. */
  reopen(secretKey?: string): SigningKeys;
  /** Every byte that lies in the data folder. */
  everything(): Buffer;
}

export function openSigningKeysWorld(): SigningKeysWorld {
  const folder = mkdtempSync(path.join(tmpdir(), 'influxion-keys-'));
  const log: LogRecord[] = [];
  const db = openDatabase(path.join(folder, 'influxion.db'), { logger: recordingLogger(log) });
  const clock = new MovableClock();
  const secretsFolder = path.join(folder, 'secrets');
  const opened: SigningKeys[] = [];
  const reopen = (secretKey?: string): SigningKeys => {
    const secrets = createFileSecretStore({
      folder: secretsFolder,
      ...(secretKey !== undefined && { key: secretKey }),
    });
    const keys = createSigningKeys({ db, secrets, clock });
    opened.push(keys);
    return keys;
  };
  return {
    folder,
    db,
    clock,
    log,
    keys: reopen(),
    reopen,
    everything: () =>
      Buffer.concat(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(path.join(entry.parentPath, entry.name))),
      ),
    [Symbol.dispose]() {
      for (const keys of opened) keys.close();
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}
