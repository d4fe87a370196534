/** One model of what a file says about itself, from which XMP and Info are both written (ISO 19005-1 §6.7.3). */
import type { PdfDocument } from '../revision/document.ts';
import { PdfString } from '../revision/objects.ts';
import { textOf } from '../revision/text-string.ts';
import { identityOf, type Identity } from './identity.ts';
import type { Standards } from './model.ts';
import type { ConformPlan } from './plan.ts';

export interface MetadataModel {
  readonly title: string | undefined;
  readonly author: string | undefined;
  readonly subject: string | undefined;
  readonly keywords: readonly string[];
  readonly language: string | undefined;
  /** The caller's name of the document. */
  readonly identifier: string | undefined;
  readonly identity: Identity;
  readonly creator: string;
  /** What wrote the pages. */
  readonly producer: string | undefined;
  readonly date: Date;
  readonly standards: Standards;
}

/** Of a file that is made anew at any time from the same input. */
const FIXED_DATE = new Date('2000-01-01T00:00:00Z');

/** The model of a plan; who wrote the pages is what the printed file says. */
export function metadataModel(document: PdfDocument, plan: ConformPlan): MetadataModel {
  const info = document.dictAt(document.trailer, 'Info');
  const producer = document.resolve(info?.get('Producer'));
  return modelOf(plan, producer instanceof PdfString ? textOf(producer) : undefined);
}

/** `producer`: what wrote the pages. */
export function modelOf(
  plan: Pick<ConformPlan, 'metadata' | 'standards' | 'now' | 'seed'>,
  producer: string | undefined,
): MetadataModel {
  const { metadata, standards, now, seed } = plan;
  return {
    title: cleaned(metadata.title),
    author: cleaned(metadata.author),
    subject: cleaned(metadata.subject),
    keywords: metadata.keywords.flatMap((keyword) => cleaned(keyword) ?? []),
    language: languageFor(standards, metadata.language),
    identifier: cleaned(metadata.documentId),
    identity: identityOf(plan),
    creator: 'Influxion',
    producer: cleaned(producer),
    date: seed === undefined ? now : FIXED_DATE,
    standards,
  };
}

/** PDF/A-1 goes by RFC 1766, whose subtags have letters alone: `es-419` is `es` there (ISO 19005-1 §6.8.4). */
function languageFor({ pdfa }: Standards, language: string | undefined): string | undefined {
  return pdfa?.part === 1 ? language?.replace(/-[a-z]*\d.*$/i, '') : language;
}

/** What XML can hold, in one line: a line end would come out of the two places differently. */
function cleaned(text: string | undefined): string | undefined {
  const clean = text
    ?.toWellFormed()
    .replaceAll(/[\s\p{Cc}\u{fffe}\u{ffff}]+/gu, ' ')
    .trim();
  return clean === '' ? undefined : clean;
}
