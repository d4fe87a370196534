import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import type { LoadedTemplate, TemplateLibrary } from '../../../core/templates/template.ts';
import { libraryWorld, type LibraryWorld } from '../../support/template-folders.ts';
import { errorLog } from '../../support/template-rendering.ts';

const SAMPLES = join(import.meta.dirname, '../../../assets/samples');
const INVOICE = {
  'invoice/template.html': '<h1>{{title}}</h1>',
  'invoice/style.css': 'h1{color:red}',
  'invoice/influxion.json': '{"name":"Invoice","description":"d","options":{"page_size":"A5"}}',
  'invoice/partials/row.hbs': '<tr>',
  'invoice/partials/parts/deep.hbs': 'deep',
  'invoice/samples/one.json': '{"a":1}',
  'invoice/samples/two.json': '{}',
  'invoice/assets/img/logo.svg': '<svg/>',
  'invoice/fonts/x.woff2': 'font',
  'invoice/beside.png': 'png',
  'invoice/notes.txt': 'private',
};

let world: LibraryWorld;
let library: TemplateLibrary;

async function libraryWith(files: Readonly<Record<string, string>>): Promise<void> {
  world = await libraryWorld(files);
  library = createTemplateLibrary({ folder: world.folder, logger: errorLog() });
}

beforeEach(() => libraryWith(INVOICE));
afterEach(() => world.remove());

const failure = async (outcome: Promise<unknown>): Promise<InfluxionError> => {
  try {
    await outcome;
  } catch (error) {
    if (InfluxionError.is(error)) return error;
    throw error;
  }
  throw new Error('it succeeded');
};

const assetText = async (template: LoadedTemplate, path: string): Promise<string | undefined> => {
  const asset = await template.assets(path);
  return asset && Buffer.from(asset.bytes).toString();
};

describe('loading a template', () => {
  it('gives its texts, options and assets', async () => {
    const template = await library.load('invoice');
    expect(template).toMatchObject({
      id: 'invoice',
      html: '<h1>{{title}}</h1>',
      css: 'h1{color:red}',
      partials: { row: '<tr>', 'parts/deep': 'deep' },
      options: { page_size: 'A5' },
    });
    expect(await template.assets('assets/img/logo.svg')).toMatchObject({ mimeType: 'image/svg+xml' });
    expect(await template.assets('fonts/x.woff2')).toMatchObject({ mimeType: 'font/woff2' });
    expect(await assetText(template, 'beside.png')).toBe('png');
  });

  it('is the same object as long as nothing changes, so that compiled texts are found again', async () => {
    await settle();
    const first = await library.load('invoice');
    expect(await library.load('invoice')).toBe(first);
  });

  const CHANGES: Readonly<Record<string, () => Promise<unknown>>> = {
    'its HTML': () => world.write('invoice/template.html', '<h2>'),
    'a text of the same length': () => world.write('invoice/style.css', 'h1{color:tan}'),
    'a new partial': () => world.write('invoice/partials/new.hbs', 'x'),
    'a new partial in a folder': () => world.write('invoice/partials/parts/new.hbs', 'x'),
    'a changed partial': () => world.write('invoice/partials/parts/deep.hbs', 'DEEP'),
    'a deleted style sheet': () => rm(join(world.folder, 'invoice/style.css')),
    'changed options': () => world.write('invoice/influxion.json', '{"options":{"page_size":"A4"}}'),
  };
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`sees ${what} at once`, async () => {
      await settle();
      const before = await library.load('invoice');
      await change();
      const after = await library.load('invoice');
      expect({ ...after, assets: null }).not.toEqual({ ...before, assets: null });
    });
  }

  it('sees a change of the same length within the same tick of the clock', async () => {
    for (const color of ['tan', 'sky', 'ash', 'red', 'tan', 'sky']) {
      await world.write('invoice/style.css', `h1{color:${color}}`);
      expect((await library.load('invoice')).css).toContain(color);
      expect(await assetText(await library.load('invoice'), 'style.css')).toContain(color);
    }
  });

  it('sees changed and deleted assets', async () => {
    const template = await library.load('invoice');
    expect(await assetText(template, 'fonts/x.woff2')).toBe('font');
    await world.write('invoice/fonts/x.woff2', 'FONT');
    expect(await assetText(template, 'fonts/x.woff2')).toBe('FONT');
    await rm(join(world.folder, 'invoice/fonts/x.woff2'));
    expect(await assetText(template, 'fonts/x.woff2')).toBeUndefined();
  });

  it('names the nearest template when there is none', async () => {
    const error = await failure(library.load('invioce'));
    expect(error).toMatchObject({ code: 'TEMPLATE_NOT_FOUND', details: { hint: 'Did you mean "invoice"?' } });
    expect((await failure(library.load('Invoice'))).details.hint).toContain('"invoice"');
  });

  it('takes a byte order mark away', async () => {
    await world.write('invoice/template.html', '\uFEFF<p>');
    await world.write('invoice/influxion.json', '\uFEFF{"name":"N"}');
    expect((await library.load('invoice')).html).toBe('<p>');
    expect((await library.list())[0]).toMatchObject({ name: 'N', problem: null });
  });

  it('says what cannot be read', async () => {
    await world.write('invoice/template.html', Buffer.from([0xff, 0xfe, 0x41]));
    expect(await failure(library.load('invoice'))).toMatchObject({
      code: 'TEMPLATE_INVALID',
      message: '"template.html" is not UTF-8 text.',
    });
    await world.write('invoice/template.html', 'x'.repeat(16_000_001));
    expect((await failure(library.load('invoice'))).message).toContain('larger than 16 MB');
  });
});

