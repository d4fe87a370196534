/** Large data of jobs that run on workers. The address itself is the permission, so there is no token here. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BlobRequest } from '../../transport/blobs/http-blobs.ts';
import type { RouteContext } from './route-context.ts';

export function registerBlobRoutes(app: FastifyInstance, { blobs }: RouteContext): void {
  if (blobs === undefined) return;
  // Taken piece by piece as it comes; how much is decided there.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.get('/blobs/:name', async (request, reply) => {
    const { size, body } = await blobs.openPayload(asked(request));
    return reply.header('content-type', 'application/json').header('content-length', String(size)).send(body);
  });

  app.put('/blobs/:name', async (request, reply) => {
    // A reader that gives up must not take the connection down with it, or the refusal is lost.
    const body = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    try {
      await blobs.takeUpload(asked(request), body, digestOf(request));
    } finally {
      request.raw.resume();
    }
    return reply.code(204).send();
  });
}

function asked({ url }: FastifyRequest): BlobRequest {
  const { pathname, searchParams } = new URL(url, 'http://host');
  return { path: pathname, query: searchParams };
}

/** RFC 9530 §2; in hexadecimal. */
function digestOf({ headers }: FastifyRequest): string | undefined {
  const field = headers['content-digest'];
  const base64 = /sha-256=:([A-Za-z0-9+/=]+):/.exec(typeof field === 'string' ? field : '')?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}
