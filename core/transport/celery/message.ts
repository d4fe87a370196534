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
