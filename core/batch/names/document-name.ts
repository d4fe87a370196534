/** File names that every file system takes, told apart by every one. */
import { compilePattern, type NamePart } from './name-pattern.ts';

/** What Windows refuses in a name, what would lead elsewhere, and what is not seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu;
/** Devices of Windows, with whatever ending (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;
/** ext4, APFS and NTFS take 255 bytes or units; what is left is for a number and a temporary name. */
const MAX_BYTES = 180;

/** A name without its ending, from any text; empty when nothing is left of it. */
export function safeStem(text: string): string {
  const clean = text
    .normalize('NFC')
    .toWellFormed()
    .replace(UNSAFE, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const short = shorten(clean, MAX_BYTES).replace(/[. ]+$/, '');
  return DEVICE.test(short) ? `_${short}` : short;
}

/** A whole name with its ending, such as `.pdf`; `fallback` where nothing is left of the text. */
export function safeFileName(text: string, ending: string, fallback = 'document'): string {
  const bare = text.toLowerCase().endsWith(ending) ? text.slice(0, -ending.length) : text;
  return `${safeStem(bare) || fallback}${ending}`;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cut between characters as people see them: half an emoji is none. */
function shorten(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    kept += segment;
  }
  return kept;
}

/** Equal for names that some file system takes for the same: those that ignore case, or how letters are composed. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** `invoice.pdf`, `invoice (2).pdf` … */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)} (${number})${name.slice(dot)}`;
}

export const DEFAULT_NAME_PATTERN = '{{@row}}.pdf';

/** Errors: VALIDATION_FAILED. The function gives the name of a row's document, or says why it has none. */
export function createNamer(
  pattern: string,
): (data: unknown, row: number) => { readonly name: string } | { readonly problem: string } {
  const parts = compilePattern(pattern);
  return (data, row) => {
    const missing = parts.find((part) => part.isData && part.valueOf(data, row) === '');
    if (missing !== undefined)
      return { problem: `${missing.text}: there is nothing for the name of the document.` };
    const text = parts.map((part: NamePart) => part.valueOf(data, row)).join('');
    return { name: safeFileName(text, '.pdf', `row ${row}`) };
  };
}
