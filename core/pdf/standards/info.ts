/** The document information dictionary (ISO 32000-2 §14.3.3): the same as the XMP packet says. */
import { PdfDict, type PdfObject } from '../revision/objects.ts';
import { textString } from '../revision/text-string.ts';
import type { MetadataModel } from './metadata-model.ts';

const text = (value: string | undefined): PdfObject | undefined =>
  value === undefined ? undefined : textString(value);

/** ISO 32000-2 §7.9.4. */
export const pdfDate = (date: Date): string =>
  `D:${date.toISOString().replaceAll(/\D/g, '').slice(0, 14)}+00'00'`;

export function infoDict(model: MetadataModel): PdfDict {
  const { keywords, date } = model;
  return PdfDict.of({
    Title: text(model.title),
    Author: text(model.author),
    Subject: text(model.subject),
    Keywords: text(keywords.length === 0 ? undefined : keywords.join(', ')),
    Creator: text(model.creator),
    Producer: text(model.producer),
    CreationDate: text(pdfDate(date)),
    ModDate: text(pdfDate(date)),
  });
}
