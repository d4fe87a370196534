/** 10,000 queued jobs of mixed size, while the browser under every tenth print is killed. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostProcess } from './host-process.ts';
import { descendants } from './process-tree.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';

const JOBS = 10_000;
const PRINTS_PER_KILL = 10;
const MOST_PAUSE_MS = 60;

/** A process of the browser that prints: its renderer, or now and then the browser itself. */
function victim(host: number): number | undefined {
  const browsers = descendants(host).filter((pid) => {
    const command = commandLine(pid);
    return command.includes('--type=renderer') || command.includes('--remote-debugging-pipe');
  });
  return browsers[Math.floor(Math.random() * browsers.length)];
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

export async function runSoak(): Promise<Fact[]> {
  const host = await HostProcess.start();
  const bodies = await Promise.all(['article', 'invoice', 'report'].map((name) => requestBody(name)));
  const [article = '', invoice = '', report = ''] = bodies;
  const bodyOf = (index: number): string => (index % 50 === 0 ? report : index % 2 === 0 ? invoice : article);
  const ids: number[] = [];
  const started = performance.now();
  let killed = 0;
  const killing = new AbortController();
  const killer = (async () => {
    while (!killing.signal.aborted) {
      await sleep(Math.random() * MOST_PAUSE_MS);
      const pid = victim(host.pid);
      if (pid === undefined || killed * PRINTS_PER_KILL >= ids.length - (await waiting(host))) continue;
      process.kill(pid, 'SIGKILL');
      killed += 1;
    }
  })();
  for (let index = 0; index < JOBS; index += 1) ids.push((await host.client.accept(bodyOf(index))).id);
  const outcome = { done: 0, failed: 0, lost: 0 };
  for (const id of ids) {
    const status = await ended(host, id);
    if (status === 'Done') outcome.done += 1;
    else if (status === 'Error') outcome.failed += 1;
    else outcome.lost += 1;
  }
  const seconds = (performance.now() - started) / 1000;
  killing.abort();
  await killer;
  await host.stop();
  return [
    {
      what: `${JOBS} queued jobs of mixed size, ${killed} browser processes killed on the way`,
      figure: `${outcome.done} done, ${outcome.failed} failed, ${outcome.lost} lost, ${seconds.toFixed(0)} s`,
    },
  ];
}

/** Jobs that have not ended. */
async function waiting(host: HostProcess): Promise<number> {
  const { body } = await host.client.send('GET', '/health');
  const { queue } = JSON.parse(body.toString()) as { queue: { received: number; in_progress: number } };
  return queue.received + queue.in_progress;
}

async function ended(host: HostProcess, id: number): Promise<string> {
  for (;;) {
    const reply = await host.client.send('GET', `/pdf/${id}`, undefined, { prefer: 'wait=30' });
    if (reply.status !== 200) return 'lost';
    const { status } = JSON.parse(reply.body.toString()) as { status: string };
    if (status === 'Done' || status === 'Error') return status;
  }
}
