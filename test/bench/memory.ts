/** Memory of the process tree of `influxion serve`: idle, after 1,000 documents, after 10,000. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HostProcess } from './host-process.ts';
import { memoryBytes } from './process-tree.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';

/** Longer than the host keeps a second browser and spare workers without work. */
const SETTLE_MS = 75_000;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const change = (after: number, before: number): string => `${((after / before - 1) * 100).toFixed(0)} %`;

export async function measureMemory(long: boolean): Promise<Fact[]> {
  const host = await HostProcess.start();
  const body = await requestBody('invoice');
  const settled = async (): Promise<number> => {
    await sleep(SETTLE_MS);
    return memoryBytes([host.pid]);
  };
  const idle = await settled();
  await host.client.run(body, 1_000, 5);
  const busy = memoryBytes([host.pid]);
  const after1000 = await settled();
  const facts: Fact[] = [
    { what: 'memory of the tree (PSS), idle after start', figure: megabytes(idle) },
    { what: 'at the end of 1,000 invoices, still at work', figure: megabytes(busy) },
    {
      what: 'after 1,000 invoices, idle again',
      figure: `${megabytes(after1000)} (${change(after1000, idle)})`,
    },
  ];
  if (long) {
    await host.client.run(body, 9_000, 5);
    const after10000 = await settled();
    facts.push({
      what: 'after 10,000 invoices, idle again (against 1,000)',
      figure: `${megabytes(after10000)} (${change(after10000, after1000)})`,
    });
  }
  await host.stop();
  return facts;
}
