/** All content streams that painting a page can run, with the resources that each of them names (ISO 32000-2 §7.8). */
import type { PdfDocument, PdfPage } from '../revision/document.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../revision/objects.ts';

export interface ContentPart {
  readonly kind: 'page' | 'form' | 'pattern' | 'type3' | 'appearance';
  /** Of the page, or of the object that holds the content; a Type 3 font for its glyphs. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  readonly resources: PdfDict | undefined;
  /** In their order; each is one piece of syntax by itself but for those of a page, which are read as one. */
  readonly streams: readonly PdfStream[];
}

/** Content in content in content: files that go deeper only mean to tire the reader. */
const MOST_PARTS = 50_000;

/** The page itself first, then what it leads to, each once. */
export function* contentParts(document: PdfDocument, page: PdfPage): Generator<ContentPart> {
  const seen = new Set<PdfObject>();
  const resources = page.inherited('Resources');
  const open: ContentPart[] = [
    {
      kind: 'page',
      ref: page.ref,
      dict: page.dict,
      resources: resources instanceof PdfDict ? resources : undefined,
      streams: pageStreams(document, page.dict),
    },
  ];
  for (const annotation of document.arrayAt(page.dict, 'Annots') ?? []) {
    const dict = document.resolve(annotation);
    if (dict instanceof PdfDict) open.push(...appearances(document, dict));
  }
  let parts = 0;
  for (let part = open.shift(); part !== undefined && parts < MOST_PARTS; part = open.shift()) {
    parts += 1;
    yield part;
    for (const inner of partsOf(document, part)) {
      if (seen.has(inner.dict)) continue;
      seen.add(inner.dict);
      open.push(inner);
    }
  }
}

export function pageStreams(document: PdfDocument, page: PdfDict): PdfStream[] {
  const contents = document.resolve(page.get('Contents'));
  const list = Array.isArray(contents) ? contents : [contents];
  return list.flatMap((item) => {
    const stream = document.resolve(item);
    return stream instanceof PdfStream ? [stream] : [];
  });
}

/** The decoded syntax of a part. Throws PDF_DAMAGED. */
export function* contentOf(document: PdfDocument, { kind, streams }: ContentPart): Generator<Uint8Array> {
  const [first, ...more] = streams;
  if (first === undefined) return;
  if (kind !== 'page') for (const stream of streams) yield document.decodedBytes(stream);
  else if (more.length === 0) yield document.decodedBytes(first);
  else {
    // An operation may begin in one stream and end in the next (ISO 32000-2 §7.8.2).
    yield Buffer.concat(streams.flatMap((stream) => [document.decodedBytes(stream), LINE_END]));
  }
}

const LINE_END = Buffer.from('\n');

/** The entries of one kind of resource, references kept. */
export function resourceEntries(
  document: PdfDocument,
  resources: PdfDict | undefined,
  kind: string,
): readonly (readonly [string, PdfObject])[] {
  return [...(document.dictAt(resources, kind) ?? [])];
}

function* partsOf(document: PdfDocument, { resources }: ContentPart): Generator<ContentPart> {
  for (const [, entry] of resourceEntries(document, resources, 'XObject')) {
    const stream = document.resolve(entry);
    if (stream instanceof PdfStream && document.nameAt(stream.dict, 'Subtype') === 'Form') {
      yield partOf(document, 'form', entry, stream);
    }
  }
  for (const [, entry] of resourceEntries(document, resources, 'Pattern')) {
    const pattern = document.resolve(entry);
    if (pattern instanceof PdfStream) yield partOf(document, 'pattern', entry, pattern);
  }
  for (const [, entry] of resourceEntries(document, resources, 'ExtGState')) {
    const state = document.resolve(entry);
    const mask = state instanceof PdfDict ? document.dictAt(state, 'SMask') : undefined;
    const group = document.streamAt(mask, 'G');
    if (group !== undefined) yield partOf(document, 'form', mask?.get('G') ?? null, group);
  }
  for (const [, entry] of resourceEntries(document, resources, 'Font')) {
    const font = document.resolve(entry);
    if (!(font instanceof PdfDict) || document.nameAt(font, 'Subtype') !== 'Type3') continue;
    const glyphs = [...(document.dictAt(font, 'CharProcs')?.values() ?? [])];
    yield {
      kind: 'type3',
      ref: entry instanceof PdfRef ? entry : undefined,
      dict: font,
      resources: document.dictAt(font, 'Resources'),
      streams: glyphs.flatMap((glyph) => {
        const stream = document.resolve(glyph);
        return stream instanceof PdfStream ? [stream] : [];
      }),
    };
  }
}

const partOf = (
  document: PdfDocument,
  kind: ContentPart['kind'],
  entry: PdfObject,
  stream: PdfStream,
): ContentPart => ({
  kind,
  ref: entry instanceof PdfRef ? entry : undefined,
  dict: stream.dict,
  resources: document.dictAt(stream.dict, 'Resources'),
  streams: [stream],
});

/** Each appearance may be a stream or a dictionary of states (ISO 32000-2 §12.5.5). */
function appearances(document: PdfDocument, annotation: PdfDict): ContentPart[] {
  return [...(document.dictAt(annotation, 'AP')?.values() ?? [])].flatMap((entry) => {
    const value = document.resolve(entry);
    const entries = value instanceof PdfDict ? [...value.values()] : [entry];
    return entries.flatMap((item) => {
      const stream = document.resolve(item);
      return stream instanceof PdfStream ? [partOf(document, 'appearance', item, stream)] : [];
    });
  });
}
