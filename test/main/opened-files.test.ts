import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesAmong, readOpenedFile } from '../../main/opened-files.ts';

describe('files that the system asks to open', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'influxion-opened-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are found among arguments and switches, from the folder they were named in', () => {
    const args = [
      '--user-data-dir=/x/y.zip',
      '/app',
      'letter.hbs',
      '/abs/Invoice.HTML',
      'notes.txt',
      '../t.zip',
    ];
    expect(filesAmong(args, '/home/ada')).toEqual([
      '/home/ada/letter.hbs',
      '/abs/Invoice.HTML',
      '/home/t.zip',
    ]);
  });

  it('come with their name and their bytes, without their folder', async () => {
    const file = path.join(folder, 'größe.hbs');
    await writeFile(file, '<p>x');
    expect(await readOpenedFile(file)).toEqual({
      type: 'file.opened',
      name: 'größe.hbs',
      bytes: new Uint8Array(Buffer.from('<p>x')),
    });
  });

  it('are refused in words when they are no template, not there, a folder, or far too large', async () => {
    await mkdir(path.join(folder, 'folder.zip'));
    await writeFile(path.join(folder, 'huge.zip'), '');
    await truncate(path.join(folder, 'huge.zip'), 65 * 2 ** 20);
    const refusal = (name: string): Promise<string> =>
      readOpenedFile(path.join(folder, name)).then(
        () => 'opened',
        (error: unknown) => (error as Error).message,
      );
    expect(await refusal('passwd')).toContain('no template');
    expect(await refusal('gone.hbs')).toContain('cannot be read');
    expect(await refusal('folder.zip')).toContain('not a file');
    expect(await refusal('huge.zip')).toContain('64 MB');
    for (const name of ['passwd', 'gone.hbs', 'huge.zip']) expect(await refusal(name)).not.toContain(folder);
  });
});
