import { writeFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../../contract/studio/frame.ts';
import { studioRoutes } from '../../../contract/studio/table.ts';
import { faultyDisk } from '../../support/job-disk.ts';
import { workspaceWorld, type WorkspaceWorld } from '../../support/template-workspace-world.ts';

const FILES = {
  'invoice/template.html': '<h1>{{title}}</h1>',
  'invoice/style.css': 'h1 { color: red }',
  'invoice/print.css': 'h2 {}',
  'invoice/influxion.json': '{"name":"Invoice"}',
  'invoice/schema.json': '{}',
  'invoice/partials/parts/row.hbs': '<tr>',
  'invoice/samples/one.json': '{"title":"One"}',
  'invoice/assets/logo.svg': '<svg/>',
  'invoice/assets/more.css': 'p {}',
  'invoice/fonts/x.woff2': 'font',
  'invoice/seal.png': 'png',
  'invoice/notes.txt': 'private',
  'invoice/samples/deep/two.json': '{}',
};

const disk = faultyDisk();
let world: WorkspaceWorld;

beforeEach(async () => {
  world = await workspaceWorld({ files: FILES, disk: disk.calls });
});
afterEach(async () => {
  disk.mend();
  await world.close();
});

const file = async (path: string, id = 'invoice') => {
  const { files } = await world.call('templates.open', { id });
  return files.find((one) => one.path === path);
};
const revision = async (path: string): Promise<string> => (await file(path))?.revision ?? '';
const onDisk = (path: string): Promise<string> => readFile(join(world.folder, path), 'utf8');
const write = async (path: string, text: string): Promise<string> => {
  const base = (await file(path))?.revision ?? null;
  return (await world.call('templates.write', { id: 'invoice', path, text, base })).revision;
};

describe('opening a template', () => {
  it('tells each file by its kind, with the text of what is edited as text', async () => {
    const opened = await world.call('templates.open', { id: 'invoice' });
    expect(studioRoutes['templates.open'].output.parse(opened)).toEqual(opened);
    expect(opened.summary).toMatchObject({ id: 'invoice', name: 'Invoice', samples: ['one'], problem: null });
    expect(opened.files.map(({ path, kind, text }) => [path, kind, text !== null])).toEqual([
      ['assets/logo.svg', 'asset', false],
      ['assets/more.css', 'css', true],
      ['fonts/x.woff2', 'font', false],
      ['influxion.json', 'manifest', true],
      ['notes.txt', 'other', false],
      ['partials/parts/row.hbs', 'partial', true],
      ['print.css', 'css', true],
      ['samples/deep/two.json', 'other', false],
      ['samples/one.json', 'sample', true],
      ['schema.json', 'schema', true],
      ['seal.png', 'asset', false],
      ['style.css', 'css', true],
      ['template.html', 'html', true],
    ]);
  });

  it('gives the same revision until the content changes, and another one after', async () => {
    const svg = await revision('assets/logo.svg');
    expect(await revision('assets/logo.svg')).toBe(svg);
    await world.write('invoice/assets/logo.svg', '<SVG/>');
    expect(await revision('assets/logo.svg')).not.toBe(svg);
  });

  it('opens what is broken too, so that it can be mended', async () => {
    await rm(join(world.folder, 'invoice/template.html'));
    await writeFile(join(world.folder, 'invoice/style.css'), Buffer.from([0x66, 0xff]));
    const opened = await world.call('templates.open', { id: 'invoice' });
    expect(opened.summary.problem).toContain('template.html');
    expect(opened.files.find(({ path }) => path === 'style.css')).toMatchObject({
      text: null,
      problem: '"style.css" is not UTF-8 text.',
    });
  });

  it('leaves a sample of 40 MB to be read by itself, and lets others have their turn meanwhile', async () => {
    const large = Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(40_000_000, 0x61), Buffer.from('"}')]);
    await world.write('invoice/samples/large.json', large);
    let turns = 0;
    let isOpening = true;
    const counting = (async () => {
      while (isOpening) {
        turns++;
        await nextTurn();
      }
    })();
    const sample = await file('samples/large.json');
    isOpening = false;
    await counting;
    expect(sample).toMatchObject({ size: large.length, text: null });
    expect(turns).toBeGreaterThan(50);
    const { bytes, mime_type } = await world.call('templates.read_file', {
      id: 'invoice',
      path: 'samples/large.json',
    });
    expect(mime_type).toBe('application/json');
    expect(Buffer.compare(bytes, large)).toBe(0);
  });

  it('stops adding texts when they are too many together, the largest first', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await world.write(`invoice/samples/${name}.json`, `"${'x'.repeat(7_900_000)}"`);
    }
    const { files } = await world.call('templates.open', { id: 'invoice' });
    expect(files.filter(({ kind, text }) => kind === 'sample' && text === null)).toHaveLength(1);
    expect(files.find(({ path }) => path === 'template.html')?.text).toBe('<h1>{{title}}</h1>');
  });
});

