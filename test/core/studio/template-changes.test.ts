import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workspaceWorld, type WorkspaceWorld } from '../../support/template-workspace-world.ts';

const FILES = {
  'one/template.html': 'one',
  'one/partials/deep/row.hbs': 'row',
  'two/template.html': 'two',
};

let world: WorkspaceWorld;

beforeEach(async () => {
  world = await workspaceWorld({ files: FILES });
});
afterEach(() => world.close());

const inLibrary = (...path: readonly string[]): string => join(world.folder, ...path);

describe('what other programs do to the library is told', () => {
  const CHANGES: Readonly<Record<string, () => Promise<unknown>>> = {
    'a changed text': () => writeFile(inLibrary('one/template.html'), 'changed'),
    'a new file': () => writeFile(inLibrary('one/style.css'), 'x'),
    'a file deep inside': () => writeFile(inLibrary('one/partials/deep/new.hbs'), 'x'),
    'a file in a new folder': async () => {
      await mkdir(inLibrary('one/assets/img'), { recursive: true });
      await writeFile(inLibrary('one/assets/img/a.png'), 'x');
    },
    'a deleted file': () => rm(inLibrary('one/partials'), { recursive: true }),
    'a file that got another name': () =>
      rename(inLibrary('one/partials/deep/row.hbs'), inLibrary('one/partials/deep/line.hbs')),
    'a save through a temporary file': async () => {
      await writeFile(inLibrary('one/template.html~'), 'saved');
      await rename(inLibrary('one/template.html~'), inLibrary('one/template.html'));
    },
    'a folder in the place of the old one': async () => {
      await cp(inLibrary('one'), join(world.outside, 'one'), { recursive: true });
      await writeFile(join(world.outside, 'one/template.html'), 'other');
      await rm(inLibrary('one'), { recursive: true });
      await rename(join(world.outside, 'one'), inLibrary('one'));
    },
  };
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`${what}, by the id of its template`, async () => {
      await world.call('templates.open', { id: 'one' });
      const heard = world.hears('one');
      await change();
      await heard;
    });
  }

  it('with the paths of what came, went or changed, and of nothing else', async () => {
    await world.call('templates.open', { id: 'one' });
    let heard = world.hears('one');
    await writeFile(inLibrary('one/style.css'), 'x');
    expect(await heard).toEqual(['style.css']);
    heard = world.hears('one');
    await world.call('templates.put_file', { id: 'one', path: 'assets/a.png', bytes: new Uint8Array([1]) });
    expect(await heard).toEqual(['assets/a.png']);
    heard = world.hears('one');
    await rename(inLibrary('one/partials/deep/row.hbs'), inLibrary('one/partials/deep/line.hbs'));
    expect([...(await heard)].sort()).toEqual(['partials/deep/line.hbs', 'partials/deep/row.hbs']);
  });

  it('goes on after a folder was exchanged', async () => {
    let heard = world.hears('one');
    await rename(inLibrary('one'), join(world.outside, 'old'));
    await cp(join(world.outside, 'old'), inLibrary('one'), { recursive: true });
    await writeFile(inLibrary('one/style.css'), 'x');
    await heard;
    heard = world.hears('one');
    await writeFile(inLibrary('one/template.html'), 'after');
    await heard;
  });

  it('as the list when templates come and go', async () => {
    let heard = world.hears(null);
    await mkdir(inLibrary('three'));
    await heard;
    heard = world.hears(null);
    await rm(inLibrary('two'), { recursive: true });
    await heard;
  });

  it('in a library folder that is a symbolic link, too', async () => {
    const list = world.hears(null);
    await rename(world.folder, join(world.outside, 'real'));
    await mkdir(join(world.outside, 'real/new'));
    await symlink(join(world.outside, 'real'), world.folder);
    await list;
    await world.restart();
    const heard = world.hears('one');
    await writeFile(inLibrary('one/template.html'), 'changed');
    await heard;
  });

  it('goes on when the whole library folder is exchanged', async () => {
    const heard = world.hears(null);
    await rename(world.folder, join(world.outside, 'old'));
    await mkdir(world.folder);
    await world.write('new/template.html', 'new');
    await heard;
    const changed = world.hears('new');
    await world.write('new/template.html', 'newer');
    await changed;
  });
});

describe('what was done here', () => {
  it('is told at once, and only once', async () => {
    const { files } = await world.call('templates.open', { id: 'one' });
    const base = files.find(({ path }) => path === 'template.html')?.revision ?? null;
    await world.call('templates.write', { id: 'one', path: 'template.html', text: 'new', base });
    await world.call('templates.write', { id: 'one', path: 'style.css', text: 'new', base: null });
    await world.call('templates.create', { name: 'Three' });
    expect(world.told).toEqual(['one', 'one', null]);
    // What another program does later comes after all that the system had to say of the above.
    const heard = world.hears('two');
    await writeFile(inLibrary('two/template.html'), 'changed');
    await heard;
    expect(world.told).toEqual(['one', 'one', null, 'two']);
  });
});

it('lets the process end once it is closed', async () => {
  const script = `
    import { openDatabase } from './core/store/sqlite.ts';
    import { StudioEventHub } from './core/studio/event-hub.ts';
    import { openTemplateWorkspace } from './core/studio/template-workspace.ts';
    import { createTemplateLibrary } from './core/templates/library.ts';
    const quiet = () => {};
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => logger };
    const folder = ${JSON.stringify(world.folder)};
    const db = openDatabase(${JSON.stringify(join(world.outside, 'other.db'))}, { logger });
    const clock = { now: Date.now, monotonic: () => performance.now() };
    const library = createTemplateLibrary({ folder, logger });
    const workspace = openTemplateWorkspace({ library, folder, db, events: new StudioEventHub(), clock, logger });
    await workspace.ready;
    await workspace.close();
    db.close();
    console.log('closed');
  `;
  const root = join(import.meta.dirname, '../../..');
  const node = promisify(execFile);
  const { stdout } = await node(process.execPath, ['--input-type=module-typescript', '-e', script], {
    cwd: root,
    timeout: 20_000,
  });
  expect(stdout).toBe('closed\n');
});
