import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSafeSecretStore, secretWarning, type Keyring } from '../../main/safe-secret-store.ts';
import { describeSecretStore, type SecretStoreWorld } from '../core/secret-store.contract.ts';

/** As Electron's: authenticated, and now and then of a key that is to be replaced. */
class TestKeyring implements Keyring {
  readonly #key = randomBytes(32);
  isOld = false;
  encrypted = 0;
  encryptStringAsync(text: string): Promise<Buffer> {
    this.encrypted += 1;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Promise.resolve(Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]));
  }
  decryptStringAsync(bytes: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    const result = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString();
    return Promise.resolve({ result, shouldReEncrypt: this.isOld });
  }
}

const createWorld = (): SecretStoreWorld & { readonly folder: string; readonly keyring: TestKeyring } => {
  const root = mkdtempSync(path.join(tmpdir(), 'influxion-sealed-'));
  const folder = path.join(root, 'secrets');
  const keyring = new TestKeyring();
  return {
    folder,
    keyring,
    open: () => createSafeSecretStore({ folder, keyring }),
    bytesOnDisk: () =>
      Buffer.concat(readdirSync(folder).map((name) => readFileSync(path.join(folder, name)))),
    damage: (name) => {
      const file = path.join(folder, `${name}.sealed`);
      const content = readFileSync(file);
      content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
      writeFileSync(file, content);
    },
    dispose: () => rmSync(root, { recursive: true }),
  };
};

describeSecretStore('the store on the keyring of the system', createWorld);

describe('the store on the keyring of the system', () => {
  it('opens no secret in the place of another (a file that was renamed)', async () => {
    const world = createWorld();
    await world.open().set('one', new Uint8Array([1]));
    renameSync(path.join(world.folder, 'one.sealed'), path.join(world.folder, 'two.sealed'));
    await expect(world.open().get('two')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    world.dispose();
  });

  it('encrypts anew what the keyring calls old', async () => {
    const world = createWorld();
    await world.open().set('one', new Uint8Array([1, 2]));
    world.keyring.isOld = true;
    expect([...((await world.open().get('one')) ?? [])]).toEqual([1, 2]);
    expect(world.keyring.encrypted).toBe(2);
    world.dispose();
  });

  it('says so where the system has no keyring, and only there', () => {
    expect(secretWarning('linux', () => 'basic_text')).toContain('no keyring');
    expect(secretWarning('linux', () => 'gnome_libsecret')).toBeUndefined();
    expect(secretWarning('darwin', () => 'unknown')).toBeUndefined();
    const { folder, keyring } = createWorld();
    const warning = secretWarning('linux', () => 'basic_text');
    expect(createSafeSecretStore({ folder, keyring, warning }).protection).toBe(warning);
  });
});