describe('saving a text', () => {
  it('writes it, tells of it once and gives the revision that the next edit builds on', async () => {
    const first = await write('template.html', 'one');
    const { revision: second } = await world.call('templates.write', {
      id: 'invoice',
      path: 'template.html',
      text: 'two ä',
      base: first,
    });
    expect(await onDisk('invoice/template.html')).toBe('two ä');
    expect(await revision('template.html')).toBe(second);
    expect(world.told).toEqual(['invoice', 'invoice']);
  });

  it('refuses to overwrite what another program wrote meanwhile', async () => {
    const base = await revision('template.html');
    await world.write('invoice/template.html', 'theirs');
    const failed = await world.failure('templates.write', {
      id: 'invoice',
      path: 'template.html',
      text: 'mine',
      base,
    });
    expect(failed.code).toBe('TEMPLATE_CONFLICT');
    expect(await onDisk('invoice/template.html')).toBe('theirs');
  });

  it('refuses it also when the other program comes between the check and the rename', async () => {
    const base = await revision('template.html');
    const path = join(world.folder, 'invoice/template.html');
    disk.fail('never', (call) => {
      if (call === 'sync') writeFileSync(path, 'theirs');
      return false;
    });
    const failed = await world.failure('templates.write', {
      id: 'invoice',
      path: 'template.html',
      text: 'mine',
      base,
    });
    expect(failed.code).toBe('TEMPLATE_CONFLICT');
    expect(await onDisk('invoice/template.html')).toBe('theirs');
  });

  it('takes two windows that save at the same time one after the other', async () => {
    const base = await revision('template.html');
    const save = (text: string) =>
      world.call('templates.write', { id: 'invoice', path: 'template.html', text, base });
    const [first, second] = await Promise.allSettled([save('first'), save('second')]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    expect(await onDisk('invoice/template.html')).toBe('first');
  });

  it('is no conflict when the file already says the same', async () => {
    await world.write('invoice/template.html', 'same');
    const again = { id: 'invoice', path: 'template.html', text: 'same', base: 'something old' };
    expect((await world.call('templates.write', again)).revision).toBe(await revision('template.html'));
  });

  it('makes a new file only where there is none, and says so when one was deleted', async () => {
    const make = { id: 'invoice', path: 'partials/new/deep.hbs', text: 'x', base: null };
    await world.call('templates.write', make);
    expect(await onDisk('invoice/partials/new/deep.hbs')).toBe('x');
    const again = await world.failure('templates.write', { ...make, text: 'y' });
    expect(again.code).toBe('TEMPLATE_CONFLICT');
    const base = await revision('style.css');
    await rm(join(world.folder, 'invoice/style.css'));
    const failed = await world.failure('templates.write', {
      id: 'invoice',
      path: 'style.css',
      text: 'new',
      base,
    });
    expect([failed.code, failed.message]).toEqual([
      'TEMPLATE_CONFLICT',
      '"style.css" was renamed or deleted meanwhile.',
    ]);
  });

  it('keeps who may read the file, and gives a new one the usual rights', async () => {
    const mode = async (path: string) => (await stat(join(world.folder, path))).mode & 0o777;
    await chmod(join(world.folder, 'invoice/style.css'), 0o640);
    await write('style.css', 'b');
    await write('partials/new.hbs', 'c');
    expect(await mode('invoice/style.css')).toBe(0o640);
    expect(await mode('invoice/partials/new.hbs')).toBe(await mode('invoice/seal.png'));
  });
});

describe('other files', () => {
  it('puts, renames and removes images and fonts, and reads every kind', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    await world.call('templates.put_file', { id: 'invoice', path: 'assets/new/a.png', bytes });
    await world.call('templates.put_file', {
      id: 'invoice',
      path: 'assets/new/a.png',
      bytes: Buffer.from('again'),
    });
    await world.call('templates.rename_file', {
      id: 'invoice',
      path: 'assets/new/a.png',
      to: 'assets/b.png',
    });
    expect(await onDisk('invoice/assets/b.png')).toBe('again');
    const read = await world.call('templates.read_file', { id: 'invoice', path: 'assets/b.png' });
    expect(read.mime_type).toBe('image/png');
    await world.call('templates.remove_file', { id: 'invoice', path: 'assets/b.png' });
    expect(await file('assets/b.png')).toBeUndefined();
    const notes = await world.call('templates.read_file', { id: 'invoice', path: 'notes.txt' });
    expect(Buffer.from(notes.bytes).toString()).toBe('private');
  });

  it('gives bytes that no border mistakes for JSON', async () => {
    const read = await world.call('templates.read_file', { id: 'invoice', path: 'seal.png' });
    // A Buffer in their place would be written out number by number.
    expect(encodeFrame({ ok: true, data: read }).length).toBeLessThan(200);
    expect(Buffer.isBuffer(read.bytes)).toBe(false);
  });

  it('does not let a file take the place of another, or of another kind', async () => {
    const renaming = (path: string, to: string) =>
      world.failure('templates.rename_file', { id: 'invoice', path, to });
    expect((await renaming('print.css', 'style.css')).code).toBe('TEMPLATE_EXISTS');
    expect((await renaming('seal.png', 'partials/x.hbs')).code).toBe('TEMPLATE_INVALID');
    expect((await renaming('style.css', 'style.txt')).code).toBe('TEMPLATE_INVALID');
    expect((await renaming('template.html', 'partials/x.html')).message).toContain('cannot do without');
    expect((await renaming('nope.css', 'other.css')).code).toBe('TEMPLATE_NOT_FOUND');
  });

  it('leaves alone what it does not know', async () => {
    const id = 'invoice';
    const bytes = new Uint8Array(1);
    for (const failed of [
      await world.failure('templates.write', { id, path: 'notes.txt', text: '', base: null }),
      await world.failure('templates.put_file', { id, path: 'notes.txt', bytes }),
      await world.failure('templates.remove_file', { id, path: 'notes.txt' }),
      await world.failure('templates.write', { id, path: 'seal.png', text: '', base: null }),
      await world.failure('templates.put_file', { id, path: 'style.css', bytes: Buffer.from([0xff]) }),
      await world.failure('templates.remove_file', { id, path: 'template.html' }),
    ]) {
      expect(failed.code).toBe('TEMPLATE_INVALID');
    }
    expect(await onDisk('invoice/notes.txt')).toBe('private');
  });
});

