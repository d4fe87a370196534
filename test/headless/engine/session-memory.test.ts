import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { killGroup } from '../../../headless/engine/leftovers.ts';
import { watchSessionMemory } from '../../../headless/engine/session-memory.ts';

const MEGABYTES = 1024 * 1024;
/** Starts a process that holds 100 MB for each line it is sent, and says when that is so. */
const LEADER = `
const { spawn } = require('node:child_process');
const CHILD = "const held = Buffer.alloc(100 * 1024 * 1024, 1); console.log(held.length); setInterval(() => held, 1000)";
require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
  spawn(process.execPath, ['-e', CHILD], { stdio: ['ignore', 'inherit', 'ignore'] });
});
console.log('ready');
`;

let leader: ChildProcess | undefined;
afterEach(() => {
  if (leader?.pid !== undefined) killGroup(leader.pid);
});

it.runIf(process.platform === 'linux')(
  'counts a process that began after the first look (a renderer that grows without a limit)',
  async () => {
    const child = spawn(process.execPath, ['-e', LEADER], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    leader = child;
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    const look = watchSessionMemory(child.pid ?? 0);
    const first = (await look()) ?? 0;
    expect(first).toBeGreaterThan(1 * MEGABYTES);
    expect(first).toBeLessThan(100 * MEGABYTES);
    for (const processes of [1, 2]) {
      child.stdin.write('\n');
      await once(lines, 'line');
      expect(await look()).toBeGreaterThan(first + processes * 100 * MEGABYTES);
    }
  },
);
