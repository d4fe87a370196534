/**
 * Hot folders, for the commands of the person whose host this is: they read and write folders of this computer, which no
 * program on the network names.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AddHotFolderRequest, ChangeHotFolderRequest } from '../../../contract/hot-folder.ts';
import { validate } from '../../validation.ts';
import { assertOwner } from '../bearer.ts';
import { sendJson } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';

interface ById {
  Params: { id: string };
}

const FilesQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });

export function registerHotFolderRoutes(
  app: FastifyInstance,
  { hotFolders, requireScope }: RouteContext,
): void {
  const mayManage = { onRequest: requireScope('admin') };

  app.get('/hot-folders', mayManage, (request, reply) => {
    assertOwner(request);
    return sendJson(reply, 200, hotFolders.list());
  });

  app.post('/hot-folders', mayManage, async (request, reply) => {
    assertOwner(request);
    const folder = await hotFolders.add(validate(AddHotFolderRequest, request.body, 'body'));
    return sendJson(reply, 201, folder);
  });

  app.put<ById>('/hot-folders/:id', mayManage, async (request, reply) => {
    assertOwner(request);
    const change = validate(ChangeHotFolderRequest, request.body, 'body');
    return sendJson(reply, 200, await hotFolders.change(Number(request.params.id), change));
  });

  app.delete<ById>('/hot-folders/:id', mayManage, async (request, reply) => {
    assertOwner(request);
    await hotFolders.remove(Number(request.params.id));
    return reply.code(204).send();
  });

  app.get<ById>('/hot-folders/:id/files', mayManage, (request, reply) => {
    assertOwner(request);
    const { limit } = validate(FilesQuery, request.query, 'query');
    return sendJson(reply, 200, hotFolders.files(Number(request.params.id), limit));
  });
}
