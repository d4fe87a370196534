/** Content with nothing left but its text, invisible, and its marks: what lies over the picture of a page. */
import { contentOf, resourceEntries, type ContentPart } from '../../content/content-parts.ts';
import { ContentReader } from '../../content/content-reader.ts';
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../revision/objects.ts';

/** Nesting, coordinates, text and marked content (ISO 32000-1 Annex A); the text rendering mode is ours. */
const KEPT = new Set(`q Q cm BT ET Tc Tw Tz TL Tf Ts Td TD Tm T* Tj TJ ' " BMC BDC EMC MP DP`.split(' '));
const LINE_END = Buffer.from('\n');

export class TextLayers {
  readonly #document: PdfDocument;
  /** Forms that pages paint which stay as they are. */
  readonly #shared: ReadonlySet<number>;
  readonly #forms = new Map<PdfObject, PdfRef>();
  readonly #fonts = new Map<PdfObject, PdfObject>();

  constructor(document: PdfDocument, shared: ReadonlySet<number>) {
    this.#document = document;
    this.#shared = shared;
  }

  /** Content and resources in place of those of a part. Throws PDF_DAMAGED, PdfSyntaxError. */
  of(part: ContentPart): { readonly content: Uint8Array; readonly resources: PdfDict } {
    const forms = new Map<string, PdfObject>();
    for (const [key, entry] of resourceEntries(this.#document, part.resources, 'XObject')) {
      const stream = this.#document.resolve(entry);
      if (stream instanceof PdfStream && this.#document.nameAt(stream.dict, 'Subtype') === 'Form') {
        forms.set(key, this.#form(entry, stream));
      }
    }
    const fonts = resourceEntries(this.#document, part.resources, 'Font').map(
      ([key, entry]): [string, PdfObject] => [key, this.#font(entry)],
    );
    const resources = PdfDict.of({
      Font: fonts.length > 0 ? new PdfDict(fonts) : undefined,
      XObject: forms.size > 0 ? new PdfDict(forms) : undefined,
      Properties: part.resources?.get('Properties'),
    });
    const contents = [...contentOf(this.#document, part)].map((bytes) => textOnly(bytes, forms));
    return { content: Buffer.concat(contents), resources };
  }

  #form(entry: PdfObject, stream: PdfStream): PdfRef {
    const known = this.#forms.get(stream.dict);
    if (known !== undefined) return known;
    const place =
      entry instanceof PdfRef && !this.#shared.has(entry.number) ? entry : this.#document.add(null);
    this.#forms.set(stream.dict, place);
    const { content, resources } = this.of({
      kind: 'form',
      ref: undefined,
      dict: stream.dict,
      resources: this.#document.dictAt(stream.dict, 'Resources'),
      streams: [stream],
    });
    const dict = new PdfDict([...stream.dict].filter(([key]) => !OF_PAINT.has(key)));
    this.#document.set(place, PdfStream.of(dict.set('Resources', resources), content));
    return place;
  }

  /** Mode 3 hides no glyphs of Type 3 fonts (ISO 32000-1 §9.3.6), so those are emptied; their widths stay. */
  #font(entry: PdfObject): PdfObject {
    const font = this.#document.resolve(entry);
    if (!(font instanceof PdfDict) || this.#document.nameAt(font, 'Subtype') !== 'Type3') return entry;
    const known = this.#fonts.get(font);
    if (known !== undefined) return known;
    const glyphs = [...(this.#document.dictAt(font, 'CharProcs') ?? [])].map(
      ([key, glyph]): [string, PdfObject] => [key, this.#emptyGlyph(glyph)],
    );
    const copy = new PdfDict(font).set('CharProcs', new PdfDict(glyphs)).set('Resources', new PdfDict());
    const ref = this.#document.add(copy);
    this.#fonts.set(font, ref);
    return ref;
  }

  #emptyGlyph(glyph: PdfObject): PdfRef {
    const stream = this.#document.resolve(glyph);
    const reader = new ContentReader(
      stream instanceof PdfStream ? this.#document.decodedBytes(stream) : new Uint8Array(),
    );
    const width = reader.next() ? reader.operands[0] : undefined;
    const content = `${typeof width === 'number' ? String(width) : '0'} 0 d0\n`;
    return this.#document.add(PdfStream.of(new PdfDict(), Buffer.from(content)));
  }
}

/** What a form has besides the text of its content. */
const OF_PAINT = new Set(['Group', 'Resources', 'Filter', 'DecodeParms', 'Length']);

function textOnly(content: Uint8Array, forms: ReadonlyMap<string, PdfObject>): Uint8Array {
  const reader = new ContentReader(content);
  const parts: Uint8Array[] = [];
  while (reader.next()) {
    const [first] = reader.operands;
    const isForm = reader.operator === 'Do' && first instanceof PdfName && forms.has(first.name);
    if (isForm || KEPT.has(reader.operator)) {
      parts.push(content.subarray(reader.start, reader.end), LINE_END);
    }
  }
  return Buffer.concat(parts);
}
