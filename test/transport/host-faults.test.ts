/** A broker that cannot be used is told in words and costs no job; a host that stops leaves its jobs out. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openCeleryHost } from '../support/celery-host.ts';
import { startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';
import { emptyQueue, openStandInWorker } from '../support/stand-in-worker.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startRabbitMq({ tls: true });
}, 120_000);
afterAll(() => broker[Symbol.asyncDispose]());
beforeEach(() => emptyQueue(broker.url));

describe('a broker that cannot be used', () => {
  it.each([
    ['password', (url: string) => url.replace(':guest@', ':hushhush@'), /user name or the password/],
    ['user', (url: string) => url.replace('guest:', 'nobody:'), /user name or the password/],
    ['virtual host', (url: string) => url.replace(/\/\/$/, '/no-such-vhost'), /no such virtual host/],
  ])('has another %s: that is said, without the password, and jobs are kept', async (_what, wrong, says) => {
    await using host = await openCeleryHost(wrong(broker.url));
    await host.submit('kept');
    await expect.poll(() => host.status().broker?.problem).toMatch(says);
    expect(JSON.stringify(host.status())).not.toContain('hushhush');
    expect(host.status().broker?.state).toBe('away');
    expect(host.queue.counts()).toMatchObject({ done: 0, error: 0 });
  });

  it('shows a certificate that is not trusted: nothing is sent until its authority is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'influxion-jobs-'));
    await using worker = await openStandInWorker(broker.url, { auto: true });
    let id: number;
    {
      const host = await openCeleryHost(broker.tlsUrl, { folder });
      id = await host.submit('x');
      await expect.poll(() => host.status().broker?.problem).toMatch(/certificate is not trusted/);
      await host.close();
    }
    expect(worker.seen).toEqual([]);
    await using host = await openCeleryHost(`${broker.tlsUrl}?ssl_ca_certs=${broker.caFile}`, { folder });
    expect((await host.ended(id)).status).toBe('Done');
  });
});

describe('this host', () => {
  it('is stopped and started again: what is out stays out, and a result that came meanwhile is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'influxion-jobs-'));
    await using worker = await openStandInWorker(broker.url);
    let id: number;
    {
      const host = await openCeleryHost(broker.url, { folder });
      id = await host.submit('meanwhile');
      const held = await worker.next();
      // The broker's word that it has the task may come after the task itself.
      await expect.poll(() => host.status().counts.published).toBe(1);
      await host.close();
      await held.finish();
    }
    await using host = await openCeleryHost(broker.url, { folder });
    expect(await host.ended(id)).toMatchObject({ status: 'Done', attempt: 1 });
    expect(worker.seen).toHaveLength(1);
  });
});
