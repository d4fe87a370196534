/** What the walk over all content streams found. */
import type { PdfDict, PdfObject, PdfStream } from '../../../revision/objects.ts';
import type { ColourSpace } from '../colour/colour-space.ts';
import type { Font } from '../fonts/font.ts';
import { Oddities } from '../file/objects-walk.ts';
import type { Place } from '../rule.ts';

export interface ColourUse {
  readonly space: ColourSpace;
  /** /OPM is not 0 while overprinting is on for what is painted with it. */
  readonly overprints: boolean;
  /** Kind of the blending colour space that is in force: a device name, `RGB ` and the like; undefined for none. */
  readonly blending: ColourSpace | undefined;
  readonly place: Place;
}

export interface Found<Thing> {
  readonly thing: Thing;
  readonly place: Place;
}

/** An image XObject and how it was reached. */
export interface ImageUse {
  readonly stream: PdfStream;
  readonly role: 'image' | 'mask' | 'soft-mask';
  readonly place: Place;
}

/** Text or graphics that PDF/UA finds badly marked. */
export interface MarkingFault {
  readonly kind:
    | 'untagged'
    | 'artifact-in-tagged'
    | 'tagged-in-artifact'
    | 'text-without-language'
    | 'ActualText-without-language'
    | 'Alt-without-language'
    | 'E-without-language';
  readonly place: Place;
}

const MOST_KEPT = 2_000;

export class ContentFacts {
  readonly oddities = new Oddities();
  readonly colours: ColourUse[] = [];
  readonly graphicsStates: Found<PdfDict>[] = [];
  readonly images: ImageUse[] = [];
  readonly forms: Found<PdfStream>[] = [];
  readonly postScript: Place[] = [];
  readonly inlineImages: Found<PdfDict>[] = [];
  readonly groups: Found<PdfDict>[] = [];
  /** Resource dictionaries that streams see. */
  readonly resources: Found<PdfDict>[] = [];
  readonly intents: Found<string>[] = [];
  readonly unknownOperators: Found<string>[] = [];
  /** Streams that cannot be read to their end. */
  readonly broken: Found<string>[] = [];
  readonly deepStates: Place[] = [];
  readonly inheritedNames: Found<string>[] = [];
  readonly undefinedNames: Found<string>[] = [];
  /** Text of /ActualText and /Alt in marked content. */
  readonly replacements: Found<{ key: 'ActualText' | 'Alt'; text: PdfObject; isReal: boolean }>[] = [];
  readonly languages: Found<PdfObject>[] = [];
  readonly markings: MarkingFault[] = [];
  /** Forms that belong to a structure element and are painted more than once. */
  readonly repeatedForms: Place[] = [];
  readonly transparentPages = new Set<number>();
  readonly fonts = new Set<Font>();
  #kept = 0;

  /** Bounds what a hostile file can make us remember. */
  keep<Thing>(list: Thing[], thing: Thing): void {
    if (list.length >= MOST_KEPT || this.#kept > MOST_KEPT * 50) return;
    this.#kept += 1;
    list.push(thing);
  }
}
