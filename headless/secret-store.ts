/**
 * The SecretStore of the Node host: one encrypted file a secret (AES-256-GCM) in the data folder, under a key from the
 * environment or from a key file that only the owner may read. The file is named in the authenticated data, so one
 * secret cannot be put in the place of another.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
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

export interface FileSecretStoreOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** `INFLUXION_SECRET_KEY`: 32 bytes in base64 or hexadecimal. Without it a key file is made in the folder. */
  readonly key?: string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = Buffer.from('IFXS1');
const KEY_FILE = 'secret.key';
const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;

const unusable = (message: string, cause?: unknown): InfluxionError =>
  new InfluxionError('DATA_FOLDER_UNUSABLE', message, {}, cause);

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Errors: DATA_FOLDER_UNUSABLE when a secret is damaged, the key is another, or others may read the key file. */
export function createFileSecretStore({ folder, key }: FileSecretStoreOptions): SecretStore {
  const syncFolder = createFolderSync(diskCalls);
  const instance = randomUUID();
  let opening: Promise<Buffer> | undefined;

  const fileOf = (name: string): string => {
    if (!NAME.test(name)) throw new Error(`"${name}" cannot name a secret`);
    return path.join(folder, `${name}.secret`);
  };

  const write = async (file: string, bytes: Uint8Array): Promise<void> => {
    try {
      const temporary = temporaryName(file, `${instance}.${randomUUID()}`);
      await writeDurably(file, bytes, { disk: diskCalls, syncFolder, temporary });
    } catch (error) {
      throw unusable('A secret could not be written to the data folder.', error);
    }
  };

  const openKeyFile = async (): Promise<Buffer> => {
    const file = path.join(folder, KEY_FILE);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const known = await readIfThere(file);
    if (known === undefined) {
      const fresh = randomBytes(KEY_BYTES);
      await write(file, fresh);
      return fresh;
    }
    if (known.length !== KEY_BYTES) throw unusable('The key file of the secrets is damaged.');
    await closeToOthers(file);
    return known;
  };

  const masterKey = (): Promise<Buffer> => {
    opening ??= (key === undefined ? openKeyFile() : openGivenKey(key, folder)).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  return {
    protection:
      key === undefined
        ? 'Encrypted with AES-256-GCM; the key is a file in the data folder that only its owner may read.'
        : 'Encrypted with AES-256-GCM under the key that INFLUXION_SECRET_KEY holds.',
    async get(name) {
      const sealed = await readIfThere(fileOf(name));
      return sealed && open(sealed, name, await masterKey());
    },
    async set(name, secret) {
      const file = fileOf(name);
      await write(file, seal(secret, name, await masterKey()));
    },
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

async function openGivenKey(key: string, folder: string): Promise<Buffer> {
  const text = key.trim();
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new InfluxionError(
      'DATA_FOLDER_UNUSABLE',
      'INFLUXION_SECRET_KEY is not 32 bytes in base64 or hexadecimal.',
      { hint: 'Make one with: openssl rand -base64 32' },
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return bytes;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unusable('A secret in the data folder could not be read.', error);
  }
}

/** A key that others could read is no secret. Windows has no such mode; its user folders are private. */
async function closeToOthers(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0) await chmod(file, 0o600);
}

/** A key for each secret, so that no nonce of one can ever meet that of another. */
const keyFor = (name: string, master: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', master, '', `influxion secret ${name}`, KEY_BYTES));

function seal(secret: Uint8Array, name: string, master: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyFor(name, master), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(name));
  return Buffer.concat([FORMAT, nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Buffer, name: string, master: Buffer): Uint8Array {
  const start = FORMAT.length + NONCE_BYTES;
  try {
    if (sealed.length < start + TAG_BYTES || !sealed.subarray(0, FORMAT.length).equals(FORMAT)) {
      throw new Error('not a sealed secret');
    }
    const nonce = sealed.subarray(FORMAT.length, start);
    const decipher = createDecipheriv(CIPHER, keyFor(name, master), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(start, -TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw unusable(
      'A secret in the data folder cannot be opened: it is damaged, or it was made with another key.',
      error,
    );
  }
}
