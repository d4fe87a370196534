import { useEffect, useState } from 'react';
import type { Host } from '../../host/host.ts';

export interface Draft {
  readonly text: string;
  readonly loading: boolean;
  readonly edited: boolean;
  readonly error: Error | undefined;
  readonly edit: (text: string) => void;
  /** Back to the sample as it lies in the library. */
  readonly reset: () => void;
}

const put = <Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> =>
  new Map(map).set(key, value);

/**
 * The data being edited for one sample of one template. What was typed is kept while other samples are looked at.
 * Without a template or a sample the draft starts as `{}`.
 */
export function useDraft(host: Host, templateId: string | undefined, sample: string | undefined): Draft {
  const [originals, setOriginals] = useState<ReadonlyMap<string, string>>(new Map());
  const [drafts, setDrafts] = useState<ReadonlyMap<string, string>>(new Map());
  const [failures, setFailures] = useState<ReadonlyMap<string, Error>>(new Map());

  const key = `${templateId ?? ''}/${sample ?? ''}`;
  const original = sample === undefined ? '{}' : originals.get(key);
  const error = failures.get(key);

  useEffect(() => {
    if (templateId === undefined || sample === undefined || original !== undefined || error !== undefined)
      return;
    const controller = new AbortController();
    host.sample(templateId, sample, controller.signal).then(
      (text) => setOriginals((known) => put(known, key, text)),
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        setFailures((known) => put(known, key, reason instanceof Error ? reason : new Error(String(reason))));
      },
    );
    return () => controller.abort();
  }, [host, templateId, sample, key, original, error]);

  const text = drafts.get(key) ?? original ?? '';
  return {
    text,
    loading: original === undefined && error === undefined,
    edited: original !== undefined && text !== original,
    error,
    edit: (typed) => setDrafts((known) => put(known, key, typed)),
    reset: () => setDrafts((known) => put(known, key, original ?? '{}')),
  };
}
