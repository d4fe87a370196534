/** Which files a document shows by `<img>`, read off its text. */
import { assetPathOf } from '../isolation.ts';

const TAG = /<img\b[^>]*/gi;
const SOURCE = /\ssrc\s*=\s*(?:"([^"&]*)"|'([^'&]*)')/i;
/** Chosen by the size of the screen, or fetched when the image comes near. */
const CHOSEN_LATER = /\s(?:srcset|sizes|loading)\b/i;

/**
 * Paths of the assets; undefined when one of the images is no asset of the document, or which one it is does not stand in
 * its tag. A text that misleads this is still printed right: what its page asks for is seen.
 */
export function plainImages(html: string): readonly string[] | undefined {
  const paths = new Set<string>();
  for (const [tag] of html.matchAll(TAG)) {
    const source = SOURCE.exec(tag);
    const url = source?.[1] ?? source?.[2];
    const path = url === undefined ? undefined : assetPathOf(url);
    if (path === undefined || CHOSEN_LATER.test(tag)) return undefined;
    paths.add(path);
  }
  return [...paths];
}
