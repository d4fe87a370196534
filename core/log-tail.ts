/** The last records of the log, kept for diagnostics: sentences and a few plain facts, nothing that a document is made of. */
import type { Logger } from './ports.ts';

export interface LogTail {
  /** Hands everything on and keeps what is worth showing. */
  readonly logger: Logger;
  /** Oldest first. */
  readonly lines: () => readonly string[];
}

const KEPT = 100;

/** The only facts that are kept: names and numbers of the program's own making. */
const SHOWN = ['part', 'route', 'method', 'status', 'job', 'jobs', 'attempt', 'ms', 'code'] as const;

export function keepLogTail(logger: Logger, now: () => number): LogTail {
  const lines: string[] = [];
  const keep = (level: string, facts: object, message: string): void => {
    const shown = SHOWN.map((name) => [name, (facts as Record<string, unknown>)[name]] as const)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => `${name}=${String(value)}`);
    const failure = failureOf((facts as { readonly err?: unknown }).err);
    lines.push([new Date(now()).toISOString(), level, message, ...shown, ...failure].join(' '));
    if (lines.length > KEPT) lines.shift();
  };
  const wrap = (inner: Logger, bindings: object): Logger => ({
    debug: (facts, message) => inner.debug(facts, message),
    info(facts, message) {
      keep('info', { ...bindings, ...facts }, message);
      inner.info(facts, message);
    },
    warn(facts, message) {
      keep('warn', { ...bindings, ...facts }, message);
      inner.warn(facts, message);
    },
    error(facts, message) {
      keep('error', { ...bindings, ...facts }, message);
      inner.error(facts, message);
    },
    child: (more) => wrap(inner.child(more), { ...bindings, ...more }),
  });
  return { logger: wrap(logger, {}), lines: () => lines };
}

/** The kind of an error, never its message: that may quote a template or name a path. */
function failureOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as { readonly code?: unknown };
  return [`error=${error.name}${typeof code === 'string' ? `/${code}` : ''}`];
}
