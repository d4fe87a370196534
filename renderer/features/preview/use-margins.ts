import { useMemo } from 'react';
import { pageMargins, type Margins } from './page-margins.ts';

/** The margins of the open template, from its texts and the edits of them; undefined without the latter. */
export function useMargins(
  baseline: Readonly<Record<string, string>> | undefined,
  edits: Readonly<Record<string, string>> | undefined,
): Margins | undefined {
  return useMemo(() => {
    if (edits === undefined) return undefined;
    const texts: Readonly<Record<string, string>> = { ...baseline, ...edits };
    const styleSheets = Object.entries(texts).filter(([path]) => /\.(?:css|html)$/.test(path));
    return pageMargins(
      styleSheets.map(([, text]) => text),
      texts['influxion.json'],
    );
  }, [baseline, edits]);
}
