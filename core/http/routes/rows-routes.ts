/** Rows files, taken in as they come: whatever their type is called, the body goes to the disk and is looked at there. */
import type { FastifyInstance } from 'fastify';
import { RowsUploadQuery } from '../../../contract/batch.ts';
import { InfluxionError } from '../../error.ts';
import { validate } from '../../validation.ts';
import { sendJson } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';

const ENDINGS: Readonly<Record<string, string>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
};

export function registerRowsRoutes(app: FastifyInstance, { batches, requireScope }: RouteContext): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.post('/batch/rows', { onRequest: requireScope('pdf') }, async (request, reply) => {
    const { filename, format } = validate(RowsUploadQuery, request.query, 'query');
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (request.body === undefined || request.body === null) {
      throw new InfluxionError('ROWS_INVALID', 'The body is empty.', {
        hint: 'Send the rows file as the body.',
      });
    }
    const name = filename ?? `rows.${ENDINGS[type] ?? 'csv'}`;
    const file = await batches.uploads.keep(
      name,
      request.body as AsyncIterable<Uint8Array>,
      format === undefined ? undefined : { format },
    );
    return sendJson(reply, 201, file);
  });
}
