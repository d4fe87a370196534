import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileSecretStore } from '../../headless/secret-store.ts';
import { describeSecretStore, type SecretStoreWorld } from '../core/secret-store.contract.ts';

const createWorld = (key?: string) => (): SecretStoreWorld & { readonly folder: string } => {
  const root = mkdtempSync(path.join(tmpdir(), 'influxion-secrets-'));
  const folder = path.join(root, 'secrets');
  const files = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.secret'));
  return {
    folder,
    open: () => createFileSecretStore({ folder, ...(key !== undefined && { key }) }),
    bytesOnDisk: () => Buffer.concat(files().map((name) => readFileSync(path.join(folder, name)))),
    damage: (name) => {
      const file = path.join(folder, `${name}.secret`);
      const content = readFileSync(file);
      content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
      writeFileSync(file, content);
    },
    dispose: () => rmSync(root, { recursive: true }),
  };
};

describeSecretStore('the file store with a key file', createWorld());
describeSecretStore(
  'the file store with a key from the environment',
  createWorld(randomBytes(32).toString('base64')),
);

describe('the file secret store', () => {
  const secret = new TextEncoder().encode('secret');

  it('lets nobody else read key and secrets', async () => {
    const world = createWorld()();
    await world.open().set('one', secret);
    const modes = readdirSync(world.folder).map(
      (name) => statSync(path.join(world.folder, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o600]);
    chmodSync(path.join(world.folder, 'secret.key'), 0o644);
    await world.open().get('one');
    expect(statSync(path.join(world.folder, 'secret.key')).mode & 0o777).toBe(0o600);
    world.dispose();
  });

  it('leaves no temporary file behind', async () => {
    const world = createWorld()();
    const store = world.open();
    await Promise.all(Array.from({ length: 5 }, (_, at) => store.set(`s${at}`, secret)));
    expect(readdirSync(world.folder).filter((name) => name.includes('.tmp'))).toEqual([]);
    world.dispose();
  });

  it('does not open one secret under the name of another', async () => {
    const world = createWorld()();
    await world.open().set('low', secret);
    writeFileSync(
      path.join(world.folder, 'high.secret'),
      readFileSync(path.join(world.folder, 'low.secret')),
    );
    await expect(world.open().get('high')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    world.dispose();
  });

  it('says so when the key is another one', async () => {
    const world = createWorld()();
    await world.open().set('one', secret);
    writeFileSync(path.join(world.folder, 'secret.key'), randomBytes(32));
    await expect(world.open().get('one')).rejects.toThrow(/another key/);
    writeFileSync(path.join(world.folder, 'secret.key'), 'short');
    await expect(world.open().get('one')).rejects.toThrow(/damaged/);
    world.dispose();
  });

  it.each(['', 'short', 'z'.repeat(64), randomBytes(31).toString('base64')])(
    'refuses the key "%s" with what to do',
    async (key) => {
      const world = createWorld(key)();
      await expect(world.open().set('one', secret)).rejects.toMatchObject({
        details: { hint: expect.stringContaining('openssl rand') as string },
      });
      world.dispose();
    },
  );

  it('takes the same key in hexadecimal and base64', async () => {
    const key = randomBytes(32);
    const world = createWorld(key.toString('hex'))();
    await world.open().set('one', secret);
    const other = createFileSecretStore({ folder: world.folder, key: `${key.toString('base64')}\n` });
    expect(await other.get('one')).toEqual(Buffer.from(secret));
    expect(readdirSync(world.folder)).toEqual(['one.secret']);
    world.dispose();
  });

  it.each(['../x', 'a/b', '', 'A', '.', 'x'.repeat(200)])(
    'is not led out of its folder by "%s"',
    async (name) => {
      const world = createWorld()();
      await expect(world.open().get(name)).rejects.toThrow(/cannot name a secret/);
      world.dispose();
    },
  );
});
