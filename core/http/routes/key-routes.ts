/** The keys that sign documents: public facts for every program, the rest for clients with the scope `admin`. */
import type { FastifyInstance } from 'fastify';
import { CreateKeyRequest, ImportKeyRequest, KeyId, SignatureValueRequest } from '../../../contract/key.ts';
import { validate } from '../../validation.ts';
import { assertOwner } from '../bearer.ts';
import { attachment } from '../content-disposition.ts';
import { sendJson, sendText } from '../json-reply.ts';
import type { RouteContext } from './route-context.ts';

interface ById {
  Params: { id: string };
}

const addressOf = (id: string): string => `/keys/${encodeURIComponent(id)}`;

export function registerKeyRoutes(app: FastifyInstance, { keys, requireScope }: RouteContext): void {
  const mayRead = { onRequest: requireScope('pdf') };
  const mayManage = { onRequest: requireScope('admin') };

  app.get('/keys', mayRead, (_request, reply) => sendJson(reply, 200, { keys: keys.list() }));

  app.get<ById>('/keys/:id', mayRead, ({ params }, reply) => sendJson(reply, 200, keys.get(params.id)));

  app.get<ById>('/keys/:id/certificate', mayRead, ({ params }, reply) => {
    const pem = keys.exportCertificates(params.id);
    void reply.header('content-disposition', attachment(`${params.id}.pem`));
    return sendText(reply, 200, 'application/pem-certificate-chain', pem);
  });

  app.post('/keys', mayManage, async (request, reply) => {
    const key = await keys.create(validate(CreateKeyRequest, request.body, 'body'));
    return sendJson(reply.header('location', addressOf(key.id)), 201, key);
  });

  app.put<ById>('/keys/:id', mayManage, async (request, reply) => {
    const id = validate(KeyId, request.params.id, 'id');
    const { content, passphrase } = validate(ImportKeyRequest, request.body, 'body');
    // The bytes of the request hold the file and its passphrase.
    request.source?.fill(0);
    const file = Buffer.from(content, 'base64');
    const key = await keys.import({ id, file, ...(passphrase !== undefined && { passphrase }) });
    return sendJson(reply.header('location', addressOf(key.id)), 201, key);
  });

  // For the commands of the person whose keys these are: signing is theirs anyway, while a program signs documents, not bytes.
  app.post<ById>('/keys/:id/signature', mayManage, async (request, reply) => {
    assertOwner(request);
    const { data, hash } = validate(SignatureValueRequest, request.body, 'body');
    const signer = await keys.signer(request.params.id);
    const value = await signer.sign(Buffer.from(data, 'base64'), hash);
    return sendJson(reply, 200, { value: Buffer.from(value).toString('base64') });
  });

  app.delete<ById>('/keys/:id', mayManage, async ({ params }, reply) => {
    await keys.remove(params.id);
    return reply.code(204).send();
  });
}
