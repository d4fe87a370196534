import { useMemo } from 'react';
import { pageMargins, type Margins } from './page-margins.ts';

/** The margins of the open template, from its texts and the edits of them; undefined while `isWanted` is false. */
export function useMargins(
  baseline: Readonly<Record<string, string>> | undefined,
  edits: Readonly<Record<string, string>>,
  isWanted: boolean,
): Margins | undefined {
  return useMemo(() => {
    if (!isWanted) return undefined;
    const texts: Readonly<Record<string, string>> = { ...baseline, ...edits };
    const styleSheets = Object.entries(texts).filter(([path]) => /\.(?:css|html)$/.test(path));
    return pageMargins(
      styleSheets.map(([, text]) => text),
      texts['influxion.json'],
    );
  }, [baseline, edits, isWanted]);
}
