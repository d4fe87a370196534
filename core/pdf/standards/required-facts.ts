/** What a document must say about itself at some levels, and only its author can know. */
import type { Findings } from './findings.ts';
import type { MetadataModel } from './metadata-model.ts';

/** PDF/UA wants a title (ISO 14289-1 §7.1, 14289-2 §8.11.1) and a language (ISO 14289-1 §7.2, 14289-2 §8.4.4). */
export function requireFacts(
  { standards: { ua }, title, language }: MetadataModel,
  findings: Findings,
): void {
  if (ua === undefined) return;
  const standard = `pdf/ua-${ua}`;
  if (title === undefined) {
    findings.violate({
      standard,
      rule: ua === 1 ? '7.1-9' : '8.11.1-1',
      message: 'The document has no title.',
      hint: 'Give the HTML a <title>, or set metadata.title.',
    });
  }
  if (language === undefined) {
    findings.violate({
      standard,
      rule: ua === 1 ? '7.2-34' : '8.4.4-1',
      message: 'The document does not say its language.',
      hint: 'Write <html lang="…">, or set metadata.language.',
    });
  }
}
