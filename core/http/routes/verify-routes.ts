/** `POST /pdf/verify`: a PDF in, what is right and wrong with it out. Nothing is kept. */
import type { FastifyInstance } from 'fastify';
import { VerifyQuery } from '../../../contract/verify.ts';
import { InfluxionError } from '../../error.ts';
import { validate } from '../../validation.ts';
import { sendJson } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';

export function registerVerifyRoutes(
  app: FastifyInstance,
  { verifier, requireScope, limits }: RouteContext,
): void {
  app.addContentTypeParser(
    'application/pdf',
    { parseAs: 'buffer', bodyLimit: limits.bodyBytes },
    (_request, body, done) => done(null, body),
  );

  app.post('/pdf/verify', { onRequest: requireScope('pdf') }, async (request, reply) => {
    const { body } = request;
    if (!Buffer.isBuffer(body)) {
      throw new InfluxionError(
        'UNSUPPORTED_MEDIA_TYPE',
        'Send the PDF itself as the body, with the content type application/pdf.',
      );
    }
    const { standard = [] } = validate(VerifyQuery, request.query, 'query');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new InfluxionError('JOB_CANCELLED', 'The caller went away.')));
    return sendJson(reply, 200, await verifier.verify(body, { standards: standard, signal: gone.signal }));
  });
}
