import type { ApiClient, CreatedClient, Scope } from '../../contract/access.ts';

/** What a verified access token says. */
export interface Access {
  readonly clientId: string;
  readonly scopes: readonly Scope[];
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly Scope[];
}

/** API clients and their access tokens (RFC 6749 §4.4, RFC 9068). */
export interface AccessService {
  createClient(input: { readonly name: string; readonly scopes?: readonly Scope[] }): Promise<CreatedClient>;
  listClients(): ApiClient[];
  /** CLIENT_NOT_FOUND. Its tokens stop working at once. */
  removeClient(clientId: string): void;
  /**
   * Client credentials for a token. `scope` as in RFC 6749 §3.3; none, or any `…/.default`, grants all that the client
   * may do. Wrong credentials are UNAUTHORIZED, a scope beyond the client's is INSUFFICIENT_SCOPE.
   */
  issueToken(clientId: string, clientSecret: string, scope: string | undefined): Promise<IssuedToken>;
  /** UNAUTHORIZED when it is malformed, forged, expired, or its client is gone. */
  verifyToken(token: string): Promise<Access>;
}
