/** The template library. A template goes in and out as a zip of its folder. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TemplateImportQuery } from '../../../contract/template.ts';
import { InfluxionError } from '../../error.ts';
import { attachment } from '../content-disposition.ts';
import { sendJson, sendText } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';
import { validate } from '../../validation.ts';

interface ById {
  Params: { id: string };
}

/** The registered type, and what browsers on Windows send. */
const ZIP_TYPES = ['application/zip', 'application/x-zip-compressed'];

function zipOf(request: FastifyRequest): Uint8Array {
  if (Buffer.isBuffer(request.body)) return request.body;
  throw new InfluxionError(
    'UNSUPPORTED_MEDIA_TYPE',
    'A template is sent as the zip of its folder, with the content type application/zip.',
  );
}

export function registerTemplateRoutes(
  app: FastifyInstance,
  { templates, requireScope, limits }: RouteContext,
): void {
  const mayRead = { onRequest: requireScope('templates.read') };
  const mayWrite = { onRequest: requireScope('templates.write') };

  app.addContentTypeParser(
    ZIP_TYPES,
    { parseAs: 'buffer', bodyLimit: limits.bodyBytes },
    (_request, body, done) => {
      done(null, body);
    },
  );

  app.get('/templates', mayRead, async (_request, reply) =>
    sendJson(reply, 200, { templates: await templates.list() }),
  );

  app.get<ById>('/templates/:id', mayRead, async (request, reply) =>
    sendJson(reply, 200, await templates.describe(request.params.id)),
  );

  app.get<{ Params: { id: string; sample: string } }>(
    '/templates/:id/samples/:sample',
    mayRead,
    async ({ params }, reply) =>
      sendText(reply, 200, 'application/json', await templates.readSample(params.id, params.sample)),
  );

  app.get<ById>('/templates/:id/export', mayRead, async ({ params }, reply) => {
    const zip = await templates.exportZip(params.id);
    return reply
      .header('content-type', 'application/zip')
      .header('content-disposition', attachment(`${params.id}.zip`))
      .send(zip);
  });

  app.post('/templates', mayWrite, async (request, reply) => {
    const { name } = validate(TemplateImportQuery, request.query, 'query');
    const id = await templates.importZip(zipOf(request), { ...(name !== undefined && { name }) });
    void reply.header('location', `/templates/${encodeURIComponent(id)}`);
    return sendJson(reply, 201, await templates.describe(id));
  });

  app.put<ById>('/templates/:id', mayWrite, async (request, reply) => {
    const known = (await templates.list()).some(({ id }) => id === request.params.id);
    const id = await templates.importZip(zipOf(request), { name: request.params.id, replace: true });
    void reply.header('location', `/templates/${encodeURIComponent(id)}`);
    return sendJson(reply, known ? 200 : 201, await templates.describe(id));
  });

  app.delete<ById>('/templates/:id', mayWrite, async (request, reply) => {
    await templates.remove(request.params.id);
    return reply.code(204).send();
  });
}
