/** A real Celery, from PyPI, in a virtual environment that all tests share. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Pinned, so that a new release fails here only when somebody asks for it. */
const REQUIREMENTS = ['celery==5.7.0', 'kombu==5.7.0', 'amqp==5.4.2', 'billiard==4.3.2'];
const VENV = join(tmpdir(), 'influxion-test-cache', `celery-${REQUIREMENTS.join('+').replaceAll('==', '-')}`);
const INSTALL_MS = 300_000;

async function pythonOf(): Promise<string> {
  const python = join(VENV, 'bin/python');
  if (existsSync(python)) return python;
  await mkdir(join(VENV, '..'), { recursive: true });
  const making = `${VENV}.${process.pid}`;
  await run('python3', ['-m', 'venv', making], { timeout: INSTALL_MS });
  const pip = ['-m', 'pip', '-q', 'install', '--no-input', '--disable-pip-version-check', ...REQUIREMENTS];
  await run(join(making, 'bin/python'), pip, { timeout: INSTALL_MS });
  // Another test may have been faster; scripts name their own folder, so only Python itself is run from here.
  await rename(making, VENV).catch(() => rm(making, { recursive: true, force: true }));
  return python;
}

let installed: Promise<string> | undefined;
/** The path of its Python; installs at the first call. */
export const celeryPython = (): Promise<string> => (installed ??= pythonOf());

const APP = `
import json, os, sys, time
from celery import Celery, chain, chord, group, signature
app = Celery('test', broker=os.environ['BROKER'], backend='rpc://')
app.set_default()
T = 'influxion.generate_pdf'
def say(value): print(json.dumps(value, default=str)); sys.stdout.flush()
`;

/** Runs a script in which `app` is a Celery on that broker; what it says with `say(…)`, parsed. */
export async function celeryScript(broker: string, script: string): Promise<unknown[]> {
  const python = await celeryPython();
  const { stdout } = await run(python, ['-c', APP + script], {
    env: { PATH: process.env['PATH'] ?? '', BROKER: broker },
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** `celery … ` against that broker; its output. */
export async function celeryCommand(broker: string, ...args: readonly string[]): Promise<string> {
  const python = await celeryPython();
  const { stdout } = await run(python, ['-m', 'celery', '-b', broker, ...args], {
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' },
    timeout: 60_000,
  });
  return stdout;
}

export interface PythonWorker extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly log: () => string;
}

/** A worker in Python whose tasks are defined by `tasks`; resolves when it is ready. */
export async function startPythonWorker(
  broker: string,
  tasks: string,
  args: readonly string[] = [],
): Promise<PythonWorker> {
  const python = await celeryPython();
  const folder = join(tmpdir(), `influxion-celery-${process.pid}-${Date.now()}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tasks.py'), APP + tasks);
  const child = spawn(
    python,
    [
      '-m',
      'celery',
      '-A',
      'tasks',
      'worker',
      '-P',
      'solo',
      '--loglevel=INFO',
      '-E',
      '-n',
      `python-${process.pid}-${Date.now()}@test`,
      ...args,
    ],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', BROKER: broker, C_FORCE_ROOT: '1' },
      stdio: 'pipe',
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const deadline = performance.now() + 60_000;
  while (!log.includes(' ready.')) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`Celery did not start: ${log}`);
    await sleep(50);
  }
  return {
    process: child,
    log: () => log,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
