/** The latest requests to the API, for its owner to watch. */
import type { SeenRequest } from '../../contract/studio/api.ts';

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** As it came, with its query. */
  readonly url: string;
  readonly status: number;
  readonly ms: number;
  readonly clientId: string | undefined;
  /** IP address. */
  readonly remote: string;
}

export interface SeenRequests {
  add(request: AnsweredRequest): void;
  /** Oldest first. */
  list(): SeenRequest[];
  /** Those after `seq`, oldest first, as far as they are still known. */
  after(seq: number): SeenRequest[];
  /** Of the latest request; 0 before the first. */
  readonly lastSeq: number;
}

const KEPT = 200;
const MOST_PATH = 200;

interface Kept extends AnsweredRequest {
  readonly seq: number;
  readonly at: number;
}

/** The studio's own calls are no requests to the API. A query may hold what was meant to stay secret, so it is left out. */
export function createSeenRequests(now: () => number): SeenRequests {
  const kept: Kept[] = [];
  let seq = 0;

  const view = ({ seq: number, at, method, url, status, ms, clientId, remote }: Kept): SeenRequest => ({
    seq: number,
    at: new Date(at).toISOString(),
    method,
    path: url.replace(/[?#].*$/s, '').slice(0, MOST_PATH),
    status,
    ms: Math.round(ms * 10) / 10,
    client_id: clientId ?? null,
    remote: remote.replace(/^::ffff:/, ''),
  });

  return {
    add(request) {
      seq += 1;
      kept.push({ ...request, seq, at: now() });
      if (kept.length > KEPT) kept.shift();
    },
    list: () => kept.map(view),
    after: (from) => kept.filter((request) => request.seq > from).map(view),
    get lastSeq() {
      return seq;
    },
  };
}