describe('names that lead elsewhere', () => {
  const PATHS = [
    '../other/template.html',
    'partials/../../x.hbs',
    '/etc/passwd',
    'C:/x.css',
    'partials\\x.hbs',
    'partials//x.hbs',
    'partials/./x.hbs',
    '.git/config',
    'partials/.x.hbs',
    'assets/con.png',
    'assets/a\0.png',
    'assets/a .png/',
    `assets/${'x'.repeat(300)}.png`,
  ];
  for (const path of PATHS) {
    it(`refuses the path ${JSON.stringify(path.slice(0, 40))} everywhere`, async () => {
      const id = 'invoice';
      for (const failed of [
        await world.failure('templates.write', { id, path, text: 'x', base: null }),
        await world.failure('templates.put_file', { id, path, bytes: new Uint8Array(1) }),
        await world.failure('templates.read_file', { id, path }),
        await world.failure('templates.remove_file', { id, path }),
        await world.failure('templates.rename_file', { id, path, to: 'assets/x.png' }),
        await world.failure('templates.rename_file', { id, path: 'seal.png', to: path }),
      ]) {
        expect(failed.code).toBe('TEMPLATE_INVALID');
        expect(failed.message).not.toContain(world.outside);
      }
      expect(await readdir(world.outside)).toContain('templates');
      expect((await readdir(world.folder)).sort()).toEqual(['invoice']);
    });
  }

  for (const id of ['..', '.', '../templates/invoice', '.bin', 'invoice/assets', '/', 'x\0']) {
    it(`finds no template by the id ${JSON.stringify(id)}`, async () => {
      expect((await world.failure('templates.open', { id })).code).toBe('TEMPLATE_NOT_FOUND');
      const failed = await world.failure('templates.write', { id, path: 'style.css', text: '', base: null });
      expect(failed.code).toBe('TEMPLATE_NOT_FOUND');
      expect((await world.failure('templates.remove', { id })).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await world.failure('templates.duplicate', { id, name: 'x' })).code).toBe('TEMPLATE_NOT_FOUND');
      expect((await world.failure('templates.rename', { id, name: 'x' })).code).toBe('TEMPLATE_NOT_FOUND');
      expect(await readdir(world.folder)).toEqual(['invoice']);
    });
  }

  it('does not read or write through symbolic links', async () => {
    await mkdir(join(world.outside, 'secret'));
    await writeFile(join(world.outside, 'secret/x.hbs'), 'secret');
    await symlink(join(world.outside, 'secret'), join(world.folder, 'invoice/partials/out'));
    await symlink(join(world.outside, 'secret/x.hbs'), join(world.folder, 'invoice/partials/link.hbs'));
    const id = 'invoice';
    for (const path of ['partials/out/x.hbs', 'partials/link.hbs', 'partials/out/new.hbs']) {
      for (const failed of [
        await world.failure('templates.write', { id, path, text: 'x', base: null }),
        await world.failure('templates.put_file', { id, path, bytes: Buffer.from('x') }),
        await world.failure('templates.read_file', { id, path }),
        await world.failure('templates.remove_file', { id, path }),
        await world.failure('templates.rename_file', { id, path: 'partials/parts/row.hbs', to: path }),
      ]) {
        expect(failed.code).toBe('TEMPLATE_INVALID');
      }
    }
    await symlink(join(world.outside, 'secret'), join(world.folder, 'out'));
    expect((await world.failure('templates.open', { id: 'out' })).code).toBe('TEMPLATE_NOT_FOUND');
    expect((await world.call('templates.list', {})).templates.map((one) => one.id)).toEqual(['invoice']);
    expect(await readdir(join(world.outside, 'secret'))).toEqual(['x.hbs']);
    expect(await readFile(join(world.outside, 'secret/x.hbs'), 'utf8')).toBe('secret');
  });

  it('keeps names apart that only letter case tells apart, as many computers cannot', async () => {
    const id = 'invoice';
    const twice = await world.failure('templates.write', { id, path: 'Style.CSS', text: '', base: null });
    expect(twice.message).toBe(
      'There is "style.css" already, and "Style.CSS" would differ from it in letter case only.',
    );
    const folder = { id, path: 'Partials/x.hbs', bytes: new Uint8Array(1) };
    expect((await world.failure('templates.put_file', folder)).code).toBe('TEMPLATE_INVALID');
    const nested = { id, path: 'partials/Parts/new.hbs', text: '', base: null };
    expect((await world.failure('templates.write', nested)).code).toBe('TEMPLATE_INVALID');
    await world.call('templates.rename_file', { id, path: 'seal.png', to: 'Seal.png' });
    expect(await readdir(join(world.folder, 'invoice'))).toContain('Seal.png');
  });
});

