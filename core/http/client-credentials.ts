/** The credentials of a token request, after RFC 6749 §2.3.1, §3.2 and §4.4.2, and as JSON like the published page. */
import { TokenRequest, type TokenError } from '../../contract/access.ts';

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

/** A failure in the terms of RFC 6749 §5.2. */
export class TokenRequestError extends Error {
  readonly code: TokenError['error'];
  readonly status: number;

  constructor(code: TokenError['error'], message: string, status = code === 'invalid_client' ? 401 : 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

type Parameters = Partial<Record<'client_id' | 'client_secret' | 'scope' | 'grant_type', string>>;
const NAMES = ['client_id', 'client_secret', 'scope', 'grant_type'] as const;

/** Parameters without a value count as left out, none may come twice (§3.2). */
export function parametersOfForm(form: URLSearchParams): Parameters {
  const parameters: Parameters = {};
  for (const name of form.keys()) {
    if (form.getAll(name).length > 1) {
      throw new TokenRequestError(
        'invalid_request',
        'A parameter comes more than once; each may come only once.',
      );
    }
  }
  for (const name of NAMES) {
    const value = form.get(name);
    if (value !== null && value !== '') parameters[name] = value;
  }
  return parameters;
}

function parametersOfJson(body: unknown): Parameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new TokenRequestError(
      'invalid_request',
      'Send a JSON object or a form with client_id and client_secret.',
    );
  }
  const parameters: Parameters = {};
  for (const name of NAMES) {
    const value = (body as Record<string, unknown>)[name];
    if (value == null || value === '') continue;
    if (typeof value !== 'string') throw new TokenRequestError('invalid_request', `${name} must be a text.`);
    parameters[name] = value;
  }
  return parameters;
}

/** HTTP Basic with both parts form-encoded (§2.3.1); undefined when the header is absent or of another scheme. */
function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = header === undefined ? undefined : /^basic +([\w+/=-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) {
    if (header === undefined) return undefined;
    throw new TokenRequestError('invalid_client', 'The Authorization header is not of the scheme Basic.');
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  try {
    if (colon > 0) return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) };
  } catch {
    // Not form-encoded: no credentials, like the missing colon below.
  }
  throw new TokenRequestError(
    'invalid_client',
    'The Authorization header does not hold a client id and a secret.',
  );
}

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** Throws TokenRequestError. */
export function readCredentials(body: unknown, authorization: string | undefined): ClientCredentials {
  const isForm = body instanceof URLSearchParams;
  const parameters = isForm ? parametersOfForm(body) : parametersOfJson(body);
  const basic = basicCredentials(authorization);
  if (basic !== undefined) {
    const sameId = parameters.client_id === undefined || parameters.client_id === basic.id;
    if (parameters.client_secret !== undefined || !sameId) {
      throw new TokenRequestError(
        'invalid_request',
        'The client shows its credentials in two ways; use the header or the body.',
      );
    }
  }
  requireGrantType(parameters.grant_type, isForm);
  const clientId = basic?.id ?? parameters.client_id;
  const clientSecret = basic?.secret ?? parameters.client_secret;
  if (clientId === undefined || clientSecret === undefined) {
    throw new TokenRequestError('invalid_client', 'client_id and client_secret are needed.');
  }
  const sized = TokenRequest.safeParse({
    client_id: clientId,
    client_secret: clientSecret,
    scope: parameters.scope,
  });
  if (!sized.success) throw new TokenRequestError('invalid_request', 'A parameter is longer than is taken.');
  return { clientId, clientSecret, scope: parameters.scope };
}

/** The published JSON request has no grant_type; a form without one is not the request of RFC 6749 §4.4.2. */
function requireGrantType(grantType: string | undefined, isForm: boolean): void {
  if (grantType === 'client_credentials') return;
  if (grantType !== undefined) {
    throw new TokenRequestError('unsupported_grant_type', 'Only grant_type=client_credentials is offered.');
  }
  if (isForm) {
    throw new TokenRequestError('invalid_request', 'grant_type is missing; send client_credentials.');
  }
}
