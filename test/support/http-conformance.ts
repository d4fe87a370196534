/** Holds live replies against the served OpenAPI document. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { buildOpenApi } from '../../core/http/openapi/openapi.ts';

interface ReplyObject {
  readonly headers?: Record<string, unknown>;
  readonly content?: Record<string, { readonly schema?: object }>;
}
interface Document {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, ReplyObject> }>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = buildOpenApi('1.2.3') as unknown as Document;
// Formats come with patterns of their own, so the names need no plugin.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', components: document.components });
const compiled = new Map<object, ValidateFunction>();

function validator(schema: object): ValidateFunction {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components');
    compiled.set(schema, (validate = ajv.compile(JSON.parse(text) as object)));
  }
  return validate;
}

const templates = Object.keys(document.paths).map((path) => ({
  path,
  // Fixed segments win over parameters, as in the router.
  weight: path.split('{').length,
  matches: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));
templates.sort((a, b) => a.weight - b.weight);

/** What is wrong with a reply, or undefined. Addresses that the document does not know are left alone. */
export function nonconformance(
  method: string,
  url: string,
  reply: { readonly status: number; readonly type: string | null; readonly text: string },
): string | undefined {
  const path = url.replace(/\?.*$/, '');
  const template = templates.find(({ matches }) => matches.test(path));
  const operation = template && document.paths[template.path]?.[method.toLowerCase()];
  if (operation === undefined || reply.status === 421) return undefined;
  const where = `${method} ${path} → ${reply.status} ${reply.type ?? 'without type'}`;
  const described = operation.responses[String(reply.status)];
  if (described === undefined) return `${where}: the document has no such status`;
  if (described.content === undefined) return reply.text === '' ? undefined : `${where}: a body`;
  const type = reply.type?.split(';')[0] ?? '';
  const media = described.content[type];
  if (media === undefined) return `${where}: the document has no such content type`;
  if (media.schema === undefined || !type.endsWith('json')) return undefined;
  const validate = validator(media.schema);
  return validate(JSON.parse(reply.text)) ? undefined : `${where}: ${ajv.errorsText(validate.errors)}`;
}
