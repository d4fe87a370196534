/**
 * Marks as artifacts what a page shows but the structure does not own (ISO 32000-2 §14.8.2.2; ISO 14289-1 §7.1; ISO 14289-2
 * §8.2.2): Chromium leaves running templates, margin boxes, rules and underlines unmarked, and marks boxes as content.
 */
import { ContentEdits } from './content-edits.ts';
import { ContentScanner, operator } from './content-scanner.ts';

export interface MarkedContentOwner {
  /**
   * What marked content of this id is for the structure. `real`: content whatever it paints; `box`: only if it shows text or an
   * image, since the rest is the background and the border of a box; `none`: nothing owns it.
   */
  roleOf(mcid: number): 'real' | 'box' | 'none';
  /** What the next `Do` of this name paints; asked once for each. */
  xobjectOf(name: string): PaintedObject;
}

/**
 * `marked-form`: a form XObject with marked content of its own. `as`: such a form once more, to be shown under this name, where it
 * has no marks: content has one place in the structure (ISO 14289-1 §7.20).
 */
export type PaintedObject = 'image' | 'form' | 'marked-form' | { readonly as: string };

export interface ArtifactResult {
  readonly edits: ContentEdits;
  /** Ids that are marked content no more, so that their owners must let go of them. */
  readonly released: readonly number[];
}

/** Whether text, an image or a form XObject is shown. Throws PdfSyntaxError. */
export function showsContent(bytes: Uint8Array): boolean {
  const scanner = new ContentScanner(bytes);
  while (scanner.next()) {
    const kind = KINDS.get(scanner.code);
    if (kind === 'show' || kind === 'image' || kind === 'xobject') return true;
  }
  return false;
}

/** Takes all marks of the structure out of a content stream. Throws PdfSyntaxError. */
export function removeMarks(bytes: Uint8Array): Uint8Array {
  const edits = new ContentEdits();
  const scanner = new ContentScanner(bytes);
  while (scanner.next()) {
    const kind = KINDS.get(scanner.code);
    if (kind === 'begin' || kind === 'end') edits.replace(scanner.start, scanner.end, '');
  }
  return edits.apply(bytes);
}

/** `watch` is told of every operation, each once. Throws PdfSyntaxError. */
export function markArtifacts(
  bytes: Uint8Array,
  owner: MarkedContentOwner,
  edits = new ContentEdits(),
  watch?: (operation: ContentScanner) => void,
): ArtifactResult {
  const marker = new ArtifactMarker(bytes, owner, edits);
  marker.run(0, bytes.length, watch);
  return { edits, released: marker.released };
}

interface Mark {
  readonly mcid: number;
  readonly start: number;
  readonly end: number;
  /** It shows text or an image. */
  shows: boolean;
  hasMarkedForm: boolean;
}

const OPEN = '/Artifact BMC\n';
const CLOSE = '\nEMC';

class ArtifactMarker {
  readonly released: number[] = [];
  readonly #bytes: Uint8Array;
  readonly #owner: MarkedContentOwner;
  readonly #edits: ContentEdits;
  readonly #marks: Mark[] = [];
  #pathStart = -1;
  /** An unmarked stretch of painting that may still grow. */
  #wrapStart = -1;
  #wrapEnd = -1;
  /** Of the text object that is open, -1 for none or one that holds marks. */
  #textStart = -1;
  #inText = false;
  /** By the place of the operation. */
  readonly #painted: Map<number, PaintedObject>;
  #shown: { readonly start: number; readonly end: number }[] = [];

  constructor(
    bytes: Uint8Array,
    owner: MarkedContentOwner,
    edits: ContentEdits,
    painted = new Map<number, PaintedObject>(),
  ) {
    this.#painted = painted;
    this.#bytes = bytes;
    this.#owner = owner;
    this.#edits = edits;
  }