describe('files by name', () => {
  it('come with what lies beside them', async () => {
    await world.write('letters/plain.html', 'plain');
    await world.write('letters/assets/a.png', 'a');
    await world.write('letters/shared.css', 'b{}');
    const template = await library.loadFile('letters/plain.html');
    expect(template).toMatchObject({ id: undefined, html: 'plain', css: undefined, options: {} });
    expect(await assetText(template, 'assets/a.png')).toBe('a');
    expect(await library.readCssFile('letters/shared.css')).toBe('b{}');
    expect(await library.readCss('invoice')).toBe('h1{color:red}');
    expect(await library.loadFile('invoice/template.html')).toMatchObject({
      id: undefined,
      css: 'h1{color:red}',
      options: { page_size: 'A5' },
    });
  });

  it('must be of their kind', async () => {
    for (const name of [
      'invoice/influxion.json',
      'invoice/samples/one.json',
      'invoice',
      'invoice/',
      'nothing.html',
    ]) {
      expect((await failure(library.loadFile(name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.readCssFile(name))).code).toBe('TEMPLATE_NOT_FOUND');
    }
    expect((await failure(library.loadFile('invoice/tmplate.html'))).details.hint).toBe(
      'Did you mean "invoice/template.html"?',
    );
    await rm(join(world.folder, 'invoice/style.css'));
    expect((await failure(library.readCss('invoice'))).code).toBe('TEMPLATE_NOT_FOUND');
  });
});

describe('names that lead elsewhere', () => {
  const NAMES = [
    '../secret.html',
    '../../etc/passwd',
    '/etc/passwd',
    'invoice/../../secret.html',
    'invoice/../invoice/template.html',
    '..',
    '.',
    '',
    './invoice/template.html',
    'invoice//template.html',
    'C:\\secret.html',
    'C:/secret.html',
    '..\\secret.html',
    'invoice\\template.html',
    'invoice/template.html\0.html',
    '%2e%2e/secret.html',
    '..%2fsecret.html',
    'invoice/.hidden.html',
    '.git/x.html',
    'invoice/template.html ',
    'invoice/template.html.',
    'con.html',
    '\\\\host\\share\\x.html',
    'file:///etc/x.html',
    'a'.repeat(600),
    '~/x.html',
    'invoice/template.html::$DATA',
  ];
  beforeEach(async () => {
    await writeFile(join(world.outside, 'secret.html'), 'SECRET');
    await writeFile(join(world.outside, 'secret.css'), 'SECRET');
    await writeFile(join(world.outside, 'secret.png'), 'SECRET');
    await world.write('invoice/.hidden.html', 'SECRET');
  });

  for (const name of NAMES) {
    it(`finds nothing by ${JSON.stringify(name.slice(0, 50))}`, async () => {
      expect((await failure(library.load(name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.loadFile(name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.readCssFile(name.replace('html', 'css')))).code).toBe(
        'TEMPLATE_NOT_FOUND',
      );
      expect((await failure(library.readCss(name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.describe(name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.exportZip(name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.readSample('invoice', name))).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await failure(library.remove(name))).code).toBe('TEMPLATE_NOT_FOUND');
      const template = await library.load('invoice');
      expect(await template.assets(name)).toBeUndefined();
      expect(await template.assets(`assets/${name}`)).toBeUndefined();
    });
  }

  it('are not shown to the page: sources, samples, the manifest, other files', async () => {
    const template = await library.load('invoice');
    for (const name of [
      'template.html',
      'influxion.json',
      'samples/one.json',
      'partials/row.hbs',
      'notes.txt',
      'assets',
      'fonts',
      '.hidden.png',
      'assets/../influxion.json',
    ]) {
      expect(await template.assets(name), name).toBeUndefined();
    }
  });

  it('are not followed through symbolic links', async () => {
    const { folder, outside } = world;
    await mkdir(join(outside, 'elsewhere/assets'), { recursive: true });
    await writeFile(join(outside, 'elsewhere/template.html'), 'SECRET');
    await symlink(join(outside, 'elsewhere'), join(folder, 'linked'));
    await symlink(join(outside, 'secret.html'), join(folder, 'invoice/linked.html'));
    await symlink(join(outside, 'secret.css'), join(folder, 'invoice/linked.css'));
    await symlink(join(outside, 'secret.png'), join(folder, 'invoice/assets/linked.png'));
    await symlink(outside, join(folder, 'invoice/assets/up'));
    await symlink(join(outside, 'secret.html'), join(folder, 'invoice/partials/linked.hbs'));
    await symlink('loop', join(folder, 'invoice/assets/loop'));
    expect((await failure(library.load('linked'))).code).toBe('TEMPLATE_NOT_FOUND');
    expect((await failure(library.describe('linked'))).code).toBe('TEMPLATE_NOT_FOUND');
    expect((await failure(library.loadFile('invoice/linked.html'))).code).toBe('TEMPLATE_NOT_FOUND');
    expect((await failure(library.readCssFile('invoice/linked.css'))).code).toBe('TEMPLATE_NOT_FOUND');
    const template = await library.load('invoice');
    expect(template.partials).not.toHaveProperty('linked');
    for (const name of ['assets/linked.png', 'assets/up/secret.png', 'assets/loop']) {
      expect(await template.assets(name), name).toBeUndefined();
    }
    expect((await library.list()).map(({ id }) => id)).toEqual(['invoice']);
    expect(Buffer.from(await library.exportZip('invoice')).toString('latin1')).not.toContain('linked');
  });

  it('are not followed when a link takes the place of what was read before', async () => {
    await settle();
    const template = await library.load('invoice');
    expect(await assetText(template, 'assets/img/logo.svg')).toBe('<svg/>');
    await mkdir(join(world.outside, 'img'));
    await writeFile(join(world.outside, 'img/logo.svg'), 'SECRET');
    await rename(join(world.folder, 'invoice/assets/img'), join(world.outside, 'old'));
    await symlink(join(world.outside, 'img'), join(world.folder, 'invoice/assets/img'));
    expect(await template.assets('assets/img/logo.svg')).toBeUndefined();
    await mkdir(join(world.outside, 'other'));
    await writeFile(join(world.outside, 'other/template.html'), 'SECRET');
    await rename(join(world.folder, 'invoice'), join(world.outside, 'moved'));
    await symlink(join(world.outside, 'other'), join(world.folder, 'invoice'));
    expect((await failure(library.load('invoice'))).code).toBe('TEMPLATE_NOT_FOUND');
  });

  it('do not wait for pipes', async () => {
    await promisify(execFile)('mkfifo', [
      join(world.folder, 'invoice/assets/pipe.png'),
      join(world.folder, 'invoice/pipe.html'),
    ]);
    expect(await (await library.load('invoice')).assets('assets/pipe.png')).toBeUndefined();
    expect((await failure(library.loadFile('invoice/pipe.html'))).code).toBe('TEMPLATE_NOT_FOUND');
  });

  it('may be links within the library', async () => {
    await mkdir(join(world.folder, 'shared'));
    await writeFile(join(world.folder, 'shared/logo.png'), 'shared');
    await symlink('../../shared/logo.png', join(world.folder, 'invoice/assets/logo.png'));
    expect(await assetText(await library.load('invoice'), 'assets/logo.png')).toBe('shared');
  });
});

describe('the list', () => {
  it('shows what is there and what is wrong with it', async () => {
    await world.write('bad-json/template.html', '');
    await world.write('bad-json/influxion.json', '{"name": }');
    await world.write('bad-options/template.html', '');
    await world.write('bad-options/influxion.json', '{"options": {"page_size": "A77"}}');
    await world.write('empty/influxion.json', '{"name":"E"}');
    await world.write('My Letter/template.html', '');
    await world.write('loose/other.html', '');
    await world.write('readme.txt', '');
    const list = await library.list();
    expect(list.map(({ id }) => id)).toEqual(['My Letter', 'bad-json', 'bad-options', 'empty', 'invoice']);
    const problems = Object.fromEntries(list.map(({ id, problem }) => [id, problem]));
    expect(problems['invoice']).toBeNull();
    expect(problems['My Letter']).toContain('cannot name a template');
    expect(problems['bad-json']).toMatch(/influxion\.json is not valid JSON/);
    expect(problems['bad-options']).toMatch(/influxion\.json is wrong at "options\.page_size"/);
    expect(problems['empty']).toContain('no template.html');
    expect(list.at(-1)).toMatchObject({ name: 'Invoice', description: 'd', samples: ['one', 'two'] });
    expect((await failure(library.load('bad-json'))).code).toBe('TEMPLATE_INVALID');
    expect(await library.describe('bad-json')).toMatchObject({ options: {}, problem: problems['bad-json'] });
  });

  it('carries the time of the last change in any file', async () => {
    const time = new Date('2031-02-03T04:05:06.000Z');
    await utimes(join(world.folder, 'invoice/assets/img/logo.svg'), time, time);
    expect((await library.list())[0]?.updated_at).toBe(time.toISOString());
  });

  it('describes one template wholly', async () => {
    expect(await library.describe('invoice')).toMatchObject({
      id: 'invoice',
      html: '<h1>{{title}}</h1>',
      css: 'h1{color:red}',
      options: { page_size: 'A5' },
      partials: ['parts/deep', 'row'],
      assets: [
        { path: 'assets/img/logo.svg', size: 6 },
        { path: 'fonts/x.woff2', size: 4 },
      ],
      samples: ['one', 'two'],
    });
  });

  it('reads samples and names the nearest', async () => {
    expect(await library.readSample('invoice', 'one')).toBe('{"a":1}');
    expect((await failure(library.readSample('invoice', 'onne'))).details.hint).toBe('Did you mean "one"?');
    expect((await failure(library.readSample('nope', 'one'))).code).toBe('TEMPLATE_NOT_FOUND');
  });
});

describe('removing and seeding', () => {
  it('removes a template, but only once and never what a link points to', async () => {
    await library.remove('invoice');
    expect(await readdir(world.folder)).toEqual([]);
    expect((await failure(library.remove('invoice'))).code).toBe('TEMPLATE_NOT_FOUND');
    await mkdir(join(world.outside, 'kept'));
    await writeFile(join(world.outside, 'kept/template.html'), 'kept');
    await symlink(join(world.outside, 'kept'), join(world.folder, 'link'));
    await library.remove('link');
    expect(await readdir(world.folder)).toEqual([]);
    expect(await readFile(join(world.outside, 'kept/template.html'), 'utf8')).toBe('kept');
  });

  it('copies the samples that ship with the product into an empty library, once', async () => {
    await library.remove('invoice');
    const ids = await library.seed(SAMPLES);
    expect(ids).toEqual(['certificate', 'invoice', 'labels', 'letter', 'report']);
    expect((await library.list()).map(({ id, problem }) => [id, problem])).toEqual(
      ids.map((id) => [id, null]),
    );
    await library.remove('report');
    expect(await library.seed(SAMPLES)).toEqual([]);
    expect(await library.list()).toHaveLength(4);
  });

  it('makes the folder, and clears away what a crash left in it', async () => {
    const fresh = createTemplateLibrary({ folder: join(world.outside, 'a/b'), logger: errorLog() });
    expect(await fresh.seed(SAMPLES)).toHaveLength(5);
    await world.write('.new-invoice-123/template.html', 'half');
    await library.seed(SAMPLES);
    expect(await readdir(world.folder)).toEqual(['invoice']);
  });
});

/** Until the files are older than a tick of the file system's clock; younger ones are read anew by design. */
async function settle(): Promise<void> {
  const old = new Date(Date.now() - 10_000);
  for (const path of Object.keys(INVOICE)) await utimes(join(world.folder, path), old, old);
  await new Promise((resolve) => setTimeout(resolve, 60));
}
