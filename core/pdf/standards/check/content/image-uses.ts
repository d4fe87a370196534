/** Images that are shown: XObjects with their masks and alternates, and those within content. */
import { PdfName, PdfRef, type PdfDict, type PdfObject, type PdfStream } from '../../../revision/objects.ts';
import type { ColourSpaces } from '../colour/colour-space.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { Place } from '../rule.ts';
import type { ColourUses } from './colour-uses.ts';
import { ContentFacts } from './content-facts.ts';
import type { Origin } from './stream-run.ts';

export class ImageUses {
  readonly #file: CheckedFile;
  readonly #spaces: ColourSpaces;
  readonly #facts: ContentFacts;
  readonly #colours: ColourUses;
  readonly #seen = new Set<PdfStream>();

  constructor(parts: { file: CheckedFile; spaces: ColourSpaces; facts: ContentFacts; colours: ColourUses }) {
    this.#file = parts.file;
    this.#spaces = parts.spaces;
    this.#facts = parts.facts;
    this.#colours = parts.colours;
  }

  /** Notes an image with its masks. Returns whether it is transparent. */
  show(object: PdfObject | undefined, stream: PdfStream, { run, state }: Origin): boolean {
    const file = this.#file;
    const { dict } = stream;
    const place: Place = { page: run.page, object: numberOf(object) };
    this.#imageColour(dict, { run, state }, place);
    if (!this.#seen.has(stream)) {
      this.#seen.add(stream);
      this.#noteImage(stream, 'image', place);
      for (const alternate of file.array(dict.get('Alternates')) ?? []) {
        const image = file.stream(file.dict(alternate)?.get('Image'));
        if (image !== undefined) this.show(undefined, image, { run, state });
      }
    }
    return file.stream(dict.get('SMask')) !== undefined || (file.integer(dict.get('SMaskInData')) ?? 0) > 0;
  }

  #noteImage(stream: PdfStream, role: 'image' | 'mask' | 'soft-mask', place: Place): void {
    this.#facts.collect(this.#facts.images, { stream, role, place });
    const intent = this.#file.name(stream.dict.get('Intent'));
    if (intent !== undefined && role !== 'mask') ContentFacts.note(this.#facts.intents, intent, place);
    if (role !== 'image') return;
    for (const [key, next] of [
      ['SMask', 'soft-mask'],
      ['Mask', 'mask'],
    ] as const) {
      const mask = this.#file.stream(stream.dict.get(key));
      if (mask !== undefined)
        this.#noteImage(mask, next, { ...place, object: numberOf(stream.dict.get(key)) });
    }
  }

  #imageColour(dict: PdfDict, { run, state }: Origin, place: Place): void {
    const file = this.#file;
    const use = { overprints: false, blending: run.blending, place };
    if (file.bool(dict.get('ImageMask')) === true) {
      if (state.fill !== undefined) this.#colours.use(state.fill, use);
      return;
    }
    const value = file.resolve(dict.get('ColorSpace'));
    const single = Array.isArray(value) && value.length === 1 ? file.resolve(value[0]) : value;
    const space =
      single instanceof PdfName
        ? run.scope.colourSpace(this.#spaces, single.name)
        : this.#spaces.parse(value, run.scope.own ?? run.scope.page);
    if (space !== undefined) this.#colours.use(space, use);
  }

  inline(dict: PdfDict, { run, state }: Origin): void {
    const place: Place = { page: run.page };
    const use = { overprints: false, blending: run.blending, place };
    if ((dict.get('IM') ?? dict.get('ImageMask')) === true) {
      if (state.fill !== undefined) this.#colours.use(state.fill, use);
      return;
    }
    const value = dict.get('CS') ?? dict.get('ColorSpace');
    const { scope } = run;
    const space =
      value instanceof PdfName
        ? scope.colourSpace(this.#spaces, INLINE_NAMES[value.name] ?? value.name)
        : this.#spaces.parse(inlineArray(value), scope.own ?? scope.page);
    if (space !== undefined) this.#colours.use(space, use);
  }
}

/** Abbreviations of inline images (ISO 32000-2 table 92). */
const INLINE_NAMES: Readonly<Record<string, string>> = {
  G: 'DeviceGray',
  RGB: 'DeviceRGB',
  CMYK: 'DeviceCMYK',
  I: 'Indexed',
};

function inlineArray(value: PdfObject | undefined): PdfObject | undefined {
  if (!Array.isArray(value)) return value;
  return value.map((item) =>
    item instanceof PdfName ? PdfName.of(INLINE_NAMES[item.name] ?? item.name) : item,
  );
}

const numberOf = (object: PdfObject | undefined): number | undefined =>
  object instanceof PdfRef ? object.number : undefined;
