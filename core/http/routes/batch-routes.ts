/** Batches: many documents from one template and a table. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  BatchDownloadQuery,
  BatchListQuery,
  BatchQuery,
  BatchRequest,
  BatchRetry,
  BatchRowQuery,
  RowRetry,
} from '../../../contract/batch.ts';
import type { BatchResult } from '../../batch/batch-service.ts';
import { batchNotFound, rowNotFound } from '../../batch/batch-errors.ts';
import { InfluxionError } from '../../error.ts';
import { validate } from '../../validation.ts';
import { callerOf } from '../bearer.ts';
import { attachment } from '../content-disposition.ts';
import { sendOutput } from '../download.ts';
import { sendJson } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';

type BatchCall = FastifyRequest<{ Params: { id: string } }>;
type RowCall = FastifyRequest<{ Params: { id: string; row: string } }>;

const NUMBER = /^[1-9]\d{0,14}$/;

function batchId({ params }: BatchCall): number {
  if (NUMBER.test(params.id)) return Number(params.id);
  throw batchNotFound(Number.NaN);
}

function rowNumber({ params }: RowCall): number {
  if (NUMBER.test(params.row)) return Number(params.row);
  throw rowNotFound(Number(params.id), Number.NaN);
}

/** An empty body asks for nothing in particular. */
const bodyOf = (request: FastifyRequest): unknown => request.body ?? {};

async function sendResult(reply: FastifyReply, result: BatchResult): Promise<FastifyReply> {
  void reply
    .header('content-type', result.type)
    .header('content-disposition', attachment(result.filename))
    .header('cache-control', 'private, no-cache');
  if (result.kind === 'stream') return reply.send(result.stream);
  const facts = await stat(result.path).catch(() => undefined);
  if (facts === undefined) {
    throw new InfluxionError('OUTPUT_MISSING', 'The merged PDF of this batch is no longer there.');
  }
  return reply.header('content-length', String(facts.size)).send(createReadStream(result.path));
}

export function registerBatchRoutes(
  app: FastifyInstance,
  { batches, requireScope, limits }: RouteContext,
): void {
  const onRequest = requireScope('pdf');

  app.post('/pdf/batch', { onRequest }, async (request, reply) => {
    const { dry_run: limit } = validate(BatchQuery, request.query, 'query');
    const asked = validate(BatchRequest, request.body, 'body');
    const caller = callerOf(request);
    if (limit !== undefined) {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      return sendJson(reply, 200, await batches.dryRun(asked, { from: 1, limit }, caller, gone.signal));
    }
    const { id } = await batches.start(asked, caller);
    return sendJson(reply.header('location', `/batch/${id}`), 202, { batch_id: id });
  });

  app.get('/batch', { onRequest }, (request, reply) => {
    const { limit, cursor } = validate(BatchListQuery, request.query, 'query');
    const before = cursor === undefined ? undefined : cursorOf(cursor);
    // One more than asked for tells whether there is another page.
    const found = batches.list(
      { limit: limit + 1, ...(before !== undefined && { before }) },
      callerOf(request),
    );
    const page = found.slice(0, limit);
    const next = found.length > limit ? String(page.at(-1)?.id) : null;
    return sendJson(reply, 200, { batches: page, next_cursor: next });
  });

  app.get('/batch/:id', { onRequest }, (request: BatchCall, reply) =>
    sendJson(reply, 200, batches.get(batchId(request), callerOf(request))),
  );

  app.delete('/batch/:id', { onRequest }, async (request: BatchCall, reply) => {
    await batches.remove(batchId(request), callerOf(request));
    return reply.code(204).send();
  });

  for (const act of ['pause', 'resume', 'cancel'] as const) {
    app.post(`/batch/:id/${act}`, { onRequest }, async (request: BatchCall, reply) =>
      sendJson(reply, 200, await batches[act](batchId(request), callerOf(request))),
    );
  }

  app.post('/batch/:id/retry', { onRequest }, async (request: BatchCall, reply) => {
    const { rows } = validate(BatchRetry, bodyOf(request), 'body');
    return sendJson(reply, 202, await batches.retry(batchId(request), rows ?? undefined, callerOf(request)));
  });

  app.get('/batch/:id/rows', { onRequest }, (request: BatchCall, reply) => {
    const { state, after, limit } = validate(BatchRowQuery, request.query, 'query');
    const found = batches.rows(batchId(request), { state, after, limit: limit + 1 }, callerOf(request));
    const rows = found.slice(0, limit);
    return sendJson(reply, 200, {
      rows,
      next_after: found.length > limit ? (rows.at(-1)?.row ?? null) : null,
    });
  });

  app.get('/batch/:id/rows/:row', { onRequest }, async (request: RowCall, reply) =>
    sendJson(reply, 200, await batches.row(batchId(request), rowNumber(request), callerOf(request))),
  );

  app.post('/batch/:id/rows/:row/retry', { onRequest }, async (request: RowCall, reply) => {
    const { data } = validate(RowRetry, bodyOf(request), 'body');
    const batch = await batches.retryRow(batchId(request), rowNumber(request), data, callerOf(request));
    return sendJson(reply, 202, batch);
  });

  app.route({
    method: ['GET', 'HEAD'],
    url: '/batch/:id/rows/:row/download',
    onRequest,
    handler: async (request: RowCall, reply) => {
      const document = batches.document(batchId(request), rowNumber(request), callerOf(request));
      return sendOutput(request, reply, document, limits);
    },
  });

  app.get('/batch/:id/download', { onRequest }, async (request: BatchCall, reply) => {
    const { as } = validate(BatchDownloadQuery, request.query, 'query');
    return sendResult(reply, batches.result(batchId(request), as, callerOf(request)));
  });

  app.get('/batch/:id/index.csv', { onRequest }, async (request: BatchCall, reply) =>
    sendResult(reply, batches.index(batchId(request), callerOf(request))),
  );
}

function cursorOf(cursor: string): number {
  if (NUMBER.test(cursor)) return Number(cursor);
  const message = 'The cursor must be the next_cursor of an earlier page.';
  throw new InfluxionError('VALIDATION_FAILED', message, { errors: [{ path: 'cursor', message }] });
}
