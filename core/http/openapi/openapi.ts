/** The OpenAPI 3.1 document, made from the operations and the zod schemas of the contract. */
import { z } from 'zod';
import type { Scope } from '../../../contract/access.ts';
import { ERRORS, type ErrorCode } from '../../../contract/errors.ts';
import { Problem } from '../../../contract/problem.ts';
import type { BodyDoc, OperationDoc, ReplyDoc } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { PROBLEM_TYPE, problemType } from '../problem.ts';

type JsonObject = Record<string, unknown>;

const REF = '#/components/schemas/';

const SCOPE_TEXTS: Record<Scope, string> = {
  pdf: 'Make documents and see them',
  'templates.read': 'Read the template library',
  'templates.write': 'Change the template library',
  admin: 'Manage API clients and signing keys, and see the jobs of all clients',
};

/** Failures that any call with a token can have. */
const SHARED_PROBLEMS: readonly ErrorCode[] = [
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'INSUFFICIENT_SCOPE',
  'INTERNAL',
];

const pathOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

/** Of a schema without an id of its own: what the reference would be otherwise. */
function schemaOf(schema: z.ZodType): JsonObject {
  const id = schema.meta()?.id;
  if (id !== undefined) return { $ref: REF + id };
  return jsonSchema(schema);
}

const jsonSchema = (schema: z.ZodType): JsonObject => inDocument(z.toJSONSchema(schema, { io: 'input' }));

/** Within the document the dialect and the place are known. */
const inDocument = (schema: object): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));

/** Every named schema that the document reaches, by name. */
function componentSchemas(roots: readonly z.ZodType[]): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { io: 'input', uri: (id) => REF + id });
  const reached: JsonObject = {};
  const reach = (id: string): void => {
    const schema = schemas[id];
    if (schema === undefined || id in reached) return;
    reached[id] = inDocument(schema);
    for (const [, inner] of JSON.stringify(reached[id]).matchAll(
      /"\$ref":"#\/components\/schemas\/(\w+)"/g,
    )) {
      reach(inner ?? '');
    }
  };
  for (const root of roots) reach(root.meta()?.id ?? '');
  return Object.fromEntries(Object.entries(reached).sort(([a], [b]) => a.localeCompare(b)));
}

function content(bodies: readonly BodyDoc[]): JsonObject {
  return Object.fromEntries(
    bodies.map(({ type, schema, example }) => [
      type,
      {
        ...(schema && { schema: schemaOf(schema) }),
        ...(example !== undefined && { example }),
      },
    ]),
  );
}

const headerDocs = (headers: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

const replyDoc = ({ description, headers, bodies }: ReplyDoc): JsonObject => ({
  description,
  ...(headers && { headers: headerDocs(headers) }),
  ...(bodies && { content: content(bodies) }),
});

const RETRY_AFTER = { 'Retry-After': 'Seconds to wait before trying again' };
const CHALLENGE = { 'WWW-Authenticate': 'What is missing or wrong (RFC 6750 §3)' };

/** Problems of one status share one reply. */
function problemReplies(codes: readonly ErrorCode[]): Record<string, JsonObject> {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, [first, ...others]]) => {
      if (first === undefined) return [String(status), {}];
      const { title } = ERRORS[first];
      const headers = {
        ...((status === 401 || status === 403) && CHALLENGE),
        ...([429, 503, 507].includes(status) && RETRY_AFTER),
      };
      const reply = {
        description: [first, ...others].map((code) => `${ERRORS[code].title} (\`${code}\`)`).join('; '),
        ...(Object.keys(headers).length > 0 && { headers: headerDocs(headers) }),
        content: {
          [PROBLEM_TYPE]: {
            schema: { $ref: `${REF}Problem` },
            example: { type: problemType(first), title, status, detail: `${title}.`, code: first },
          },
        },
      };
      return [String(status), reply];
    }),
  );
}

function parameters(operation: OperationDoc): JsonObject[] {
  const inPath = [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: /^\/(?:pdf|batch)\//.test(operation.path) ? { type: 'integer', minimum: 1 } : { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: jsonSchema(schema as z.ZodType),
  }));
  const inHeader = Object.entries(operation.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeader];
}

function operationDoc(operation: OperationDoc): JsonObject {
  const { scope, bodies, description } = operation;
  const codes = [...(scope ? SHARED_PROBLEMS : []), ...(operation.problems ?? [])];
  const replies = Object.fromEntries(
    operation.replies.map((reply) => [String(reply.status), replyDoc(reply)] as const),
  );
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(description !== undefined && { description }),
    security: scope ? [{ oauth2: [scope] }] : [],
    parameters: parameters(operation),
    ...(bodies && { requestBody: { required: true, content: content(bodies) } }),
    responses: { ...problemReplies(codes), ...replies },
  };
}

const TAGS = {
  Access: 'API clients and their access tokens',
  Documents: 'Jobs that make documents',
  Batches: 'Many documents from one template and a table',
  Templates: 'The template library',
  Keys: 'Keys that sign documents; a private key never leaves its host',
  Webhooks: 'Programs are told when their work has ended, after Standard Webhooks',
  Service: 'The service itself',
};

/** A fresh document; `version` is the product's. */
export function buildOpenApi(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of OPERATIONS) {
    const path = (paths[pathOf(operation.path)] ??= {});
    path[operation.method] = operationDoc(operation);
  }
  const roots = OPERATIONS.flatMap(({ bodies, replies }) => [
    ...(bodies ?? []),
    ...replies.flatMap((reply) => reply.bodies ?? []),
  ]).flatMap(({ schema }) => (schema ? [schema] : []));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Influxion',
      version,
      description:
        'Turns an HTML template, a style sheet and JSON data into a PDF. Failures are `application/problem+json` (RFC 9457); replies may gain fields.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This host' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          description: 'Client credentials (RFC 6749 §4.4); the token goes into `Authorization: Bearer`.',
          flows: { clientCredentials: { tokenUrl: '/token', scopes: SCOPE_TEXTS } },
        },
      },
      schemas: componentSchemas([...roots, Problem]),
    },
  };
}
