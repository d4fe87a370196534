import type { FastifyReply } from 'fastify';

const asIs = (payload: unknown): string => payload as string;

/** JSON as `application/json` without a charset parameter, which that type does not have (RFC 8259 §11). */
export function sendJson(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return sendText(reply, status, 'application/json', JSON.stringify(value));
}

/** A finished text of any type, the type told exactly as given. */
export function sendText(reply: FastifyReply, status: number, type: string, text: string): FastifyReply {
  return reply.code(status).header('content-type', type).serializer(asIs).send(text);
}
