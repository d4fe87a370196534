/** Ids of tasks that shall not run any more, the oldest forgotten first (celery/worker/state.py). */
export interface Revoked {
  add(id: string): void;
  has(id: string): boolean;
  list(): string[];
}

/** Celery's REVOKES_MAX and REVOKE_EXPIRES. */
const MOST = 50_000;
const KEPT_MS = 10_800_000;

export function createRevoked(now: () => number): Revoked {
  const since = new Map<string, number>();
  const dropOld = (): void => {
    for (const [id, at] of since) {
      if (since.size <= MOST && now() - at < KEPT_MS) return;
      since.delete(id);
    }
  };
  return {
    add(id) {
      since.delete(id);
      since.set(id, now());
      dropOld();
    },
    has: (id) => since.has(id),
    list() {
      dropOld();
      return [...since.keys()];
    },
  };
}
