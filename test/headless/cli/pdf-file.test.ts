import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { refuseTerminal, writePdf } from '../../../headless/pdf-file.ts';
import { UsageError } from '../../../headless/usage-error.ts';
import { temporaryFolder } from '../../support/cli-run.ts';

const wasTerminal = process.stdout.isTTY;
afterEach(() => {
  process.stdout.isTTY = wasTerminal;
});

it('refuses to write a PDF to a terminal, but not to a pipe or a file', () => {
  process.stdout.isTTY = true;
  expect(() => {
    refuseTerminal('-');
  }).toThrow(UsageError);
  refuseTerminal('out.pdf');
  process.stdout.isTTY = false;
  refuseTerminal('-');
});

it('keeps the earlier file and leaves nothing else when the document breaks off half way', async () => {
  await using folder = await temporaryFolder();
  const target = join(folder.path, 'out.pdf');
  await writeFile(target, 'earlier');
  async function* broken(): AsyncIterable<Uint8Array> {
    yield await Promise.resolve(Buffer.from('%PDF-1.7 half'));
    throw new Error('the browser went away');
  }
  await expect(writePdf(target, broken())).rejects.toThrow('the browser went away');
  expect(await readFile(target, 'utf8')).toBe('earlier');
  expect(await readdir(folder.path)).toEqual(['out.pdf']);
});
