/** One connection to the broker that comes back by itself, and messages that count as sent only when the broker has them. */
import { readFile } from 'node:fs/promises';
import {
  connect,
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  type GetMessage,
  type RecoveringChannelModel,
} from 'amqplib';
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import { describeBrokerError } from './broker-errors.ts';
import type { BrokerAddress } from './broker-url.ts';
import type { IncomingMessage, OutgoingMessage } from './message.ts';

/** `blocked`: the broker is short of memory or disk and takes no messages; what is published waits. */
export type BrokerState = 'connecting' | 'open' | 'blocked' | 'closed';

/** What stands until the connection is lost; then `setup` is called with a new one. */
export interface BrokerSession {
  /** A channel that takes the whole session down when it fails: the next session begins afresh. */
  openChannel(): Promise<Channel>;
  /** Aborted when the connection is lost. Deliveries of this session can no longer be acknowledged. */
  readonly lost: AbortSignal;
  /** Gives this session up, for example when a queue was deleted under it; the next is set up at once. */
  renew(reason: string): void;
}

export interface BrokerConnectionOptions {
  readonly address: BrokerAddress;
  /** What the broker's own tools show of this connection. */
  readonly name: string;
  readonly logger: Logger;
  /** Declares and consumes, after each connect. What it throws ends the session; it is tried again. */
  setup(session: BrokerSession): Promise<void>;
  changed?(state: BrokerState): void;
}

