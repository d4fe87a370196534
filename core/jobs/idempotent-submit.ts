/**
 * One job for one `Idempotency-Key`, however often and however parallel it comes
 * (draft-ietf-httpapi-idempotency-key-header-07).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../error.ts';
import type { StoredKey } from '../store/idempotency-keys.ts';

export interface KeyedRequest {
  readonly clientId: string;
  readonly key: string;
  /** Of the whole request. */
  readonly fingerprint: string;
}

export interface IdempotentSubmit {
  /**
   * The job of the key, made by `accept` the first time. Requests that come while the first is still being accepted wait
   * for it. Errors: IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS, and those of `accept`.
   */
  once(
    request: KeyedRequest,
    accept: () => Promise<number>,
  ): Promise<{ readonly id: number; readonly replayed: boolean }>;
}

const JOIN_MS = 10_000;

export function createIdempotentSubmit(
  find: (clientId: string, key: string) => StoredKey | undefined,
): IdempotentSubmit {
  const underWay = new Map<string, { readonly fingerprint: string; readonly id: Promise<number> }>();

  return {
    async once({ clientId, key, fingerprint }, accept) {
      const name = JSON.stringify([clientId, key]);
      for (;;) {
        const first = underWay.get(name);
        if (first === undefined) break;
        if (first.fingerprint !== fingerprint) throw mismatch();
        const id = await join(first.id);
        if (id !== undefined) return { id, replayed: true };
      }
      const stored = find(clientId, key);
      if (stored !== undefined) {
        if (stored.fingerprint !== fingerprint) throw mismatch();
        return { id: stored.jobId, replayed: true };
      }
      const id = accept();
      underWay.set(name, { fingerprint, id });
      try {
        return { id: await id, replayed: false };
      } finally {
        underWay.delete(name);
      }
    },
  };
}

/** The id, or undefined when the first request was refused: then the next in line is the first. */
async function join(first: Promise<number>): Promise<number | undefined> {
  const over = new AbortController();
  const late = sleep(JOIN_MS, 'late' as const, { signal: over.signal }).catch(() => 'late' as const);
  try {
    const id = await Promise.race([first.catch(() => undefined), late]);
    if (id !== 'late') return id;
  } finally {
    over.abort();
  }
  throw new InfluxionError(
    'IDEMPOTENCY_IN_PROGRESS',
    'A request with this Idempotency-Key is still being accepted.',
    { hint: 'Send it again in a moment.', retryAfterSeconds: 1 },
  );
}

function mismatch(): InfluxionError {
  return new InfluxionError(
    'IDEMPOTENCY_MISMATCH',
    'This Idempotency-Key was already used with a different request.',
    { hint: 'Use a new key for a new request.' },
  );
}
