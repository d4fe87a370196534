/** The host as a child: real processes, so that stdout, exit codes and signals are those of the system. */
import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { HostFailure, runHost, type HostChild } from '../../main/host-process.ts';

const LIMITS = { startMs: 10_000, stopMs: 10_000 };
const STAY = 'setInterval(() => {}, 1000);';
const ready = (url: string): string =>
  `console.log(JSON.stringify({ event: 'ready', url: ${JSON.stringify(url)} }));`;

describe('the host of the desktop app', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** As Electron's UtilityProcess has it: the pid goes with the process. */
  const host = (script: string) => (): HostChild => {
    const child = spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return {
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
      stdout: child.stdout,
      stderr: child.stderr,
      once: (_event, listener) => child.once('exit', (code) => listener(code ?? 1)),
      kill: () => child.kill('SIGTERM'),
    };
  };
  const kill = (pid: number): void => {
    process.kill(pid, 'SIGKILL');
  };

  it('takes the address from the line that says ready, whatever else is printed', async () => {
    const script = `console.log('hello'); console.log('{"event":"other"}'); ${ready('http://127.0.0.1:4711')} ${STAY}`;
    const running = runHost(host(script), LIMITS, kill);
    expect(await running.ready).toBe('http://127.0.0.1:4711');
    await running.stop();
  });

  it('shows no address but one of this computer', async () => {
    const addresses = [
      'https://evil.example/',
      'http://127.0.0.1.evil.example',
      'file:///etc/passwd',
      'http://192.168.0.9',
    ];
    const running = runHost(host(addresses.map(ready).join('')), LIMITS, kill);
    await expect(running.ready).rejects.toThrow('It ended while starting, with exit code 0.');
  });

  it('tells what the host said when it could not start', async () => {
    const running = runHost(
      host(`console.error('The data folder is in use.'); process.exit(3)`),
      LIMITS,
      kill,
    );
    const failure: unknown = await running.ready.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HostFailure);
    expect((failure as HostFailure).message).toContain('exit code 3');
    expect((failure as HostFailure).output).toContain('The data folder is in use.');
    expect(await running.ended).toBe(3);
  });

  it('does not wait for ever for a host that says nothing', async () => {
    const running = runHost(host(STAY), { ...LIMITS, startMs: 50 }, kill);
    await expect(running.ready).rejects.toThrow('did not get ready within 0.05 seconds');
    await running.stop();
  });

  it('lets the host end by itself when it is asked to', async () => {
    const script = `process.on('SIGTERM', () => process.exit(7)); ${ready('http://127.0.0.1:1')} ${STAY}`;
    const running = runHost(host(script), LIMITS, kill);
    await running.ready;
    await running.stop();
    expect(await running.ended).toBe(7);
  });

  it('ends a host that ignores being asked', async () => {
    const script = `process.on('SIGTERM', () => {}); ${ready('http://127.0.0.1:1')} ${STAY}`;
    const running = runHost(host(script), { ...LIMITS, stopMs: 50 }, kill);
    await running.ready;
    await running.stop();
    expect(await running.ended).toBe(1);
  });
});
