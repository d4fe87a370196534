/** The host starts itself anew with settings of the allocator: a supervisor must see the same process, a program the same call. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const MODULE = pathToFileURL(path.join(import.meta.dirname, '../../headless/return-freed-memory.ts')).href;
const PROGRAM = `
  const { returnFreedMemory } = await import(${JSON.stringify(MODULE)});
  returnFreedMemory();
  const { MALLOC_ARENA_MAX: arenas, MALLOC_TRIM_THRESHOLD_: trim, KEPT: kept } = process.env;
  console.log(JSON.stringify({ pid: process.pid, words: process.argv.slice(1), flags: process.execArgv, arenas, trim, kept }));
`;

async function startedWith(
  environment: NodeJS.ProcessEnv,
): Promise<{ pid: number | undefined; said: unknown }> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MALLOC_'));
  const flags = ['--no-deprecation', '--input-type=module', '--eval', PROGRAM];
  const child = spawn(process.execPath, [...flags, '--', 'serve', 'a b'], {
    env: { ...Object.fromEntries(own), KEPT: 'yes', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { pid: child.pid, said: JSON.parse(said) };
}

describe.runIf(process.platform === 'linux')('a host that starts', () => {
  it('is the same process with the same words and flags, and with the settings', async () => {
    const { pid, said } = await startedWith({});
    expect(said).toMatchObject({ pid, words: ['serve', 'a b'], arenas: '2', trim: '131072', kept: 'yes' });
    expect(said).toHaveProperty('flags', expect.arrayContaining(['--no-deprecation']));
  });

  it('leaves alone what somebody has chosen', async () => {
    const { said } = await startedWith({ MALLOC_ARENA_MAX: '5' });
    expect(said).toMatchObject({ arenas: '5' });
    expect(said).not.toHaveProperty('trim');
  });
});
