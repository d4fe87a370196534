/** A host in a process of its own, to be killed: sends many jobs out, and tells its parent when a third of them is done. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCeleryHost } from './celery-host.ts';

const [, , brokerUrl = '', folder = '', count = '0'] = process.argv;
const host = await openCeleryHost(brokerUrl, { folder });
const ids = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => host.submit(`job ${index}`)),
);
while (host.queue.counts().done < ids.length / 3) await sleep(5);
process.send?.({ ids, out: host.status().out });
