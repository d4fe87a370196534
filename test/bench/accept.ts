/** How long `POST /pdf/generate` takes until 202 while both cores render. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HostProcess } from './host-process.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';
import { percentile } from './statistics.ts';

const REQUESTS = 500;
/** 50 requests a second: more than two cores print, so the queue grows all the while. */
const EVERY_MS = 20;

export async function measureAccept(): Promise<Fact[]> {
  const host = await HostProcess.start();
  const invoice = await requestBody('invoice');
  const report = await requestBody('report');
  for (let index = 0; index < 40; index += 1) await host.client.accept(report);
  const pending: Promise<{ id: number; ms: number }>[] = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    pending.push(host.client.accept(invoice));
    await sleep(EVERY_MS);
  }
  const latencies = (await Promise.all(pending)).map(({ ms }) => ms);
  await host.stop();
  return [
    {
      what: `accept (202) at ${1000 / EVERY_MS} requests/s while both cores render, p50 / p99`,
      figure: `${percentile(latencies, 0.5).toFixed(1)} / ${percentile(latencies, 0.99).toFixed(1)} ms`,
    },
  ];
}