  run(from: number, to: number, watch?: (operation: ContentScanner) => void): void {
    const scanner = new ContentScanner(to === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, to));
    scanner.end = from;
    while (scanner.next()) {
      watch?.(scanner);
      const kind = KINDS.get(scanner.code);
      if (kind === undefined) continue;
      switch (kind) {
        case 'show':
          this.#show(scanner);
          break;
        case 'path':
          if (this.#pathStart < 0) this.#pathStart = scanner.start;
          break;
        case 'paint':
          if (this.#marks.length === 0)
            this.#wrap(this.#pathStart < 0 ? scanner.start : this.#pathStart, scanner.end);
          this.#pathStart = -1;
          break;
        case 'end-path':
          this.#pathStart = -1;
          break;
        case 'shading':
          if (this.#marks.length === 0) this.#wrap(scanner.start, scanner.end);
          break;
        case 'image':
          this.#image(scanner, 'image');
          break;
        case 'xobject':
          this.#image(scanner, this.#paintedBy(scanner));
          break;
        case 'begin-text':
          this.#inText = true;
          this.#textStart = scanner.start;
          break;
        case 'end-text':
          this.#endText(scanner.end);
          break;
        case 'begin':
          this.#begin(scanner);
          break;
        case 'end':
          this.#end(scanner);
          break;
        case 'state':
          this.#flush();
      }
    }
    this.#flush();
  }

  #show({ start, end }: ContentScanner): void {
    const mark = this.#marks.at(-1);
    if (mark === undefined) this.#shown.push({ start, end });
    else mark.shows = true;
  }

  #paintedBy(scanner: ContentScanner): PaintedObject {
    const known = this.#painted.get(scanner.start);
    if (known !== undefined) return known;
    const name = scanner.name();
    const painted = this.#owner.xobjectOf(name);
    this.#painted.set(scanner.start, painted);
    if (typeof painted === 'object') {
      this.#edits.replace(scanner.start, scanner.start + 1 + name.length, `/${painted.as}`);
    }
    return painted;
  }

  #image({ start, end }: ContentScanner, what: PaintedObject): void {
    const mark = this.#marks.at(-1);
    if (mark === undefined) {
      this.#flush();
      if (what !== 'marked-form') this.#wrap(start, end);
    } else if (what === 'marked-form') mark.hasMarkedForm = true;
    else mark.shows = true;
  }

  /** A text object is wrapped as a whole: marks nest with it (ISO 32000-2 §14.6.1). One that holds marks is wrapped by operation. */
  #endText(end: number): void {
    if (this.#shown.length > 0 && this.#textStart >= 0) this.#wrap(this.#textStart, end);
    else for (const shown of this.#shown) this.#wrapAlone(shown.start, shown.end);
    this.#shown = [];
    this.#inText = false;
    this.#textStart = -1;
  }

  #begin(scanner: ContentScanner): void {
    this.#flush();
    if (this.#inText) this.#textStart = -1;
    const above = this.#marks.at(-1);
    const mcid = scanner.code === BDC ? scanner.markedContentId() : -1;
    const { start, end } = scanner;
    this.#marks.push({
      mcid: above === undefined ? mcid : -1,
      start,
      end,
      shows: false,
      hasMarkedForm: false,
    });
  }

  #end({ start, end }: ContentScanner): void {
    const mark = this.#marks.pop();
    if (mark === undefined) return;
    const above = this.#marks.at(-1);
    if (above !== undefined) {
      above.shows ||= mark.shows;
      above.hasMarkedForm ||= mark.hasMarkedForm;
      return;
    }
    if (mark.mcid < 0) return;
    const role = this.#owner.roleOf(mark.mcid);
    if (mark.hasMarkedForm && !mark.shows) {
      // A form with marks of its own is no part of another one (§14.7.2.2 of ISO 32000-2): its marks stay, the outer one goes.
      this.#edits.replace(mark.start, mark.end, '');
      this.#edits.replace(start, end, '');
      this.released.push(mark.mcid);
      const inner = new ArtifactMarker(this.#bytes, this.#owner, this.#edits, this.#painted);
      inner.run(mark.end, start);
    } else if (role === 'none' || (role === 'box' && !mark.shows)) {
      this.#edits.replace(mark.start, mark.end, '/Artifact BMC');
      this.released.push(mark.mcid);
    }
  }

  #wrap(start: number, end: number): void {
    if (this.#wrapStart < 0) this.#wrapStart = start;
    this.#wrapEnd = end;
  }

  #flush(): void {
    if (this.#wrapStart < 0) return;
    this.#wrapAlone(this.#wrapStart, this.#wrapEnd);
    this.#wrapStart = -1;
  }

  #wrapAlone(start: number, end: number): void {
    this.#edits.insert(start, OPEN);
    this.#edits.insert(end, CLOSE);
  }
}

type Kind =
  | 'show'
  | 'path'
  | 'paint'
  | 'end-path'
  | 'shading'
  | 'image'
  | 'xobject'
  | 'begin-text'
  | 'end-text'
  | 'begin'
  | 'end'
  | 'state';

const BDC = operator('BDC');

/** Operators that matter; all others change nothing about what is marked. */
const KINDS = new Map<number, Kind>();
for (const [kind, words] of [
  ['show', 'Tj TJ \' "'],
  ['path', 'm re'],
  ['paint', 'f F f* S s B B* b b*'],
  ['end-path', 'n'],
  ['shading', 'sh'],
  ['image', 'EI'],
  ['xobject', 'Do'],
  ['begin-text', 'BT'],
  ['end-text', 'ET'],
  ['begin', 'BDC BMC'],
  ['end', 'EMC'],
  ['state', 'q Q'],
] as const) {
  for (const word of words.split(' ')) KINDS.set(operator(word), kind);
}
