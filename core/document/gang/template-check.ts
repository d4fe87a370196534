/** Why documents of a template cannot be printed with others, as far as its options tell. */
import type { PreparedDocument } from '../prepare-document.ts';

export function reasonAgainst({ options, settings }: PreparedDocument): string | undefined {
  if (options.scripts === true) return 'its scripts may look at the whole print';
  if (options.header_html != null || options.footer_html != null) return 'it has header or footer templates';
  if (options.outline === true) return 'it has an outline';
  if (options.page_ranges != null && options.page_ranges.trim() !== '')
    return 'only some of its pages are wanted';
  if (options.transparency === 'flatten') return 'its colours are mixed in the page';
  const { visible } = settings.signature;
  if (visible != null && 'anchor' in visible) return 'an element holds its signature';
  return undefined;
}
