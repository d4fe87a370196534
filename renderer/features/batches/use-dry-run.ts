import { useEffect, useState } from 'react';
import type { DryRow } from '../../../contract/batch.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import type { RouteInput } from '../../../contract/studio/table.ts';
import type { Draft } from './batches-store.ts';

/** As long as a person pauses between two keys. */
const AFTER_MS = 200;

type DryRunInput = RouteInput<'batches.dry_run'>;

/** What a draft asks of its rows `from` …; undefined while its file is on the way. */
export function dryRunOf(draft: Draft, from: number, limit: number): DryRunInput | undefined {
  const { upload, reading, columns, locale, name, rowsFile } = draft;
  if (upload === undefined || rowsFile === undefined) return undefined;
  return {
    upload,
    reading,
    ...(columns.length > 0 && { mapping: { columns: [...columns], ...(locale !== '' && { locale }) } }),
    name: name === '' ? '{{@row}}.pdf' : name,
    from,
    limit,
  };
}

export interface ShownRow {
  /** Undefined until it is there, and where the file has no such row. */
  readonly row: DryRow | undefined;
  readonly failure: Error | undefined;
}

/** The row that a draft shows, as its document would get it; follows every change of the mapping. */
export function useShownRow(host: StudioHost, draft: Draft): ShownRow {
  const [shown, setShown] = useState<ShownRow>({ row: undefined, failure: undefined });
  const input = dryRunOf(draft, draft.row, 1);
  const key = input === undefined ? undefined : JSON.stringify(input);
  useEffect(() => {
    if (key === undefined) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async (): Promise<void> => {
      try {
        const { rows } = await host.request('batches.dry_run', JSON.parse(key) as DryRunInput, signal);
        if (!signal.aborted) setShown({ row: rows[0], failure: undefined });
      } catch (error) {
        if (!signal.aborted) setShown({ row: undefined, failure: error as Error });
      }
    };
    const timer = setTimeout(() => void ask(), AFTER_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [host, key]);
  return shown;
}
