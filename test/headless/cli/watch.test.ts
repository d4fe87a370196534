/** `influxion watch`: by itself, through the Influxion that runs, and as a folder that it watches from now on. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HotFile, HotFolder } from '../../../contract/hot-folder.ts';
import { cli, ServeProcess, startCli, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const PATIENCE = { timeout: 60_000, interval: 200 };

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const parse = <T>(text: string): T => JSON.parse(text) as T;

async function hotFolder(name: string): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(path);
  return realpath(path);
}

/** As a careful program does it. */
async function drop(path: string, name: string, data: object): Promise<void> {
  await writeFile(join(path, `${name}.part`), JSON.stringify(data));
  await rename(join(path, `${name}.part`), join(path, name));
}

describe('in the foreground', () => {
  it('makes documents of what is put in, prints each data file, and ends at Ctrl+C', async () => {
    const data = join(folder.path, 'own');
    const path = await hotFolder('orders');
    const child = startCli(['watch', path, '--template', 'letter', '--json'], { data });
    const closed = once(child, 'close');
    let log = '';
    let out = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await expect.poll(() => log, PATIENCE).toContain('Watching');
    await drop(path, 'ada.json', {});
    await drop(path, 'two.json', [{}, {}]);
    await expect.poll(() => out.split('\n').filter((line) => line !== '').length, PATIENCE).toBe(2);
    const told = out
      .trim()
      .split('\n')
      .map(parse<HotFile>);
    expect(told.map(({ state }) => state)).toEqual(['done', 'done']);
    expect((await readdir(join(path, 'out'))).sort()).toEqual(['ada.pdf', 'two-1.pdf', 'two-2.pdf']);
    expect((await readFile(join(path, 'out', 'ada.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
    expect((await readdir(join(path, 'done'))).sort()).toEqual(['ada.json', 'two.json']);
    child.kill('SIGINT');
    await closed;
    expect((await cli(['watch', 'list', '--json'], { data })).stdout.trim()).toBe('[]');
  });

  it('says what is missing', async () => {
    const data = join(folder.path, 'own');
    expect(await cli(['watch'], { data })).toMatchObject({ code: 2 });
    const path = await hotFolder('none');
    const noTemplate = await cli(['watch', 'add', path], { data });
    expect(noTemplate.stderr).toContain('--template');
    const unknown = await cli(['watch', 'add', path, '--template', 'nothing'], { data });
    expect(unknown).toMatchObject({ code: 1 });
    const relative = await cli(['watch', 'add', 'missing', '--template', 'letter'], {
      data,
      cwd: folder.path,
    });
    expect(relative.stderr).toContain('is not there');
  });
});

describe('for a host', () => {
  it('is added, listed, worked in once it runs, and removed', async () => {
    const data = join(folder.path, 'host');
    const path = await hotFolder('host-orders');
    const args = ['watch', 'add', path, '--template', 'letter', '--name', 'letter {{n}}.pdf', '--json'];
    const added = await cli(args, { data });
    expect(parse<HotFolder>(added.stdout)).toMatchObject({ folder: path, template_id: 'letter' });
    await drop(path, 'one.json', { n: 7 });
    const host = await ServeProcess.start({ data });
    const read = async (): Promise<string[]> => readdir(join(path, 'out'));
    await expect.poll(read, PATIENCE).toEqual(['letter 7.pdf']);
    const listed = await cli(['watch', 'list'], { data });
    expect(listed.stdout).toContain('watching');
    expect((await cli(['watch', 'remove', path], { data })).code).toBe(0);
    expect((await cli(['watch', 'list'], { data })).stderr).toContain('no hot folder yet');
    expect(await host.end()).toBe(0);
  });
});
