/** The calls and events of the studio over HTTP, for a page in a browser: `POST /studio/rpc/NAME`, `GET /studio/events`. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { decodeFrame, encodeFrameParts, FRAME_TYPE } from '../../../contract/studio/frame.ts';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { StudioReply } from '../../../contract/studio/route.ts';
import { InfluxionError } from '../../error.ts';
import type { StudioEventHub } from '../../studio/event-hub.ts';
import type { StudioRouter } from '../../studio/router.ts';

export interface StudioRpcDeps {
  readonly router: StudioRouter;
  readonly events: Pick<StudioEventHub, 'subscribe'>;
}

/** Of one reply. */
const MOST_COPIED_BYTES = 4 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;
/** A page that reads this slowly is told to look at everything anew. */
const MOST_BUFFERED_BYTES = 1024 * 1024;
/** A sample of 40 MB as JSON text, or an archive of templates. */
const BODY_BYTES = 128 * 1024 * 1024;
/** The longest call is a preview of a long document. */
const CALL_TIMEOUT_MS = 10 * 60_000;

/** Aborted when the browser goes away before the answer. */
function abortOnDisconnect(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function sendReply(reply: FastifyReply, answer: StudioReply<object>): FastifyReply {
  const holdsBytes = answer.ok && 'bytes' in answer.data;
  if (!holdsBytes) return reply.type('application/json').send(JSON.stringify(answer));
  const [head, bytes] = encodeFrameParts(answer);
  const length = head.length + bytes.length;
  void reply.type(FRAME_TYPE).header('content-length', length);
  // A zip of many documents is not held in memory twice.
  if (length > MOST_COPIED_BYTES) return reply.send(Readable.from([head, bytes], { objectMode: false }));
  return reply.send(Buffer.concat([head, bytes], length));
}

export function registerStudioRpc(app: FastifyInstance, { router, events }: StudioRpcDeps): void {
  app.addContentTypeParser(
    FRAME_TYPE,
    { parseAs: 'buffer', bodyLimit: BODY_BYTES },
    (_request, body, done) => {
      try {
        done(null, decodeFrame(body as Buffer));
      } catch {
        done(new InfluxionError('BAD_REQUEST', 'The body is not a whole frame.'));
      }
    },
  );

  app.post<{ Params: { name: string } }>('/rpc/:name', { bodyLimit: BODY_BYTES }, async (request, reply) => {
    const signal = abortOnDisconnect(reply);
    // Nothing moves on the connection meanwhile, and the server cuts an idle one.
    reply.raw.socket?.setTimeout(CALL_TIMEOUT_MS);
    const client = String(request.headers['x-influxion-window'] ?? '');
    return sendReply(reply, await router.handle(request.params.name, request.body ?? {}, { client, signal }));
  });

  const streams = new Set<ServerResponse>();
  app.get('/events', { exposeHeadRoute: false }, (_request, reply) => {
    reply.hijack();
    streams.add(reply.raw);
    reply.raw.once('close', () => streams.delete(reply.raw));
    openStream(reply.raw, events);
  });
  // A stream has no end of its own, and the server would wait for it.
  app.addHook('preClose', () => {
    for (const stream of streams) stream.end();
    return Promise.resolve();
  });
}

function openStream(response: ServerResponse, events: StudioRpcDeps['events']): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  response.socket?.setTimeout(0);
  const send = (event: StudioEvent): void => {
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength > MOST_BUFFERED_BYTES) {
      response.destroy();
      return;
    }
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const unsubscribe = events.subscribe(send);
  const heartbeat = setInterval(() => {
    if (!response.writableEnded) response.write(':\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}
