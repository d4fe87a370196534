/** `influxion key`: the same while a host owns the data folder and while none does. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeyFacts } from '../../../contract/key.ts';
import { cli, ServeProcess, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const FIXTURES = join(import.meta.dirname, '../../fixtures/keys');
const PASSPHRASE = 'pässwörd✓';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const parse = <T>(text: string): T => JSON.parse(text) as T;

describe.each([['while a host runs'], ['while none runs']])('%s', (when) => {
  const live = when === 'while a host runs';
  let data: string;
  let host: ServeProcess | undefined;
  beforeAll(async () => {
    data = join(folder.path, live ? 'live' : 'still');
    if (live) host = await ServeProcess.start({ data });
  });
  afterAll(async () => {
    expect(await host?.end()).toBe(live ? 0 : undefined);
  });

  it('makes, lists, exports and removes keys', async () => {
    const made = await cli(['key', 'create', 'own', '--type', 'ec', '--common-name', 'Ada', '--json'], {
      data,
    });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(parse<KeyFacts>(made.stdout)).toMatchObject({ id: 'own', curve: 'P-256', subject: 'CN=Ada' });
    const again = await cli(['key', 'create', 'own'], { data });
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/already a signing key/);

    const listed = await cli(['key', 'list'], { data });
    expect(listed.stdout).toMatch(/^ID .*\nown +EC P-256 /);
    expect(listed.stderr).toMatch(/warning: own: .*self-signed/);

    const out = join(folder.path, `${live ? 'live' : 'still'}.pem`);
    expect((await cli(['key', 'export', 'own', '-o', out], { data })).code).toBe(0);
    const printed = await cli(['key', 'export', 'own'], { data });
    expect(printed.stdout).toBe(await readFile(out, 'utf8'));
    expect(printed.stdout).toMatch(/^-----BEGIN CERTIFICATE-----\n[^P]/);

    expect((await cli(['key', 'remove', 'own'], { data })).code).toBe(0);
    expect(parse<KeyFacts[]>((await cli(['key', 'list', '--json'], { data })).stdout)).toEqual([]);
    const gone = await cli(['key', 'remove', 'own'], { data });
    expect(gone).toMatchObject({ code: 1, stdout: '' });
    expect(gone.stderr).toMatch(/no signing key named "own"/);
  });

  it('imports with a passphrase from a file or the environment, and keeps it nowhere', async () => {
    const file = join(FIXTURES, 'rsa-utf8.p12');
    const without = await cli(['key', 'import', file], { data });
    expect(without).toMatchObject({ code: 1, stdout: '' });
    expect(without.stderr).toMatch(/protected by a passphrase/);
    expect(without.stderr).toMatch(/--passphrase-file/);

    const secret = join(folder.path, 'passphrase');
    await writeFile(secret, `${PASSPHRASE}\n`);
    const fromFile = await cli(['key', 'import', file, '--passphrase-file', secret, '--json'], { data });
    expect(parse<KeyFacts>(fromFile.stdout)).toMatchObject({ id: 'rsa-utf8', chain: { length: 2 } });
    const env = { INFLUXION_KEY_PASSPHRASE: PASSPHRASE };
    const fromEnv = await cli(['key', 'import', file, '--id', 'sign-key-id'], { data, env });
    expect(fromEnv.code).toBe(0);
    expect(fromEnv.stdout).toMatch(/subject +CN=Zoë Müller/);

    for (const name of await readdir(data, { recursive: true })) {
      const bytes = await readFile(join(data, name)).catch(() => Buffer.alloc(0));
      expect(bytes.includes(PASSPHRASE), name).toBe(false);
    }
    expect([fromFile, fromEnv].map(({ stdout, stderr }) => stdout + stderr).join()).not.toContain(PASSPHRASE);
  });
});

it('puts PEM of several files together, from which no PKCS #12 can be made', async () => {
  const data = join(folder.path, 'several');
  const pem = await readFile(join(FIXTURES, 'rsa-any-order.pem'), 'utf8');
  const blocks = pem.match(/-----BEGIN [^]*?-----END [A-Z ]+-----\n/g) ?? [];
  const files = await Promise.all(
    blocks.map(async (block, index) => {
      const file = join(folder.path, `part-${index}.pem`);
      await writeFile(file, block);
      return file;
    }),
  );
  const { stdout } = await cli(['key', 'import', ...files, '--id', 'parts', '--json'], { data });
  expect(parse<KeyFacts>(stdout)).toMatchObject({ id: 'parts', chain: { length: 2 } });
  const wrong = await cli(['key', 'import', ...files, join(FIXTURES, 'rsa-aes.p12'), '--id', 'x'], { data });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/only PEM/);
});

it.each([
  [['key', 'import', 'x.p12', '--passphrase', 'secret'], /unknown option '--passphrase'/i],
  [['key', 'import', '-'], /needs a name/],
  [['key', 'create', 'x', '--size', '1024'], /Allowed choices are 2048, 3072, 4096/],
])('refuses %j as wrong usage', async (args, message) => {
  const { code, stderr } = await cli(args, { data: join(folder.path, 'usage') });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

it('shows examples', async () => {
  for (const name of ['create', 'import', 'list', 'export', 'remove']) {
    const { code, stdout } = await cli(['key', name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ influxion key ${name}`);
  }
});
