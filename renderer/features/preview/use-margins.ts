import { useEffect, useState } from 'react';
import type { StudioHost } from '../../host/studio-host.ts';
import { pageMargins, type Margins } from './page-margins.ts';

interface Texts {
  readonly templateId: string;
  readonly byPath: Readonly<Record<string, string>>;
}

/** The margins of the open template, from its saved texts and the edits of them; undefined while `isWanted` is false. */
export function useMargins(
  host: StudioHost,
  templateId: string | null,
  edits: Readonly<Record<string, string>>,
  isWanted: boolean,
): Margins | undefined {
  const [saved, setSaved] = useState<Texts>();
  useEffect(() => {
    if (!isWanted || templateId === null) return undefined;
    const abort = new AbortController();
    host.request('templates.open', { id: templateId }, abort.signal).then(
      ({ files }) => {
        const known = files.flatMap(({ path, text }) => (text === null ? [] : [[path, text] as const]));
        setSaved({ templateId, byPath: Object.fromEntries(known) });
      },
      // Guides are an aid: without the saved texts those of the edits do.
      () => undefined,
    );
    return () => abort.abort();
  }, [host, templateId, isWanted]);

  if (!isWanted) return undefined;
  const texts: Readonly<Record<string, string>> = {
    ...(saved?.templateId === templateId ? saved.byPath : {}),
    ...edits,
  };
  const styleSheets = Object.entries(texts).filter(([path]) => /\.(?:css|html)$/.test(path));
  return pageMargins(
    styleSheets.map(([, text]) => text),
    texts['influxion.json'],
  );
}
