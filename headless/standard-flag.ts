import { PdfStandards } from '../contract/standard.ts';
import { UsageError } from './usage-error.ts';

/** `pdf/a-2b`, `a-2b`, `2b`, or two of them with a plus or a comma between, such as `2a+ua-1`. */
export function parseStandard(text: string): string[] {
  const names = text.split(/[,+]/).map((part) => {
    const name = part.trim().toLowerCase();
    const full = /^\d/.test(name) ? `pdf/a-${name}` : name.startsWith('pdf/') ? name : `pdf/${name}`;
    return full.replace(/^pdf\/ua(?=\d)/, 'pdf/ua-');
  });
  const parsed = PdfStandards.safeParse(names);
  if (parsed.success) return names;
  throw new UsageError(`--standard: ${parsed.error.issues[0]?.message ?? 'not valid'}.`);
}
