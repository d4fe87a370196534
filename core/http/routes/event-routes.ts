/** `GET /events`: changes of jobs as server-sent events (WHATWG HTML §9.2), resumable by `Last-Event-ID`. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { JobChanged } from '../../../contract/job.ts';
import type { AccessService } from '../../auth/access-service.ts';
import { InfluxionError } from '../../error.ts';
import type { Caller } from '../../jobs/job-service.ts';
import { bearerToken, callerOf } from '../bearer.ts';
import type { RouteContext } from './route-context.ts';

const LAST_EVENT_ID = /^\d{1,15}$/;

/** How soon a client comes back after its stream ended. */
const RECONNECT_MS = 2000;

/** What a slow reader still gets after its stream was ended, in time. */
const FLUSH_MS = 30_000;

interface Stream {
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly token: string;
  readonly unsubscribe: () => void;
}

/** All open streams of a server. */
export class EventStreams {
  readonly #access: AccessService;
  readonly #isOpen: () => boolean;
  readonly #open = new Set<Stream>();
  readonly #heartbeat: NodeJS.Timeout;

  /** `isOpen`: whether programs may use the API at all. */
  constructor(access: AccessService, heartbeatMs: number, isOpen: () => boolean) {
    this.#access = access;
    this.#isOpen = isOpen;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
    this.#heartbeat.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  sizeOf(clientId: string): number {
    let count = 0;
    for (const { caller } of this.#open) if (caller.clientId === clientId) count++;
    return count;
  }

  add(stream: Stream): void {
    this.#open.add(stream);
    stream.response.once('close', () => this.#remove(stream));
  }

  /** Ends a stream after what was written; the client resumes after the last event it got. */
  end(stream: Stream): void {
    if (!this.#remove(stream)) return;
    const timer = setTimeout(() => stream.response.destroy(), FLUSH_MS);
    stream.response.once('close', () => clearTimeout(timer));
    stream.response.end();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const stream of this.#open) this.end(stream);
  }

  #remove(stream: Stream): boolean {
    stream.unsubscribe();
    return this.#open.delete(stream);
  }

  /** Keeps proxies from cutting a silent stream, and ends the streams whose token no longer holds, or all when the API is off. */
  #beat(): void {
    for (const stream of this.#open) {
      stream.response.write(':\n\n');
      if (stream.caller.clientId === 'owner') continue;
      if (!this.#isOpen()) {
        this.end(stream);
        continue;
      }
      this.#access.verifyToken(stream.token).catch(() => this.end(stream));
    }
  }
}

const formatEvent = (change: JobChanged): string =>
  `id: ${change.event_id}\nevent: job.changed\ndata: ${JSON.stringify(change)}\n\n`;

export function registerEventRoutes(
  app: FastifyInstance,
  { jobs, limits, requireScope }: RouteContext,
  streams: EventStreams,
): void {
  app.get('/events', { onRequest: requireScope('pdf'), exposeHeadRoute: false }, (request, reply) => {
    const caller = callerOf(request);
    const lastEventId = request.headers['last-event-id'];
    if (lastEventId !== undefined && !LAST_EVENT_ID.test(String(lastEventId))) {
      throw new InfluxionError('BAD_REQUEST', 'Last-Event-ID is not the id of an event from here.');
    }
    if (
      streams.size >= limits.eventStreams ||
      streams.sizeOf(caller.clientId) >= limits.eventStreamsPerClient
    ) {
      throw new InfluxionError('RATE_LIMITED', 'Too many event streams are open; close one first.');
    }
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);

    let overflowed = false;
    const send = (change: JobChanged): void => {
      if (overflowed) return;
      response.write(formatEvent(change));
      if (response.writableLength <= limits.eventBufferBytes) return;
      overflowed = true;
      // The backlog may be told while `onChange` still runs, before there is a stream to end.
      queueMicrotask(() => streams.end(stream));
    };
    const unsubscribe = jobs.onChange(
      caller,
      lastEventId === undefined ? undefined : Number(lastEventId),
      send,
    );
    const stream: Stream = { response, caller, token: bearerToken(request) ?? '', unsubscribe };
    streams.add(stream);
  });
}