describe('bad days', () => {
  it('says so when the template is deleted under the editor, and can bring it back', async () => {
    const base = await revision('template.html');
    await rm(join(world.folder, 'invoice'), { recursive: true });
    const saving = { id: 'invoice', path: 'template.html', text: 'mine', base };
    const failed = await world.failure('templates.write', saving);
    expect([failed.code, failed.details.hint]).toEqual([
      'TEMPLATE_NOT_FOUND',
      'It was renamed or deleted, perhaps by another program.',
    ]);
    expect(await readdir(world.folder)).toEqual([]);
  });

  it('says so when the whole library is gone', async () => {
    await rename(world.folder, join(world.outside, 'elsewhere'));
    const failed = await world.failure('templates.list', {});
    expect([failed.code, failed.message]).toEqual([
      'DATA_FOLDER_UNUSABLE',
      'The folder of the template library is gone.',
    ]);
    expect((await world.failure('templates.create', { name: 'x' })).code).toBe('DATA_FOLDER_UNUSABLE');
  });

  for (const call of ['open', 'write', 'sync', 'rename'] as const) {
    it(`keeps the old text when the disk is full at the ${call}`, async () => {
      const base = await revision('template.html');
      disk.fail('ENOSPC', (name) => name === call);
      const saving = { id: 'invoice', path: 'template.html', text: 'mine', base };
      expect((await world.failure('templates.write', saving)).code).toBe('DISK_FULL');
      expect(await onDisk('invoice/template.html')).toBe('<h1>{{title}}</h1>');
      expect(await readdir(world.folder)).toEqual(['invoice']);
      disk.mend();
      await world.call('templates.write', saving);
      expect(await onDisk('invoice/template.html')).toBe('mine');
    });
  }

  it('says so when another program keeps the file to itself', async () => {
    const base = await revision('template.html');
    disk.fail('EBUSY', (name) => name === 'rename');
    const failed = await world.failure('templates.write', {
      id: 'invoice',
      path: 'template.html',
      text: 'mine',
      base,
    });
    expect([failed.code, failed.message]).toEqual([
      'DATA_FOLDER_UNUSABLE',
      'Another program keeps a file of the template to itself.',
    ]);
  });

  it('has saved a text although the name of its file could not be synced', async () => {
    let syncs = 0;
    disk.fail('EIO', (name) => name === 'sync' && ++syncs === 2);
    await write('template.html', 'mine');
    expect(await onDisk('invoice/template.html')).toBe('mine');
    const warnings = world.log.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual(['The folder of a template could not be synced']);
  });

  it('says that a read-only folder cannot be written to, whatever is tried', async () => {
    const id = 'invoice';
    const base = await revision('template.html');
    const failures = await asReader(world.folder, async () => [
      await world.failure('templates.write', { id, path: 'template.html', text: 'mine', base }),
      await world.failure('templates.put_file', { id, path: 'assets/a.png', bytes: new Uint8Array(1) }),
      await world.failure('templates.remove_file', { id, path: 'style.css' }),
      await world.failure('templates.rename_file', { id, path: 'style.css', to: 'new.css' }),
      await world.failure('templates.create', { name: 'new' }),
      await world.failure('templates.duplicate', { id, name: 'new' }),
      await world.failure('templates.rename', { id, name: 'new' }),
      await world.failure('templates.remove', { id }),
    ]);
    for (const failed of failures) {
      expect([failed.code, failed.message]).toEqual([
        'DATA_FOLDER_UNUSABLE',
        'The data folder cannot be written to.',
      ]);
      expect(failed.details.hint).not.toContain(world.outside);
    }
    expect(await onDisk('invoice/template.html')).toBe('<h1>{{title}}</h1>');
    expect(await readdir(world.folder)).toEqual(['invoice']);
  });
});

/** Works as somebody who may read the folder but not write to it; root may write anywhere, so it is not root then. */
async function asReader<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const isRoot = process.geteuid?.() === 0;
  const change = async (mode: number): Promise<void> => {
    for (const name of ['', ...(await readdir(folder, { recursive: true }))]) {
      const path = join(folder, name);
      if ((await stat(path)).isDirectory()) await chmod(path, mode);
    }
  };
  await chmod(join(folder, '..'), 0o755);
  await change(0o555);
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
    await change(0o755);
  }
}
