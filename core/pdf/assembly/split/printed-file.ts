/**
 * A file as Chromium prints it (one revision, a plain cross-reference table, no object streams), object by object as text: parts of
 * it are copied by the thousand, and only the numbers in them change.
 */
import { memorySource } from '../../revision/byte-source.ts';
import { PdfDocument } from '../../revision/document.ts';
import { damaged } from '../../revision/pdf-error.ts';

export interface PrintedObject {
  /** Latin-1; of a stream its dictionary. */
  readonly text: string;
  /** From the word `stream` to the word `endstream`. */
  readonly stream: Uint8Array | undefined;
}

/** A string, or a reference. A name holds no white space, so none of its digits is taken for one. */
const REFERENCE = /\((?:[^()\\]|\\[^])*\)|(\d+) 0 R\b/g;
const ENDOBJ = 'endobj';

export class PrintedFile {
  readonly document: PdfDocument;
  readonly #bytes: Buffer;
  /** By number: where the object begins and the next thing of the file does. */
  readonly #spans = new Map<number, { readonly start: number; readonly end: number }>();
  readonly #known = new Map<number, PrintedObject>();

  /** Throws PDF_DAMAGED for a file of another make. */
  constructor(pdf: Uint8Array) {
    this.#bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
    this.document = PdfDocument.open(memorySource(pdf));
    const { reader } = this.document;
    const [section] = reader.sections;
    if (section?.kind !== 'table' || reader.sections.length > 1) throw damaged('it is no plain print');
    const starts: { number: number; start: number }[] = [];
    for (const number of reader.objectNumbers()) {
      const entry = reader.entry(number);
      if (entry?.kind === 'offset') starts.push({ number, start: entry.offset });
    }
    starts.sort((a, b) => a.start - b.start);
    starts.forEach(({ number, start }, index) => {
      this.#spans.set(number, { start, end: starts[index + 1]?.start ?? section.offset });
    });
  }

  /** Throws PDF_DAMAGED when there is none of the number. */
  object(number: number): PrintedObject {
    const known = this.#known.get(number);
    if (known !== undefined) return known;
    const object = this.#read(number);
    this.#known.set(number, object);
    return object;
  }

  #read(number: number): PrintedObject {
    const span = this.#spans.get(number);
    if (span === undefined) throw damaged(`object ${number} is missing`);
    const bytes = this.#bytes.subarray(span.start, span.end);
    const head = `${number} 0 obj\n`;
    const streamAt = bytes.indexOf('stream\n', 0, 'latin1');
    if (streamAt < 0) {
      const text = bytes.toString('latin1');
      const end = text.lastIndexOf(ENDOBJ);
      if (!text.startsWith(head) || end < 0) throw damaged(`object ${number} is of another make`, span.start);
      return { text: text.slice(head.length, end).trimEnd(), stream: undefined };
    }
    const text = bytes.toString('latin1', 0, streamAt);
    const end = bytes.lastIndexOf('endstream', undefined, 'latin1');
    if (!text.startsWith(head) || !text.trimEnd().endsWith('>>') || end < streamAt) {
      throw damaged(`object ${number} is of another make`, span.start);
    }
    return { text: text.slice(head.length).trimEnd(), stream: bytes.subarray(streamAt, end) };
  }
}

/** The text with every reference replaced; `next` gives the new number, or undefined for one that is left out. */
export function renumbered(text: string, next: (number: number) => number | undefined): string {
  return text.replace(REFERENCE, (whole, number: string | undefined) => {
    if (number === undefined) return whole;
    const to = next(Number(number));
    return to === undefined ? 'null' : `${to} 0 R`;
  });
}
