import type { ReactElement } from 'react';

/** The API's reference, in a tab or browser of its own; nothing while there is no `url`. */
export function ReferenceLink({ url }: { readonly url: string | undefined }): ReactElement | null {
  if (url === undefined) return null;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      API reference
    </a>
  );
}
