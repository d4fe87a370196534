/**
 * The SecretStore of the desktop app: one file a secret, encrypted by the system's keyring through Electron's safeStorage.
 * The name is inside what is encrypted, so that one secret cannot be put in the place of another.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { InfluxionError } from '../core/error.ts';
import type { SecretStore } from '../core/ports.ts';
import {
  createFolderSync,
  diskCalls,
  removeIfThere,
  temporaryName,
  writeDurably,
} from '../core/store/durable-file.ts';

/** What is used of Electron's safeStorage. */
export interface Keyring {
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(bytes: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;

const unusable = (message: string, cause?: unknown): InfluxionError =>
  new InfluxionError('DATA_FOLDER_UNUSABLE', message, {}, cause);

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Errors: DATA_FOLDER_UNUSABLE when a secret is damaged, was made with another keyring, or cannot be written. */
export function createSafeSecretStore(options: {
  /** Made when it is not there. */
  readonly folder: string;
  readonly keyring: Keyring;
  /** What is wrong with the keyring of this system, if anything; see `secretWarning`. */
  readonly warning?: string | undefined;
}): SecretStore {
  const { folder, keyring, warning } = options;
  const syncFolder = createFolderSync(diskCalls);
  const instance = randomUUID();

  const fileOf = (name: string): string => {
    if (!NAME.test(name)) throw new Error(`"${name}" cannot name a secret`);
    return path.join(folder, `${name}.sealed`);
  };

  const write = async (name: string, secret: Uint8Array): Promise<void> => {
    const file = fileOf(name);
    // Random bytes beside it: equal secrets must not show, whatever the keyring does.
    const text = JSON.stringify({ salt: randomUUID(), name, secret: Buffer.from(secret).toString('base64') });
    try {
      const sealed = await keyring.encryptStringAsync(text);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = temporaryName(file, `${instance}.${randomUUID()}`);
      await writeDurably(file, sealed, { disk: diskCalls, syncFolder, temporary });
    } catch (error) {
      throw unusable('A secret could not be written to the data folder.', error);
    }
  };

  return {
    protection: warning ?? 'Encrypted by the keyring of this system for its user.',
    async get(name) {
      const sealed = await readIfThere(fileOf(name));
      if (sealed === undefined) return undefined;
      const { secret, isOld } = await open(keyring, sealed, name);
      if (isOld) await write(name, secret);
      return secret;
    },
    set: write,
    async delete(name) {
      const file = fileOf(name);
      try {
        await removeIfThere(diskCalls, file);
        await syncFolder(folder);
      } catch (error) {
        if (!isMissing(error)) throw unusable('A secret could not be deleted from the data folder.', error);
      }
    },
  };
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unusable('A secret in the data folder could not be read.', error);
  }
}

async function open(
  keyring: Keyring,
  sealed: Buffer,
  name: string,
): Promise<{ readonly secret: Uint8Array; readonly isOld: boolean }> {
  try {
    const { result, shouldReEncrypt } = await keyring.decryptStringAsync(sealed);
    const kept = JSON.parse(result) as { readonly name?: unknown; readonly secret?: unknown };
    if (kept.name !== name || typeof kept.secret !== 'string') throw new Error('it belongs to another name');
    return { secret: new Uint8Array(Buffer.from(kept.secret, 'base64')), isOld: shouldReEncrypt };
  } catch (error) {
    throw unusable(
      "A secret in the data folder cannot be opened: it is damaged, or it was made with another user's keyring.",
      error,
    );
  }
}

/** What a person should know about how secrets are kept here, or undefined when there is nothing to say. */
export function secretWarning(platform: NodeJS.Platform, backend: () => string): string | undefined {
  if (platform !== 'linux' || backend() !== 'basic_text') return undefined;
  return (
    'This system has no keyring, so keys in the data folder are only scrambled, not protected: whoever can read your ' +
    'files can use them. Install and unlock GNOME Keyring or KWallet, then start Influxion again.'
  );
}
