/** A screen that nobody sees: Xvfb on a display number of its own choice. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Screen extends AsyncDisposable {
  /** What Electron is started with. */
  readonly environment: NodeJS.ProcessEnv;
}

export async function openScreen(): Promise<Screen> {
  const server: ChildProcess = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const exited = once(server, 'exit');
  const [number] = (await once(createInterface({ input: server.stdio[3] as Readable }), 'line')) as [string];
  return {
    environment: { ...process.env, DISPLAY: `:${number}`, DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
    async [Symbol.asyncDispose]() {
      server.kill();
      await exited;
    },
  };
}
