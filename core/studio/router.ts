/** The studio's calls on this side of the border: who asks was settled before, here what is asked is parsed and answered. */
import type { StudioFailure, StudioReply } from '../../contract/studio/route.ts';
import {
  isRouteName,
  studioRoutes,
  type ParsedInput,
  type RouteName,
  type RouteOutput,
} from '../../contract/studio/table.ts';
import { InfluxionError } from '../error.ts';
import { toErrorDetail } from '../jobs/job-row.ts';
import type { Logger } from '../ports.ts';
import { validate } from '../validation.ts';

export interface StudioCall {
  /** The window or browser session that asks. */
  readonly client: string;
  /** Aborted when it no longer waits for the answer. */
  readonly signal: AbortSignal;
}

type Awaitable<Value> = Value | Promise<Value>;

export type StudioHandler<Name extends RouteName> = (
  input: ParsedInput<Name>,
  call: StudioCall,
) => Awaitable<RouteOutput<Name>>;

/** One handler a route: a missing one does not compile. */
export type StudioHandlers = { readonly [Name in RouteName]: StudioHandler<Name> };

export interface StudioRouter {
  /** Never rejects. */
  handle(name: string, input: unknown, call: StudioCall): Promise<StudioReply<object>>;
}

export function createStudioRouter(handlers: StudioHandlers, logger: Logger): StudioRouter {
  return {
    async handle(name, input, call) {
      try {
        if (!isRouteName(name)) throw new InfluxionError('NOT_FOUND', 'The studio has no such call.');
        const parsed = validate(studioRoutes[name].input, input, 'input');
        const handler = handlers[name] as (input: unknown, call: StudioCall) => Awaitable<object>;
        return { ok: true, data: await handler(parsed, call) };
      } catch (thrown) {
        const error = InfluxionError.from(thrown);
        if (error.status >= 500 && !call.signal.aborted)
          logger.error({ route: name, err: thrown }, 'A call failed');
        return { ok: false, error: toFailure(error) };
      }
    },
  };
}

function toFailure(error: InfluxionError): StudioFailure {
  const { hint, errors, line, template } = error.details;
  return {
    code: error.code,
    message: error.message,
    hint: hint ?? null,
    errors: [...(errors ?? [])],
    detail: line === undefined && template === undefined ? null : toErrorDetail(error, 'render'),
  };
}
