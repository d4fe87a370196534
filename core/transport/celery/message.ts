/** AMQP messages as this folder makes and reads them; only connection.ts knows the library that carries them. */

export interface OutgoingMessage {
  /** Empty for the default exchange, whose routing keys are names of queues. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** 0 to 255; higher is sooner where the queue knows priorities. */
  readonly priority?: number;
  /** Survives a restart of the broker in a durable queue. */
  readonly persistent: boolean;
  /** Default JSON in UTF-8. */
  readonly content?: { readonly type: string | undefined; readonly encoding: string | undefined };
}

export interface IncomingMessage {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly correlationId: string | undefined;
  readonly replyTo: string | undefined;
  readonly priority: number | undefined;
  /** It was given to somebody before who did not acknowledge it. */
  readonly redelivered: boolean;
}

/** The same message again, as it came, to a queue; with headers beside its own. */
export function resend(
  message: IncomingMessage,
  queue: string,
  headers: Readonly<Record<string, unknown>>,
): OutgoingMessage {
  const { body, contentType, contentEncoding, correlationId, replyTo, priority } = message;
  return {
    exchange: '',
    routingKey: queue,
    body,
    headers: { ...message.headers, ...headers },
    ...(correlationId !== undefined && { correlationId }),
    ...(replyTo !== undefined && { replyTo }),
    ...(priority !== undefined && { priority }),
    persistent: true,
    content: { type: contentType, encoding: contentEncoding },
  };
}
