/** Keys in the editor while a batch keeps both cores busy: from the key to the end of the frame with its character. */
import { setTimeout as sleep } from 'node:timers/promises';
import { addClient } from './host-process.ts';
import { BenchClient } from './http-client.ts';
import type { PlainWindow } from './plain-window.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';
import { percentile } from './statistics.ts';
import { ONE_PAGE, StudioBench } from './studio-bench.ts';
import { writeInStylesOf } from './studio-window.ts';

const BATCH = 1_000;
/** A key each 60 ms is 200 letters in a run, faster than people type. */
const BETWEEN_KEYS_MS = 60;
const MOST_KEYS = 200;

async function timeOfCharacter(window: PlainWindow): Promise<number> {
  await window.evaluate(() => {
    const shown = (): number => document.querySelector('.monaco-editor .view-lines')?.textContent.length ?? 0;
    const timed = new Promise<number>((resolve) => {
      const onKey = ({ timeStamp }: KeyboardEvent): void => {
        const before = shown();
        const look = (): void => {
          const { port1, port2 } = new MessageChannel();
          // The task after the frame's callbacks: the frame is made.
          port1.onmessage = () => {
            if (shown() === before) requestAnimationFrame(look);
            else resolve(performance.now() - timeStamp);
          };
          port2.postMessage(undefined);
        };
        requestAnimationFrame(look);
      };
      addEventListener('keydown', onKey, { capture: true, once: true });
    });
    Object.assign(globalThis, { timed });
  });
  await window.press('x');
  return window.evaluate(() => (globalThis as unknown as { timed: Promise<number> }).timed);
}

async function waiting(client: BenchClient): Promise<number> {
  const { body } = await client.send('GET', '/health');
  const { queue } = JSON.parse(body.toString()) as { queue: { received: number; in_progress: number } };
  return queue.received + queue.in_progress;
}

export async function measureStudioTyping(): Promise<Fact[]> {
  await using bench = await StudioBench.open();
  await using window = await bench.window();
  await writeInStylesOf(window, ONE_PAGE);
  const client = new BenchClient(bench.base.slice(0, -1));
  const { id, secret } = addClient(bench.environment);
  await client.signIn(id, secret);
  const body = await requestBody('invoice');
  await Promise.all(Array.from({ length: BATCH }, () => client.accept(body)));
  const times: number[] = [];
  while (times.length < MOST_KEYS && (await waiting(client)) > 0) {
    times.push(await timeOfCharacter(window));
    await sleep(BETWEEN_KEYS_MS);
  }
  const left = await waiting(client);
  client.close();
  return [
    {
      what: `studio: key to character while ${BATCH} jobs run, ${times.length} keys, ${left} jobs left after them, p50 / p95`,
      figure: `${percentile(times, 0.5).toFixed(0)} / ${percentile(times, 0.95).toFixed(0)} ms`,
    },
  ];
}
