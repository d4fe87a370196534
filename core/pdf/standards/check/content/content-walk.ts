/** Walks the content of all pages with the forms, patterns, glyphs and appearances that it leads to. */
import type { PdfStream } from '../../../revision/objects.ts';
import { PdfDict, PdfName, PdfRef, type PdfObject } from '../../../revision/objects.ts';
import { BudgetExceeded } from '../budget.ts';
import type { ColourSpace, ColourSpaces } from '../colour/colour-space.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { CheckedPage } from '../file/page-walk.ts';
import type { Font, Fonts } from '../fonts/font.ts';
import type { Place } from '../rule.ts';
import { ColourUses } from './colour-uses.ts';
import { ContentFacts } from './content-facts.ts';
import { ImageUses } from './image-uses.ts';
import { inheritedState, initialState, type GraphicsState } from './graphics-state.ts';
import { presentElement, type MarkedContent, type StreamMarking, type Structure } from './marked-content.ts';
import { ResourceScope } from './resource-scope.ts';
import type { Origin, StreamRun } from './stream-run.ts';
import { StreamRunner } from './stream-runner.ts';

const MOST_DEPTH = 32;
/** Decoded bytes of one page, whose streams are one. */
const MOST_CONTENT = 256 * 1024 * 1024;

/** What is known of a stream that was run. */
interface Done {
  readonly isTransparent: boolean;
  readonly holdsElements: boolean;
}

export class ContentWalk {
  readonly file: CheckedFile;
  readonly spaces: ColourSpaces;
  readonly fonts: Fonts;
  readonly structure: Structure;
  readonly facts = new ContentFacts();
  readonly colours = new ColourUses(this.facts);
  readonly images: ImageUses;
  /** By the key of a stream and its state, then by the page whose resources it used; undefined for those that used none. */
  readonly #done = new Map<string, Map<PdfDict | undefined, Done>>();
  readonly #running = new Set<PdfStream>();
  readonly #ids = new Map<object, number>();
  readonly #statesSeen = new Set<PdfDict>();
  readonly #formsSeen = new Set<PdfStream>();
  readonly #resourcesSeen = new Set<PdfDict>();
  readonly #elementForms = new Set<PdfStream>();
  readonly #transparentPatterns = new Set<PdfObject>();
  /** Names of glyphs of Type 3 fonts. */
  readonly #transparentGlyphs = new Map<Font, Set<string>>();

  constructor(parts: { file: CheckedFile; spaces: ColourSpaces; fonts: Fonts; structure: Structure }) {
    this.file = parts.file;
    this.spaces = parts.spaces;
    this.fonts = parts.fonts;
    this.structure = parts.structure;
    this.images = new ImageUses({ ...parts, facts: this.facts, colours: this.colours });
  }

  page(page: CheckedPage): void {
    const place: Place = { page: page.number, object: page.object };
    const scope = new ResourceScope(this.file, page.resources, undefined, page.inheritsResources);
    const group = this.file.dict(page.dict.get('Group'));
    const blending = this.#group(group, page.resources, place);
    this.#noteResources(page.resources, place);
    const run: StreamRun = {
      bytes: this.#contentOf(page.dict.get('Contents'), place),
      scope,
      state: initialState(scope.deviceOrDefault(this.spaces, 'DeviceGray')),
      marking: { holder: page.dict, element: undefined, inArtifact: false },
      isReal: true,
      isJudged: true,
      page: page.number,
      blending,
      depth: 0,
    };
    const runner = new StreamRunner(this, run);
    runner.start();
    this.#noteNames(scope, place);
    let isTransparent = runner.isTransparent;
    for (const annotation of this.file.array(page.dict.get('Annots')) ?? []) {
      const dict = this.file.dict(annotation);
      if (dict === undefined) continue;
      if (this.#appearances(dict, run)) isTransparent = true;
      this.#colourOf3D(dict, run);
    }
    if (isTransparent) this.facts.transparentPages.add(page.number);
  }

  /** Several streams are one, parted by white space (ISO 32000-2 §7.8.2). */
  #contentOf(contents: PdfObject | undefined, place: Place): Uint8Array {
    const value = this.file.resolve(contents);
    const parts = Array.isArray(value) ? value : [value];
    const decoded: Uint8Array[] = [];
    let size = 0;
    for (const part of parts) {
      const stream = this.file.stream(part);
      if (stream === undefined) continue;
      const bytes = this.file.decode(stream);
      size += bytes?.length ?? 0;
      if (size > MOST_CONTENT)
        throw new BudgetExceeded('The content of a page is larger than can be checked.');
      if (bytes === undefined) this.facts.keep(this.facts.broken, { thing: 'It cannot be decoded', place });
      else decoded.push(bytes, NEWLINE);
    }
    return decoded.length === 2 ? (decoded[0] ?? NEWLINE) : Buffer.concat(decoded);
  }

