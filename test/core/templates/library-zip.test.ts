import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import type { TemplateLibrary } from '../../../core/templates/template.ts';
import {
  libraryWorld,
  rawZip,
  zipOf,
  type LibraryWorld,
  type RawEntry,
} from '../../support/template-folders.ts';
import { errorLog } from '../../support/template-rendering.ts';

let world: LibraryWorld;
let library: TemplateLibrary;

beforeEach(async () => {
  world = await libraryWorld();
  library = createTemplateLibrary({ folder: world.folder, logger: errorLog() });
});
afterEach(() => world.remove());

const failure = async (outcome: Promise<unknown>): Promise<InfluxionError> => {
  const error: unknown = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (InfluxionError.is(error)) return error;
  throw new Error('it succeeded', { cause: error });
};

const entry = (name: string, content: string | Uint8Array = 'x', more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  content: Buffer.from(content),
  ...more,
});

describe('importing a zip', () => {
  it('takes one folder with a template, or its files alone', async () => {
    const inFolder = await zipOf({ 'My Invoice/template.html': 'a', 'My Invoice/assets/x.png': 'png' });
    expect(await library.importZip(inFolder, {})).toBe('my-invoice');
    expect((await library.load('my-invoice')).html).toBe('a');
    const flat = await zipOf({ 'template.html': 'b', '__MACOSX/._template.html': '', '.DS_Store': '' });
    expect(await library.importZip(flat, { name: 'flat' })).toBe('flat');
    expect((await failure(library.importZip(flat, {}))).message).toContain('needs a name');
    expect(await readdir(world.folder)).toEqual(['flat', 'my-invoice']);
  });

  it('replaces a template only when it is told to', async () => {
    const first = await zipOf({ 'a/template.html': '1', 'a/style.css': 'old' });
    const second = await zipOf({ 'a/template.html': '2' });
    await library.importZip(first, {});
    expect(await library.load('a')).toMatchObject({ html: '1', css: 'old' });
    expect((await failure(library.importZip(second, {}))).code).toBe('TEMPLATE_EXISTS');
    await library.importZip(second, { replace: true });
    expect(await library.load('a')).toMatchObject({ html: '2', css: undefined });
    expect(await readdir(world.folder)).toEqual(['a']);
  });

  it('gives one of two imports at the same time the name', async () => {
    const zip = await zipOf({ 'a/template.html': '1' });
    const outcomes = await Promise.allSettled([library.importZip(zip, {}), library.importZip(zip, {})]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(world.folder)).toEqual(['a']);
  });

  it('takes what it exported', async () => {
    const files = {
      'template.html': 'ä',
      'style.css': 'b',
      'influxion.json': '{"name":"N"}',
      'samples/a.json': '{}',
      'assets/x/y.png': '\x00\x01',
    };
    await library.importZip(await zipOf(files), { name: 'one' });
    const zip = await library.exportZip('one');
    expect(await library.importZip(zip, { name: 'two' })).toBe('two');
    expect({ ...(await library.describe('two')), id: '', updated_at: '' }).toEqual({
      ...(await library.describe('one')),
      id: '',
      updated_at: '',
    });
  });

  const html = entry('template.html');
  const BAD: Readonly<Record<string, () => Buffer>> = {
    'no zip at all': () => Buffer.from('<html>'),
    'an empty file': () => Buffer.alloc(0),
    'a cut zip': () => rawZip([html]).subarray(0, 40),
    'no template in it': () => rawZip([entry('readme.txt')]),
    'two folders': () => rawZip([entry('a/template.html'), entry('b/template.html')]),
    'a name that climbs': () => rawZip([html, entry('../evil.txt')]),
    'a name that climbs within': () => rawZip([html, entry('assets/../../evil.txt')]),
    'an absolute name': () => rawZip([html, entry('/etc/evil.txt')]),
    'a drive': () => rawZip([html, entry('C:/evil.txt')]),
    'a backslash': () => rawZip([html, entry('..\\evil.txt')]),
    'a NUL in a name': () => rawZip([html, entry('a\0b.txt')]),
    'a hidden file': () => rawZip([html, entry('.bashrc')]),
    'a hidden folder': () => rawZip([html, entry('.git/config')]),
    'a device': () => rawZip([html, entry('assets/con.txt')]),
    'a symbolic link': () => rawZip([html, entry('assets/link', '/etc/passwd', { mode: 0o120777 })]),
    'a pipe': () => rawZip([html, entry('assets/pipe', '', { mode: 0o010644 })]),
    'the same name twice': () => rawZip([html, entry('template.html')]),
    'names that differ in case only': () => rawZip([html, entry('Template.HTML')]),
    'an encrypted entry': () => rawZip([html, entry('a.png', 'x', { flags: 0x0801 })]),
    'a damaged entry': () => {
      const zip = rawZip([entry('template.html', 'x'.repeat(1000))]);
      zip.fill(0xff, 45, 50);
      return zip;
    },
    'more bytes than it says': () =>
      rawZip([html, entry('a.png', Buffer.alloc(100_000), { claimedSize: 10 })]),
    'fewer bytes than it says': () => rawZip([html, entry('a.png', 'x', { claimedSize: 100 })]),
    'a bomb': () => {
      const zeros = Buffer.alloc(60_000_000);
      return rawZip([html, ...['1', '2', '3', '4'].map((name) => entry(`assets/${name}.png`, zeros))]);
    },
    'too many files': () =>
      rawZip([html, ...Array.from({ length: 2_001 }, (_, n) => entry(`assets/${String(n)}.txt`))]),
    'too many folders in one another': () => rawZip([html, entry(`${'a/'.repeat(9)}x.png`)]),
    'a manifest that is wrong': () => rawZip([html, entry('influxion.json', '{"options":{"scale":9}}')]),
    'a template that is no text': () => rawZip([entry('template.html', Buffer.from([0xff, 0xff]))]),
  };
  for (const [what, zip] of Object.entries(BAD)) {
    it(`refuses ${what}, and leaves nothing behind`, async () => {
      expect((await failure(library.importZip(zip(), { name: 'bad' }))).code).toBe('TEMPLATE_INVALID');
      expect(await readdir(world.folder)).toEqual([]);
      expect(await readdir(world.outside)).toEqual(['templates']);
    });
  }

  for (const name of ['../x', 'A', 'a b', '', '.x', 'con', 'ä', 'x/y', 'a'.repeat(101)]) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const zip = await zipOf({ 'template.html': 'x' });
      expect((await failure(library.importZip(zip, { name }))).code).toBe('TEMPLATE_INVALID');
    });
  }

  it('proposes a name that can be used', async () => {
    const zip = await zipOf({ 'template.html': 'x' });
    expect((await failure(library.importZip(zip, { name: 'Rechnung Österreich' }))).details.hint).toContain(
      '"rechnung-osterreich"',
    );
  });
});
