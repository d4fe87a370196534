/** The connection to a real broker: what is confirmed, what is refused, what comes back. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseBrokerUrl } from '../../core/transport/celery/broker-url.ts';
import {
  connectBroker,
  incoming,
  type BrokerConnection,
  type BrokerConnectionOptions,
} from '../../core/transport/celery/connection.ts';
import type { IncomingMessage, OutgoingMessage } from '../../core/transport/celery/message.ts';
import { declareTaskQueue } from '../../core/transport/celery/topology.ts';
import { silentLogger } from '../support/job-world.ts';
import { hasRabbitMq, startRabbitMq, type TestBroker } from '../support/rabbitmq.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let broker: TestBroker;
const open: BrokerConnection[] = [];
beforeAll(async () => {
  if (hasRabbitMq) broker = await startRabbitMq({ tls: true });
});
afterAll(async () => {
  for (const connection of open) await connection.close();
  await broker[Symbol.asyncDispose]();
});

async function connectTo(
  url: string,
  options: Partial<BrokerConnectionOptions> = {},
): Promise<BrokerConnection> {
  const connection = await connectBroker({
    address: parseBrokerUrl(url),
    name: 'test',
    logger: silentLogger,
    setup: () => Promise.resolve(),
    ...options,
  });
  open.push(connection);
  return connection;
}

const isOpen = (connection: BrokerConnection) =>
  vi.waitFor(() => expect(connection.state).toBe('open'), { timeout: 20_000 });

const message = (routingKey: string, text = 'hello'): OutgoingMessage => ({
  exchange: '',
  routingKey,
  persistent: true,
  body: Buffer.from(JSON.stringify(text)),
});

describe.skipIf(!hasRabbitMq)('a connection to a broker', () => {
  test('publishes with a confirm, and says when no queue takes a message', async () => {
    const got: IncomingMessage[] = [];
    const connection = await connectTo(broker.url, {
      async setup(session) {
        const channel = await session.openChannel();
        await declareTaskQueue(channel, { name: 'there', type: 'classic' });
        await channel.consume('there', (delivery) => delivery && got.push(incoming(delivery)), {
          noAck: true,
        });
      },
    });
    await isOpen(connection);
    expect(connection.product).toMatch(/^RabbitMQ 3\./);
    await connection.publish(message('there'), { mandatory: true });
    await vi.waitFor(() => expect(got).toHaveLength(1));
    expect(got[0]).toMatchObject({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      redelivered: false,
    });
    await expect(connection.publish(message('nowhere'), { mandatory: true })).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      message: 'The broker has no queue "nowhere".',
    });
    // Not asked for, it is no failure: who waited for a result is gone.
    await connection.publish(message('nowhere'));
  });

  test('comes back after all connections were closed, with everything set up again', async () => {
    let setups = 0;
    const connection = await connectTo(broker.url, { setup: () => Promise.resolve(void (setups += 1)) });
    await isOpen(connection);
    await broker.closeAllConnections();
    await vi.waitFor(() => expect(setups).toBe(2), { timeout: 20_000 });
    await isOpen(connection);
    expect(connection.problem).toBeUndefined();
  });

  test('what was not confirmed when the broker died is a failure that can be tried again', async () => {
    const connection = await connectTo(broker.url, {
      async setup(session) {
        await declareTaskQueue(await session.openChannel(), { name: 'kept', type: 'classic' });
      },
    });
    await isOpen(connection);
    const confirmed: string[] = [];
    const send = async (text: string): Promise<void> => {
      await connection.publish(message('kept', text), { mandatory: true });
      confirmed.push(text);
    };
    const sending = Promise.allSettled(Array.from({ length: 200 }, (_, index) => send(String(index))));
    await broker.kill();
    for (const outcome of await sending) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
    }
    await vi.waitFor(() => expect(connection.problem).toMatch(/Nothing answers|cut off/), {
      timeout: 10_000,
    });
    await broker.start();
    await isOpen(connection);
    const channel = await connection.openChannel();
    const { messageCount } = await channel.checkQueue('kept');
    expect(messageCount).toBeGreaterThanOrEqual(confirmed.length);
    await channel.close();
  });

  test('says that the broker is short of memory, and what is published then arrives later', async () => {
    const states: string[] = [];
    const connection = await connectTo(broker.url, { changed: (state) => states.push(state) });
    await isOpen(connection);
    const channel = await connection.openChannel();
    await declareTaskQueue(channel, { name: 'later', type: 'classic' });
    await broker.memoryAlarm(true);
    let confirmed = false;
    const publishing = connection
      .publish(message('later'), { mandatory: true })
      .then(() => (confirmed = true));
    await vi.waitFor(() => expect(connection.state).toBe('blocked'));
    expect(connection.problem).toMatch(/takes no messages/);
    expect(confirmed).toBe(false);
    await broker.memoryAlarm(false);
    await publishing;
    await isOpen(connection);
    expect(states).toContain('blocked');
  });

  test('a queue of that name with other settings is a reason that is told', async () => {
    await broker.ctl(
      'eval',
      'rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"other">>), false, false, [], none, <<"t">>).',
    );
    const connection = await connectTo(broker.url, {
      async setup(session) {
        await declareTaskQueue(await session.openChannel(), { name: 'other', type: 'classic' });
      },
    });
    await vi.waitFor(() =>
      expect(connection.problem).toMatch(/A queue of that name is there with other settings/),
    );
    expect(connection.state).toBe('connecting');
  });

  test('reaches it by TLS when the authority is named', async () => {
    const connection = await connectTo(`${broker.tlsUrl}?ssl_ca_certs=${broker.caFile}`);
    await isOpen(connection);
  });

  test.each([
    [
      'a wrong password',
      () => broker.url.replace(':guest@', ':s3cret@'),
      /refuses the user name or the password/,
    ],
    ['a virtual host that is not there', () => broker.url.replace(/\/\/$/, '/other'), /no such virtual host/],
    ['a certificate that nobody vouches for', () => broker.tlsUrl, /certificate is not trusted/],
    [
      'a certificate for another name',
      () => `${broker.tlsUrl.replace('localhost', '127.0.0.1')}?ssl_ca_certs=${broker.caFile}`,
      /another host name/,
    ],
    ['TLS where there is none', () => broker.url.replace('amqp:', 'amqps:'), /not speak AMQP/],
    ['a port where nobody listens', () => 'amqp://guest:s3cret@127.0.0.1:1//', /Nothing answers/],
  ])('%s is told in a sentence without the password', async (_name, url, reason) => {
    const warned: string[] = [];
    const logger = { ...silentLogger, warn: (facts: object) => void warned.push(JSON.stringify(facts)) };
    const connection = await connectTo(url(), { logger });
    await vi.waitFor(() => expect(connection.problem).toMatch(reason), { timeout: 15_000 });
    await expect(connection.publish(message('x'))).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    expect(`${connection.problem ?? ''}${warned.join('')}`).not.toContain('s3cret');
    expect(warned).toHaveLength(1);
  });
});