export interface BrokerConnection {
  readonly state: BrokerState;
  /** Why there is no connection, one sentence without secrets. */
  readonly problem: string | undefined;
  /** Such as `RabbitMQ 3.10.8`; undefined before the first connect. */
  readonly product: string | undefined;
  /**
   * Resolves when the broker has it. `mandatory`: and a queue for it. Errors: BROKER_UNAVAILABLE (it may have arrived all the
   * same), BROKER_REFUSED.
   */
  publish(message: OutgoingMessage, options?: { readonly mandatory?: boolean }): Promise<void>;
  /** A channel beside those of the session; its errors are the caller's. Errors: BROKER_UNAVAILABLE. */
  openChannel(): Promise<Channel>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** Milliseconds between attempts, doubled from the first to the last. */
const RECONNECT = { initialDelay: 100, maxDelay: 2_000, jitter: 0.5 };

/** Connects in the background, for ever. Errors: VALIDATION_FAILED where a certificate file cannot be read. */
export async function connectBroker(options: BrokerConnectionOptions): Promise<BrokerConnection> {
  const { address, logger } = options;
  let state: BrokerState = 'connecting';
  let problem: string | undefined;
  let product: string | undefined;
  let current: Session | undefined;

  const enter = (next: BrokerState): void => {
    if (state === next || state === 'closed') return;
    state = next;
    options.changed?.(next);
  };

  const setup = async (model: ChannelModel): Promise<void> => {
    const session = await openSession(model, logger);
    const { product: name, version } = model.connection.serverProperties;
    product = `${name} ${version}`;
    // What is delivered while it is set up can be answered already.
    current = session;
    await options.setup(session);
    if (session.lost.aborted) throw new Error('The connection was lost while it was set up');
    problem = undefined;
    enter('open');
    logger.info({ broker: address.shown, product }, 'connected to the broker');
  };

  const lose = (error: Error): void => {
    current = undefined;
    if (state === 'closed') return;
    const reason = describeBrokerError(error, address);
    // One line a cause, however often it is tried again.
    if (reason !== problem) logger.warn({ broker: address.shown, reason }, 'no connection to the broker');
    problem = reason;
    enter('connecting');
  };

  const connection: RecoveringChannelModel = await connect(
    {
      protocol: address.tls === undefined ? 'amqp' : 'amqps',
      hostname: address.hostname,
      port: address.port,
      username: address.username,
      password: address.password,
      vhost: address.vhost,
      heartbeat: address.heartbeatS,
    },
    {
      ...(await tlsOptions(address)),
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      keepAlive: true,
      clientProperties: { connection_name: options.name, product: 'Influxion' },
      recovery: { ...RECONNECT, waitForConnect: false, setup },
    },
  );
  connection.on('connect-failed', lose);
  connection.on('disconnect', lose);
  // What ended a connection comes with its end, too.
  connection.on('error', () => undefined);
  connection.on('blocked', (reason: string) => {
    logger.warn({ broker: address.shown, reason }, 'the broker takes no messages');
    problem = `The broker takes no messages now (${reason}).`;
    enter('blocked');
  });
  connection.on('unblocked', () => {
    problem = undefined;
    if (current !== undefined) enter('open');
  });

  const away = (cause?: unknown): InfluxionError =>
    new InfluxionError('BROKER_UNAVAILABLE', problem ?? 'The broker cannot be reached.', {}, cause);

  return {
    get state() {
      return state;
    },
    get problem() {
      return problem;
    },
    get product() {
      return product;
    },
    async publish(message, { mandatory = false } = {}) {
      if (current === undefined) throw away();
      await current.publish(message, mandatory).catch((error: unknown) => {
        throw InfluxionError.is(error) ? error : away(error);
      });
    },
    async openChannel() {
      if (current === undefined) throw away();
      return current.openOwnChannel().catch((error: unknown) => {
        throw away(error);
      });
    },
    async close() {
      enter('closed');
      const session = current;
      current = undefined;
      await session?.close();
      await connection.close();
    },
  };
}

interface Session extends BrokerSession {
  publish(message: OutgoingMessage, mandatory: boolean): Promise<void>;
  openOwnChannel(): Promise<Channel>;
  /** Sees every acknowledgement off: one that is written right before the end of a connection may be overtaken by it. */
  close(): Promise<void>;
}

async function openSession(model: ChannelModel, logger: Logger): Promise<Session> {
  const lost = new AbortController();
  // Both say the same; a listener must be there, or the process ends.
  model.on('error', () => lost.abort());
  model.on('close', () => lost.abort());
  const renew = (reason: string): void => {
    if (lost.signal.aborted) return;
    logger.warn({ reason }, 'the session with the broker begins anew');
    lost.abort();
    model.close().catch(() => undefined);
  };
  const channels: Channel[] = [];
  const watched = <C extends Channel>(channel: C): C => {
    channels.push(channel);
    channel.on('error', (error: Error) => renew(error.message));
    channel.on('close', () => renew('a channel was closed'));
    return channel;
  };
  const publisher = createPublisher(watched(await model.createConfirmChannel()));
  return {
    lost: lost.signal,
    renew,
    async openChannel() {
      return watched(await model.createChannel());
    },
    async openOwnChannel() {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      return channel;
    },
    publish: publisher,
    async close() {
      lost.abort();
      await Promise.allSettled(channels.map((channel) => channel.close()));
    },
  };
}

function createPublisher(channel: ConfirmChannel): Session['publish'] {
  const returned = new Set<string>();
  let count = 0;
  // A message that no queue takes comes back before it is confirmed (RabbitMQ, "Consumer Acknowledgements and Publisher Confirms").
  channel.on('return', ({ properties }) => returned.add(String(properties.messageId)));
  return (message, mandatory) =>
    new Promise((resolve, reject) => {
      const messageId = String((count += 1));
      const settle = (error: unknown): void => {
        if (returned.delete(messageId)) reject(unroutable(message));
        else if (error === null || error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('The broker did not confirm the message'));
      };
      const { exchange, routingKey, body, headers, correlationId, replyTo, priority, persistent } = message;
      const { type, encoding } = message.content ?? { type: 'application/json', encoding: 'utf-8' };
      channel.publish(
        exchange,
        routingKey,
        body,
        {
          ...(type !== undefined && { contentType: type }),
          ...(encoding !== undefined && { contentEncoding: encoding }),
          messageId,
          mandatory,
          persistent,
          headers: headers ?? {},
          ...(correlationId !== undefined && { correlationId }),
          ...(replyTo !== undefined && { replyTo }),
          ...(priority !== undefined && { priority }),
        },
        settle,
      );
    });
}

const unroutable = ({ exchange, routingKey }: OutgoingMessage): InfluxionError =>
  new InfluxionError(
    'BROKER_REFUSED',
    exchange === ''
      ? `The broker has no queue "${routingKey}".`
      : `The exchange "${exchange}" has no queue for "${routingKey}".`,
  );

async function tlsOptions({ tls, hostname }: BrokerAddress): Promise<object> {
  if (tls === undefined) return {};
  const [ca, cert, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map(readPem));
  return {
    rejectUnauthorized: tls.verify,
    ...(ca && { ca: [ca] }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(/^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname }),
    ...(!tls.checkHostname && { checkServerIdentity: () => undefined }),
  };
}

async function readPem(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (error) {
    throw new InfluxionError(
      'VALIDATION_FAILED',
      `INFLUXION_CELERY_BROKER_URL: the file ${file} cannot be read.`,
      {},
      error,
    );
  }
}

/** A delivery of the library in the words of this folder. */
export function incoming({ content, fields, properties }: ConsumeMessage | GetMessage): IncomingMessage {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    body: content,
    headers: properties.headers ?? {},
    contentType: text(properties.contentType),
    contentEncoding: text(properties.contentEncoding),
    correlationId: text(properties.correlationId),
    replyTo: text(properties.replyTo),
    priority: typeof properties.priority === 'number' ? properties.priority : undefined,
    redelivered: fields.redelivered,
  };
}
