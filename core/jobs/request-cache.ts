import type { GenerateRequest } from '../../contract/job.ts';

/** Parsed requests of jobs that have not run yet, so that a job claimed soon after its submission is not parsed again. */
export interface RequestCache {
  put(id: number, request: GenerateRequest, bytes: number): void;
  /** Takes it out. */
  take(id: number): GenerateRequest | undefined;
}

/** `maxBytes`: of JSON text in all; the oldest give way. */
export function createRequestCache(maxBytes: number): RequestCache {
  const entries = new Map<number, { readonly request: GenerateRequest; readonly bytes: number }>();
  let total = 0;

  const take = (id: number): GenerateRequest | undefined => {
    const entry = entries.get(id);
    if (entry === undefined) return undefined;
    entries.delete(id);
    total -= entry.bytes;
    return entry.request;
  };

  return {
    take,
    put(id, request, bytes) {
      if (bytes > maxBytes) return;
      take(id);
      entries.set(id, { request, bytes });
      total += bytes;
      for (const oldest of entries.keys()) {
        if (total <= maxBytes) break;
        take(oldest);
      }
    },
  };
}
