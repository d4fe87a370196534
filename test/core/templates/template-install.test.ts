import { readdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import { moveToBin, restoreFromBin, sweepBin } from '../../../core/templates/library/template-bin.ts';
import { installTemplate, sweepLeftovers } from '../../../core/templates/library/template-install.ts';
import { libraryWorld, zipOf, type LibraryWorld } from '../../support/template-folders.ts';
import { errorLog } from '../../support/template-rendering.ts';

const UUID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
let world: LibraryWorld;

beforeEach(async () => {
  world = await libraryWorld({ 'in-voice/template.html': 'old', 'in-voice/assets/a.png': 'png' });
});
afterEach(() => world.remove());

const html = (id = 'in-voice'): Promise<string> => readFile(join(world.folder, id, 'template.html'), 'utf8');

describe('after a crash', () => {
  it('while a template was being replaced, the old one is back in its place', async () => {
    await rename(join(world.folder, 'in-voice'), join(world.folder, `.old-in-voice-${UUID}`));
    await world.write(`.new-${UUID}/template.html`, 'half');
    await createTemplateLibrary({ folder: world.folder, logger: errorLog() }).seed(world.outside);
    expect(await readdir(world.folder)).toEqual(['in-voice']);
    expect(await html()).toBe('old');
    expect(await readdir(join(world.folder, 'in-voice/assets'))).toEqual(['a.png']);
  });

  it('behind the replacement, the new one stays and the old one goes', async () => {
    await world.write(`.old-in-voice-${UUID}/template.html`, 'older');
    await sweepLeftovers(world.folder);
    expect(await readdir(world.folder)).toEqual(['in-voice']);
    expect(await html()).toBe('old');
  });

  it('in the middle of a removal, half of a template is not taken for one', async () => {
    await world.write(`.removed-gone-${UUID}/template.html`, 'half');
    await sweepLeftovers(world.folder);
    expect(await readdir(world.folder)).toEqual(['in-voice']);
  });
});

it('puts the old template back when the new one cannot have its name', async () => {
  const files = function* () {
    yield { path: 'template.html', bytes: Buffer.from('new') };
    const [fresh] = readdirSync(world.folder).filter((name) => name.startsWith('.new-'));
    rmSync(join(world.folder, fresh ?? ''), { recursive: true });
  };
  await expect(installTemplate(world.folder, 'in-voice', files(), true)).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(await readdir(world.folder)).toEqual(['in-voice']);
  expect(await html()).toBe('old');
});

it('replaces a template and leaves nothing of the old one', async () => {
  const library = createTemplateLibrary({ folder: world.folder, logger: errorLog() });
  await library.importZip(await zipOf({ 'in-voice/template.html': 'new' }), { replace: true });
  expect(await readdir(world.folder)).toEqual(['in-voice']);
  expect(await readdir(join(world.folder, 'in-voice'))).toEqual(['template.html']);
});

describe('the bin', () => {
  const now = Date.UTC(2026, 0, 15);
  const DAY_MS = 86_400_000;

  it('gives a template back whole, under another name when its own is taken', async () => {
    const library = createTemplateLibrary({ folder: world.folder, logger: errorLog() });
    const binId = await moveToBin(world.folder, 'in-voice', now);
    expect(await library.list()).toEqual([]);
    await mkdir(join(world.folder, 'in-voice'));
    expect(await restoreFromBin(world.folder, binId)).toBe('in-voice-2');
    expect(await html('in-voice-2')).toBe('old');
  });

  it('is cleared of what lies there for longer than 30 days', async () => {
    const old = await moveToBin(world.folder, 'in-voice', now);
    await world.write('young/template.html', 'young');
    const young = await moveToBin(world.folder, 'young', now + DAY_MS);
    expect(await sweepBin(world.folder, now + 30 * DAY_MS)).toEqual([]);
    expect(await sweepBin(world.folder, now + 30 * DAY_MS + 1)).toEqual([old]);
    expect(await readdir(join(world.folder, '.bin'))).toEqual([young]);
  });

  for (const binId of ['..', '../in-voice', 'in-voice', '1736899200000-00000000-../../x', `${now}-zz-x`]) {
    it(`has nothing by the name ${JSON.stringify(binId)}`, async () => {
      await expect(restoreFromBin(world.folder, binId)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' });
      expect(await readdir(world.folder)).toEqual(['in-voice']);
    });
  }
});