  /** A 3D annotation is painted in the colour space of its stream. */
  #colourOf3D(annotation: PdfDict, { scope, page }: StreamRun): void {
    if (this.file.name(annotation.get('Subtype')) !== '3D') return;
    const stream = this.file.stream(annotation.get('3DD'));
    const space = this.spaces.parse(stream?.dict.get('ColorSpace'), scope.page);
    if (space !== undefined)
      this.colours.use(space, { overprints: false, blending: undefined, place: { page } });
  }

  #appearances(annotation: PdfDict, run: StreamRun): boolean {
    const appearances = this.file.dict(annotation.get('AP'));
    const element = presentElement(
      this.file,
      this.structure.parents.entry(this.file.integer(annotation.get('StructParent'))),
    );
    let isTransparent = false;
    for (const key of ['N', 'D', 'R']) {
      const value = this.file.resolve(appearances?.get(key));
      const streams = value instanceof PdfDict ? [...value.values()] : [appearances?.get(key)];
      for (const object of streams) {
        const stream = this.file.stream(object);
        if (stream === undefined) continue;
        const state = initialState(run.scope.deviceOrDefault(this.spaces, 'DeviceGray'));
        const marking = { holder: stream.dict, element, inArtifact: false };
        const outer = { ...run, isReal: false, isJudged: false };
        if (this.form(object, stream, { run: outer, state, marking })) isTransparent = true;
      }
    }
    return isTransparent;
  }

  /** Runs a form. Returns whether it is transparent. */
  form(
    object: PdfObject | undefined,
    stream: PdfStream,
    origin: Origin & { readonly marking: StreamMarking },
  ): boolean {
    const { run, state, marking } = origin;
    const { dict } = stream;
    const place: Place = { page: run.page, object: numberOf(object) };
    const group = this.file.dict(dict.get('Group'));
    const own = this.file.dict(dict.get('Resources')) ?? EMPTY;
    this.#noteElementForm(stream, place);
    if (!this.#formsSeen.has(stream)) {
      this.#formsSeen.add(stream);
      this.facts.collect(this.facts.forms, { thing: stream, place });
      this.#noteResources(own, place);
    }
    const inner = this.#blendingOf(group, run.blending);
    this.#group(group, own, place, run.blending);
    const isGroup = this.file.name(group?.get('S')) === 'Transparency';
    const isTransparent = this.#within(stream, {
      ...run,
      bytes: NO_BYTES,
      scope: run.scope.within(own),
      state: inheritedState(state),
      marking,
      blending: inner,
      depth: run.depth + 1,
    });
    return isGroup || isTransparent;
  }

  /** A form with /StructParents whose content is painted a second time has two parents. */
  #noteElementForm(stream: PdfStream, place: Place): void {
    if (!stream.dict.has('StructParents')) return;
    if (this.#elementForms.has(stream)) this.facts.keep(this.facts.repeatedForms, place);
    else this.#elementForms.add(stream);
  }

  /** Runs a stream within another, once for each way in which the outcome could differ. */
  #within(stream: PdfStream, run: StreamRun): boolean {
    if (this.#running.has(stream) || run.depth > MOST_DEPTH) return false;
    const key = this.#keyOf(stream, run);
    const before = this.#done.get(key);
    const known = before?.get(undefined) ?? before?.get(run.scope.page);
    if (known !== undefined) {
      if (known.holdsElements) this.facts.keep(this.facts.repeatedForms, { page: run.page });
      return known.isTransparent;
    }
    const place: Place = { page: run.page };
    const bytes = this.file.decode(stream);
    if (bytes === undefined) {
      this.facts.keep(this.facts.broken, { thing: 'It cannot be decoded', place });
      return false;
    }
    const forms = this.#elementForms.size;
    const runner = new StreamRunner(this, { ...run, bytes });
    this.#running.add(stream);
    runner.start();
    this.#running.delete(stream);
    this.#noteNames(run.scope, place);
    const done: Done = {
      isTransparent: runner.isTransparent,
      holdsElements: this.#elementForms.size > forms,
    };
    const runs = this.#done.get(key) ?? new Map<PdfDict | undefined, Done>();
    this.#done.set(key, runs.set(run.scope.usedPage ? run.scope.page : undefined, done));
    return done.isTransparent;
  }

  #keyOf(stream: PdfStream, run: StreamRun): string {
    const { state, marking, blending, isReal, isJudged } = run;
    const { fill, stroke, font, mode, overprintFill, overprintStroke, overprintMode, hasColour } = state;
    const things = [stream, fill, stroke, font, blending].map((thing) => this.#id(thing));
    const flags = [overprintFill, overprintStroke, hasColour, isReal, isJudged, marking.inArtifact].map(
      Number,
    );
    const element = isJudged ? this.#elementId(marking.element) : 0;
    return [...things, mode, overprintMode, ...flags, element].join(' ');
  }

  #elementId(element: PdfObject | undefined): number {
    if (element instanceof PdfRef) return -element.number;
    return typeof element === 'object' && element !== null ? this.#id(element) : 0;
  }

  #id(thing: object | undefined): number {
    if (thing === undefined) return 0;
    let id = this.#ids.get(thing);
    if (id === undefined) {
      id = this.#ids.size + 1;
      this.#ids.set(thing, id);
    }
    return id;
  }

  elementFor(marking: StreamMarking, marked: MarkedContent | undefined): PdfObject | undefined {
    const own = this.structure.parents.element(marking.holder, marked?.innermostMcid);
    return presentElement(this.file, own) ?? marking.element;
  }

  /** `around`: the blending colour space outside of it. */
  #group(
    group: PdfDict | undefined,
    resources: PdfDict | undefined,
    place: Place,
    around?: ColourSpace,
  ): ColourSpace | undefined {
    if (group === undefined) return undefined;
    if (!this.#statesSeen.has(group)) {
      this.#statesSeen.add(group);
      this.facts.collect(this.facts.groups, { thing: group, place });
    }
    const space = this.spaces.parse(group.get('CS'), resources);
    if (space !== undefined) this.colours.use(space, { overprints: false, blending: around, place });
    return this.file.name(group.get('S')) === 'Transparency'
      ? this.spaces.parse(group.get('CS'), undefined)
      : undefined;
  }

  /** An isolated group blends in its own colour space, unless a device one stands for that around it. */
  #blendingOf(group: PdfDict | undefined, around: ColourSpace | undefined): ColourSpace | undefined {
    const isIsolated =
      this.file.name(group?.get('S')) === 'Transparency' && this.file.bool(group?.get('I')) === true;
    const own = isIsolated ? this.spaces.parse(group?.get('CS'), undefined) : undefined;
    if (own === undefined || around === undefined) return own ?? around;
    const components = around.kind === 'ICCBased' ? around.icc?.components : undefined;
    const isMeant =
      (own.kind === 'DeviceRGB' && (around.kind === 'CalRGB' || around.kind === 'Lab' || components === 3)) ||
      (own.kind === 'DeviceCMYK' && components === 4) ||
      (own.kind === 'DeviceGray' && (around.kind === 'CalGray' || components === 1));
    return isMeant ? around : own;
  }

  graphicsState(dict: PdfDict, object: PdfObject | undefined, place: Place): void {
    if (this.#statesSeen.has(dict)) return;
    this.#statesSeen.add(dict);
    this.facts.collect(this.facts.graphicsStates, {
      thing: dict,
      place: { page: place.page, object: numberOf(object) },
    });
  }

  /** Takes over what an ExtGState sets (ISO 32000-2 table 57). */
  apply(dict: PdfDict, state: GraphicsState): void {
    const { file } = this;
    const [fontRef] = file.array(dict.get('Font')) ?? [];
    if (fontRef !== undefined) state.font = this.fonts.get(fontRef) ?? state.font;
    const stroke = file.bool(dict.get('OP'));
    const fill = file.bool(dict.get('op')) ?? stroke;
    if (stroke !== undefined) state.overprintStroke = stroke;
    if (fill !== undefined) state.overprintFill = fill;
    state.overprintMode = file.integer(dict.get('OPM')) ?? state.overprintMode;
    state.fillAlpha = file.number(dict.get('ca')) ?? state.fillAlpha;
    state.strokeAlpha = file.number(dict.get('CA')) ?? state.strokeAlpha;
    if (dict.has('SMask')) state.softMask = file.dictOrStream(dict.get('SMask')) !== undefined;
    if (dict.has('BM')) state.blends = this.#blends(file.resolve(dict.get('BM')));
  }

  #blends(mode: PdfObject): boolean {
    if (mode instanceof PdfName) return mode.name !== 'Normal';
    if (!Array.isArray(mode)) return mode !== null;
    return mode.length !== 1 || (this.file.name(mode[0]) ?? 'Normal') !== 'Normal';
  }

  /** The colour space that stands for a pattern from now on; its content is run. */
  pattern(
    object: PdfObject | undefined,
    use: { readonly base: ColourSpace | undefined; readonly first: GraphicsState; readonly run: StreamRun },
  ): ColourSpace | undefined {
    const { file } = this;
    const { run } = use;
    const dict = file.dictOrStream(object);
    const stream = file.stream(object);
    if (dict === undefined || object === undefined) return undefined;
    if (file.integer(dict.get('PatternType')) === 2) {
      const shading = file.dictOrStream(dict.get('Shading'));
      const base = this.spaces.parse(shading?.get('ColorSpace'), undefined);
      return this.#patternSpace(object, { kind: 'pattern-of-shading', base, pattern: object });
    }
    if (stream === undefined) return undefined;
    const own = file.dict(dict.get('Resources')) ?? EMPTY;
    const place: Place = { page: run.page, object: numberOf(object) };
    this.#noteResources(own, place);
    const first = use.base === undefined ? use.first : { ...use.first, fill: use.base, stroke: use.base };
    const state = inheritedState(first);
    if (file.integer(dict.get('PaintType')) === 2) state.hasColour = false;
    const isTransparent = this.#within(stream, {
      ...run,
      bytes: NO_BYTES,
      scope: run.scope.within(own),
      state,
      marking: { holder: dict, element: undefined, inArtifact: false },
      isReal: false,
      isJudged: false,
      depth: run.depth + 1,
    });
    if (isTransparent) this.#transparentPatterns.add(stream);
    return this.#patternSpace(stream, { kind: 'pattern-of-tiles', base: use.base, pattern: stream });
  }

  readonly #patternSpaces = new Map<PdfObject, ColourSpace>();

  /** One object a pattern, so that what was seen is known. */
  #patternSpace(key: PdfObject, space: ColourSpace): ColourSpace {
    const known = this.#patternSpaces.get(key);
    if (known !== undefined && known.base === space.base) return known;
    this.#patternSpaces.set(key, space);
    return space;
  }

  isTransparentPattern(space: ColourSpace | undefined): boolean {
    return space?.pattern !== undefined && this.#transparentPatterns.has(space.pattern);
  }

  useFont(font: Font, origin: Origin): void {
    this.facts.fonts.add(font);
    if (font.subtype !== 'Type3') return;
    const { run, state } = origin;
    const { file } = this;
    const own = file.dict(font.dict.get('Resources')) ?? EMPTY;
    this.#noteResources(own, { page: run.page, object: font.object });
    const procedures = file.dict(font.dict.get('CharProcs'));
    const transparent = new Set<string>();
    for (const [name, object] of procedures ?? []) {
      const stream = file.stream(object);
      if (stream === undefined) continue;
      const glyphOwn = file.dict(stream.dict.get('Resources'));
      const ran = this.#within(stream, {
        ...run,
        bytes: NO_BYTES,
        scope: run.scope.within(glyphOwn ?? own),
        state: inheritedState(state),
        marking: { holder: font.dict, element: undefined, inArtifact: false },
        isReal: false,
        isJudged: false,
        depth: run.depth + 1,
      });
      if (ran) transparent.add(name);
    }
    this.#transparentGlyphs.set(font, transparent);
  }

  /** Whether a glyph of a Type 3 font that the string shows is transparent. */
  showsTransparency(font: Font, string: Uint8Array, length: number): boolean {
    const transparent = this.#transparentGlyphs.get(font);
    if (transparent === undefined || transparent.size === 0) return false;
    return string.subarray(0, length).some((code) => transparent.has(font.encoding.nameOf(code) ?? ''));
  }

  #noteResources(resources: PdfDict | undefined, place: Place): void {
    if (resources === undefined || this.#resourcesSeen.has(resources)) return;
    this.#resourcesSeen.add(resources);
    this.facts.collect(this.facts.resources, { thing: resources, place });
  }

  #noteNames({ inheritedNames, undefinedNames }: ResourceScope, place: Place): void {
    for (const name of inheritedNames) this.facts.keep(this.facts.inheritedNames, { thing: name, place });
    for (const name of undefinedNames) this.facts.keep(this.facts.undefinedNames, { thing: name, place });
  }
}

const NO_BYTES = new Uint8Array(0);
const NEWLINE = Buffer.from('\n');
const EMPTY = new PdfDict();

const numberOf = (object: PdfObject | undefined): number | undefined =>
  object instanceof PdfRef ? object.number : undefined;
