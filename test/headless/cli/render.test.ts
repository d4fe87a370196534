/** `influxion render` as a user types it, with a real browser. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cli, finished, startCli, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const SAMPLE = join(import.meta.dirname, '../../../assets/samples/certificate/samples/workshop.json');

let serial = 0;
/** A working folder of its own with these files. */
async function project(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const cwd = join(folder.path, String((serial += 1)));
  await mkdir(cwd);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), content);
  }
  return cwd;
}

const isPdf = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 5)).toString() === '%PDF-';
const boxes = (pdf: Buffer): string[] => pdf.toString('latin1').match(/\/MediaBox\s*\[[^\]]+\]/g) ?? [];

describe('a document', () => {
  it('is written whole, with its data, and says so on stderr alone', async () => {
    const cwd = await project({
      'hello.html': '<p>Hello {{name}}</p>',
      'data.json': '\ufeff{"name": "Ada"}',
    });
    const { code, stdout, stderr } = await cli(['render', 'hello.html', '-d', 'data.json', '-o', 'out.pdf'], {
      cwd,
    });
    expect(stderr).toMatch(/Wrote out\.pdf, [\d.]+ [kM]?B, in \d+ ms\./);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(isPdf(await readFile(join(cwd, 'out.pdf')))).toBe(true);
    expect((await readdir(cwd)).sort(), 'no temporary file is left').toEqual([
      'data.json',
      'hello.html',
      'out.pdf',
    ]);
  });

  it('takes its data from stdin and goes to stdout byte for byte, with nothing else', async () => {
    const cwd = await project({ 'a.html': '<p>{{n}}</p>' });
    const child = startCli(['render', 'a.html', '-d', '-', '-o', '-', '--quiet'], { cwd });
    child.stdin.end('{"n": 1}');
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(child, 'close');
    const pdf = Buffer.concat(chunks);
    expect(child.exitCode).toBe(0);
    expect(isPdf(pdf)).toBe(true);
    expect(pdf.subarray(-10).toString()).toContain('%%EOF');
  });

  it('takes the folder of a template: its style sheet, partials and images', async () => {
    const cwd = await project({
      'letter/template.html': '<img src="assets/dot.svg">{{> greeting}}<p class="wide">x</p>',
      'letter/style.css': '@page { size: 100mm 50mm }',
      'letter/partials/greeting.hbs': '<p>Dear {{name}}</p>',
      'letter/assets/dot.svg':
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="9"/></svg>',
    });
    const { code, stderr } = await cli(['render', 'letter'], { cwd });
    expect(stderr).not.toMatch(/warning/);
    expect(code).toBe(0);
    const pdf = await readFile(join(cwd, 'letter.pdf'));
    expect(boxes(pdf)[0]).toMatch(/ 28[23]\.\d+ 14[12]\.\d+/);
  });

  it('obeys flags over the options file, and both over the template', async () => {
    const cwd = await project({
      'a.html': '<p>x</p>',
      'options.json': '{"page_size": "A5", "landscape": true}',
    });
    const { code, stderr } = await cli(
      ['render', 'a.html', '--options', 'options.json', '--page-size', '50mmx60mm', '--margin', '5mm 4mm'],
      { cwd },
    );
    expect(stderr).toMatch(/Wrote a\.pdf/);
    expect(code).toBe(0);
    expect(boxes(await readFile(join(cwd, 'a.pdf')))[0]).toMatch(/ 17[01]\.\d+ 14[12]\.\d+/);
  });

  it('comes from a shipped sample by its name, without a data folder', async () => {
    const cwd = await project({});
    const { code, stderr } = await cli(['render', 'certificate', '-d', SAMPLE, '-o', 'out.pdf'], {
      cwd,
      data: join(cwd, 'no-data-folder'),
    });
    expect(stderr).toMatch(/Wrote out\.pdf/);
    expect(code).toBe(0);
    expect(await readdir(cwd)).toEqual(['out.pdf']);
  });

  it('replaces the file behind a symbolic link, and a device stays a device', async () => {
    const cwd = await project({ 'a.html': '<p>x</p>', 'real.pdf': 'old' });
    await symlink('real.pdf', join(cwd, 'link.pdf'));
    expect((await cli(['render', 'a.html', '-o', 'link.pdf'], { cwd })).code).toBe(0);
    expect(isPdf(await readFile(join(cwd, 'real.pdf')))).toBe(true);
    expect((await cli(['render', 'a.html', '-o', '/dev/null'], { cwd })).code).toBe(0);
    expect((await readFile('/dev/null')).length).toBe(0);
  });

  it('warns about what was left out, on stderr', async () => {
    const cwd = await project({ 'a.html': '<img src="missing.png"><script>1</script>x' });
    const { code, stderr } = await cli(['render', 'a.html'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*missing\.png/);
  });
});

// Each: exit code 1, one clear sentence with the place, no stack, no output file, no temporary file.
describe('what is wrong is said with its place', () => {
  it.each([
    [
      'an unknown helper',
      { 'a.html': '<p>1</p>\n<p>{{curency total}}</p>' },
      [],
      [/a\.html:2:\d+/, / 2 \| <p>\{\{curency total\}\}<\/p>/, /\^/, /currency/],
    ],
    ['a mistake in a template', { 'a.html': '{{#if x}}\n<p>{{/each}}' }, [], [/a\.html:2/]],
    ['an unknown partial', { 'a.html': '{{> footr}}', 'partials/footer.hbs': 'x' }, [], [/footr/, /footer/]],
    [
      'a mistake in a partial',
      { 'a.html': '{{> foot}}', 'partials/foot.hbs': 'a\nb {{' },
      [],
      [/partials\/foot\.hbs:2/],
    ],
    [
      'a mistake in the CSS file',
      { 'a.html': 'x', 'b.css': 'a\n{{nope 1}}' },
      ['--css', 'b.css'],
      [/b\.css:2/],
    ],
    [
      'wrong data',
      { 'a.html': 'x', 'd.json': '{\n  "a": 1,\n  "b": NaN\n}' },
      ['-d', 'd.json'],
      [/not valid JSON/, /d\.json:3:8/, /3 \| {3}"b": NaN/, /\| {8}\^/],
    ],
    [
      'data cut short',
      { 'a.html': 'x', 'd.json': '{"a": [1, 2' },
      ['-d', 'd.json'],
      [/d\.json:1:12/, /ends where/],
    ],
    [
      'data that is no text',
      { 'a.html': 'x', 'd.json': new Uint8Array([0xff, 0xfe, 0x7b]) },
      ['-d', 'd.json'],
      [/not UTF-8/],
    ],
    ['missing data', { 'a.html': 'x' }, ['-d', 'nope.json'], [/no data at nope\.json/]],
    ['a missing style sheet', { 'a.html': 'x' }, ['--css', 'nope.css'], [/no style sheet at nope\.css/]],
    ['a missing field, when strict', { 'a.html': '{{customer.name}}' }, ['--strict'], [/customer/]],
    [
      'an unknown option in the file',
      { 'a.html': 'x', 'o.json': '{"paper": "A4"}' },
      ['--options', 'o.json'],
      [/o\.json/, /paper/],
    ],
    ['a page that is not there', { 'a.html': 'x' }, ['--pages', '7'], [/page/i]],
    ['a folder that is not there', { 'a.html': 'x' }, ['-o', 'no/such/out.pdf'], [/no folder no\/such/]],
    ['a folder in the way', { 'a.html': 'x', 'sub/x': '' }, ['-o', 'sub'], [/sub is a folder/]],
    ['a browser that is not there', { 'a.html': 'x' }, ['--browser', '/no/such/chrome'], [/browser/i]],
  ] as [string, Record<string, string | Uint8Array>, string[], RegExp[]][])(
    '%s',
    async (_, files, args, said) => {
      const cwd = await project(files);
      const { code, stdout, stderr } = await cli(['render', 'a.html', ...args], { cwd });
      for (const words of said) expect(stderr).toMatch(words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: /m);
      expect(stderr).not.toMatch(/^\s+at .+:\d+/m);
      const left = await readdir(cwd);
      expect(left.filter((name) => /\.pdf|\.part/.test(name))).toEqual([]);
    },
  );

  it('says where keys are looked for when there is no data folder, and makes none', async () => {
    const cwd = await project({ 'a.html': 'x' });
    const { code, stderr } = await cli(['render', 'a.html', '--sign', 'k1'], {
      cwd,
      data: join(cwd, 'none'),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no data folder/);
    expect(await readdir(cwd)).toEqual(['a.html']);
  });

  it('suggests the file that was meant', async () => {
    const cwd = await project({ 'invoice-de.html': 'x' });
    const { code, stderr } = await cli(['render', 'invoce-de.html'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/no template at invoce-de\.html/);
    expect(stderr).toMatch(/Did you mean invoice-de\.html\?/);
  });

  it('shows the stack only when asked', async () => {
    const cwd = await project({ 'a.html': '{{nope 1}}' });
    expect((await cli(['render', 'a.html', '--verbose'], { cwd })).stderr).toMatch(/^\s+at .+/m);
    expect((await cli(['render', 'a.html'], { cwd, env: { INFLUXION_DEBUG: '1' } })).stderr).toMatch(
      /^\s+at .+/m,
    );
  });
});

describe('an end before the end', () => {
  it('a reader that goes away ends it without a word and without a browser left', async () => {
    const cwd = await project({ 'a.html': `<p>${'long text '.repeat(200_000)}</p>` });
    const child = startCli(['render', 'a.html', '-o', '-', '--quiet'], { cwd });
    child.stdin.end();
    child.stdout.once('data', () => child.stdout.destroy());
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, 'exit');
    expect({ code: child.exitCode, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('Ctrl+C leaves no file and dies of the signal, so that a shell loop stops', async () => {
    const cwd = await project({ 'a.html': '<script>for (;;) {}</script>' });
    const child = startCli(['render', 'a.html', '--scripts'], { cwd });
    child.stdin.end();
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('Printing')) child.kill('SIGINT');
    });
    const { signal, stderr } = await finished(child);
    expect(signal).toBe('SIGINT');
    expect(stderr).not.toMatch(/error/);
    expect(await readdir(cwd)).toEqual(['a.html']);
  });
});
