import type { RequireScope } from '../bearer.ts';
import type { HttpDeps, HttpLimits } from '../http-deps.ts';
import type { Waits } from '../waits.ts';

/** What the groups of routes share. */
export interface RouteContext extends Omit<HttpDeps, 'limits'> {
  readonly limits: HttpLimits;
  readonly requireScope: RequireScope;
  readonly waits: Waits;
}
