/** What the walk over all content streams found. */
import type { PdfDict, PdfStream } from '../../../revision/objects.ts';
import { BudgetExceeded } from '../budget.ts';
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

/** What PDF/UA finds badly marked of text and graphics. */
export type MarkingFault =
  | 'untagged'
  | 'artifact-in-tagged'
  | 'tagged-in-artifact'
  | 'text-without-language'
  | 'ActualText-without-language'
  | 'Alt-without-language'
  | 'E-without-language';

const MOST_KEPT = 2_000;
const MOST_COLLECTED = 1_000_000;

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
  /** Rendering intents, each with its first place. */
  readonly intents = new Map<string, Place>();
  readonly unknownOperators: Found<string>[] = [];
  /** Streams that cannot be read to their end. */
  readonly broken: Found<string>[] = [];
  readonly deepStates: Place[] = [];
  readonly inheritedNames: Found<string>[] = [];
  readonly undefinedNames: Found<string>[] = [];
  /** Of marked content: /ActualText and /Alt with characters for private use. */
  readonly privateTexts: Found<'ActualText' | 'Alt'>[] = [];
  /** Tags of languages of marked content, each with its first place. */
  readonly languages = new Map<string, Place>();
  /** By kind, since some are none where the whole file has a language. */
  readonly markings = new Map<MarkingFault, Place[]>();
  /** Forms that belong to a structure element and are painted more than once. */
  readonly repeatedForms: Place[] = [];
  readonly transparentPages = new Set<number>();
  readonly fonts = new Set<Font>();
  #collected = 0;

  /** For what breaks a rule by itself: the first tell enough. */
  keep<Thing>(list: Thing[], thing: Thing): void {
    if (list.length < MOST_KEPT) list.push(thing);
  }

  /** For what the rules judge: none may be missed. Throws BudgetExceeded. */
  collect<Thing>(list: Thing[], thing: Thing): void {
    this.#collected += 1;
    if (this.#collected > MOST_COLLECTED)
      throw new BudgetExceeded('The pages use more different things than can be checked.');
    list.push(thing);
  }

  /** A value that is judged by itself, wherever it stands. */
  static note(values: Map<string, Place>, value: string, place: Place): void {
    if (!values.has(value) && values.size < MOST_KEPT) values.set(value, place);
  }
}
