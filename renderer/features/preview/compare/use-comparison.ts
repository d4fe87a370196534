import { useEffect, useState } from 'react';
import { HostFailure, type StudioHost } from '../../../host/studio-host.ts';
import type { Shown } from '../preview-store.ts';
import DiffWorker from './diff-worker.ts?worker';
import { createPageDiffer, type PageDiff, type PageDiffer } from './page-differ.ts';

export interface Comparison {
  readonly differ: PageDiffer;
  /** Those that were looked at and differ. */
  readonly changed: readonly PageDiff[];
  readonly looked: number;
}

export interface ComparisonState {
  readonly comparison: Comparison | undefined;
  readonly failure: HostFailure | undefined;
}

/** Prints the texts of `baseline` with the same data and compares page after page with what is shown. */
export function useComparison(
  host: StudioHost,
  shown: Shown,
  templateId: string,
  baseline: Readonly<Record<string, string>>,
  data: string,
): ComparisonState {
  const [state, setState] = useState<ComparisonState & { readonly of?: Shown }>({
    comparison: undefined,
    failure: undefined,
  });
  useEffect(() => {
    const abort = new AbortController();
    const session = `preview-baseline-${crypto.randomUUID()}`;
    const closing: (() => void)[] = [];
    const tell = (comparison: Comparison): void => {
      if (!abort.signal.aborted) setState({ of: shown, comparison, failure: undefined });
    };
    const run = async (): Promise<void> => {
      const input = { session, template_id: templateId, edits: baseline, data };
      const [opened, mine] = [
        await host.request('preview.render', input, abort.signal),
        shown.output.bytes.slice(),
      ];
      const [before, after] = await Promise.all([
        shown.reader.open(opened.bytes),
        // The document on the desk closes with the next edit; this one stays while it is compared.
        shown.reader.open(mine),
      ]);
      const differ = createPageDiffer(before, after, new DiffWorker());
      closing.push(() => {
        differ.close();
        before.destroy();
        after.destroy();
      });
      let comparison: Comparison = { differ, changed: [], looked: 0 };
      tell(comparison);
      for (let page = 0; page < differ.pages; page += 1) {
        const { changed } = await differ.compare(page);
        abort.signal.throwIfAborted();
        comparison = {
          differ,
          changed: changed > 0 ? [...comparison.changed, { page, changed }] : comparison.changed,
          looked: page + 1,
        };
        tell(comparison);
      }
    };
    const running = run().catch((error: unknown) => {
      if (abort.signal.aborted) return;
      const failure =
        error instanceof HostFailure
          ? error
          : new HostFailure('The two versions cannot be compared.', undefined, error);
      setState({ of: shown, comparison: undefined, failure });
    });
    return () => {
      abort.abort();
      host.request('preview.close', { session }).catch(() => undefined);
      void running.then(() => closing.forEach((close) => close()));
    };
  }, [host, shown, templateId, baseline, data]);
  return state.of === shown ? state : { comparison: undefined, failure: undefined };
}
