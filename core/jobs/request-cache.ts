import type { GenerateRequest } from '../../contract/job.ts';

/** Parsed requests of jobs that have not run yet, so that a job claimed soon after its submission is not parsed again. */
export interface RequestCache {
  put(id: number, request: GenerateRequest, characters: number): void;
  /** Takes it out. */
  take(id: number): GenerateRequest | undefined;
}

/** `maxCharacters`: of JSON text in all; the oldest give way. */
export function createRequestCache(maxCharacters: number): RequestCache {
  const entries = new Map<number, { readonly request: GenerateRequest; readonly characters: number }>();
  let total = 0;

  const take = (id: number): GenerateRequest | undefined => {
    const entry = entries.get(id);
    if (entry === undefined) return undefined;
    entries.delete(id);
    total -= entry.characters;
    return entry.request;
  };

  return {
    take,
    put(id, request, characters) {
      if (characters > maxCharacters) return;
      take(id);
      entries.set(id, { request, characters });
      total += characters;
      for (const oldest of entries.keys()) {
        if (total <= maxCharacters) break;
        take(oldest);
      }
    },
  };
}
