/** Runs one content stream: operators one by one, with what they use recorded (ISO 32000-2 Annex A). */
import { PdfSyntaxError } from '../../../revision/lexer.ts';
import { PdfDict, PdfName, type PdfObject } from '../../../revision/objects.ts';
import type { ColourSpace } from '../colour/colour-space.ts';
import { SHOWN, type Font } from '../fonts/font.ts';
import type { Place } from '../rule.ts';
import { PRIVATE_USE } from '../private-use.ts';
import { ContentFacts, type MarkingFault } from './content-facts.ts';
import { copyOf, fills, strokes, type GraphicsState } from './graphics-state.ts';
import { MarkedContent } from './marked-content.ts';
import { OperationReader, type Shown } from './operation-reader.ts';
import { OPERATORS } from './operators.ts';
import type { ContentWalk } from './content-walk.ts';
import type { StreamRun } from './stream-run.ts';

const MOST_STATES = 28;
const MOST_OPEN = 4_096;

export class StreamRunner {
  readonly run: StreamRun;
  readonly walk: ContentWalk;
  /** Something transparent was painted. */
  isTransparent = false;
  readonly #facts: ContentFacts;
  readonly #reader: OperationReader;
  readonly #fonts = new Map<string, Font | undefined>();
  readonly #states: GraphicsState[] = [];
  readonly #place: Place;
  /** The state that patterns begin with. */
  readonly #first: GraphicsState;
  #state: GraphicsState;
  #marked: MarkedContent | undefined;
  #open = 0;
  /** How the text that is being shown is (SHOWN). */
  #flags = 0;
  #painted: { readonly space: ColourSpace | undefined; readonly overprints: boolean } = {
    space: undefined,
    overprints: false,
  };

  constructor(walk: ContentWalk, run: StreamRun) {
    this.walk = walk;
    this.run = run;
    this.#facts = walk.facts;
    this.#reader = new OperationReader(run.bytes);
    this.#state = copyOf(run.state);
    this.#first = copyOf(run.state);
    this.#place = { page: run.page };
  }

  start(): void {
    const reader = this.#reader;
    const { budget } = this.walk.file;
    try {
      while (reader.next()) {
        budget.step();
        if (reader.operands !== undefined) this.#lookAt(reader.operands);
        const handler = OPERATORS.get(reader.code);
        if (handler !== undefined) handler(this);
        else this.#facts.keep(this.#facts.unknownOperators, { thing: reader.word, place: this.#place });
      }
    } catch (error) {
      if (!(error instanceof PdfSyntaxError)) throw error;
      this.#facts.keep(this.#facts.broken, { thing: error.message, place: this.#place });
    }
  }

  #lookAt(operands: readonly PdfObject[]): void {
    this.walk.file.budget.step(operands.length);
    for (const operand of operands) {
      if (typeof operand === 'number') {
        if (operand > 32_767 || operand < -32_767 || (operand !== 0 && operand < 1e-37 && operand > -1e-37)) {
          this.#facts.oddities.look(operand, this.#place);
        }
      } else if (typeof operand === 'object' && operand !== null) this.#lookInto(operand);
    }
  }

  #lookInto(operand: PdfObject): void {
    this.#facts.oddities.look(operand, this.#place);
    if (Array.isArray(operand)) this.#lookAt(operand);
    else if (operand instanceof PdfDict) {
      for (const [key, value] of operand) {
        this.#facts.oddities.key(key, this.#place);
        this.#lookAt([value]);
      }
    }
  }

  save(): void {
    if (this.#states.length < MOST_OPEN) this.#states.push(copyOf(this.#state));
    this.#open += 1;
    if (this.#open > MOST_STATES) this.#facts.keep(this.#facts.deepStates, this.#place);
  }

  restore(): void {
    if (this.#open > 0) this.#open -= 1;
    const saved = this.#states.pop();
    if (saved !== undefined) this.#state = saved;
  }

  /** `gs` */
  graphicsState(): void {
    const object = this.run.scope.find('ExtGState', this.#reader.lastName());
    const dict = this.walk.file.dict(object);
    if (dict === undefined) return;
    this.walk.graphicsState(dict, object, this.#place);
    this.walk.apply(dict, this.#state);
  }

  intent(): void {
    const name = this.#reader.lastName();
    if (this.#state.hasColour && name !== undefined) {
      ContentFacts.note(this.#facts.intents, name, this.#place);
    }
  }

  /** `g`, `RG` and the like. */
  device(name: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK', side: 'fill' | 'stroke'): void {
    if (!this.#state.hasColour) return;
    this.#state[side] = this.run.scope.deviceOrDefault(this.walk.spaces, name);
    this.#useColour(this.#state[side]);
  }

  /** `cs`, `CS` */
  colourSpace(side: 'fill' | 'stroke'): void {
    if (!this.#state.hasColour) return;
    this.#state[side] = this.run.scope.colourSpace(this.walk.spaces, this.#reader.lastName());
    this.#useColour(this.#state[side]);
  }

  /** `scn`, `SCN` */
  colour(side: 'fill' | 'stroke'): void {
    if (!this.#state.hasColour) return;
    const space = this.#state[side];
    const isPattern = space?.kind === 'Pattern' || space?.kind.startsWith('pattern') === true;
    if (isPattern) {
      const pattern = this.run.scope.find('Pattern', this.#reader.lastName());
      this.#state[side] = this.walk.pattern(pattern, { base: space.base, first: this.#first, run: this.run });
    }
    this.#useColour(this.#state[side]);
  }

  #useColour(space: ColourSpace | undefined, overprints = false): void {
    // Of a stream the page and the blending stay the same; nearly all of it is painted with the same colour space.
    const isKnown = space === this.#painted.space && overprints === this.#painted.overprints;
    if (space !== undefined && !isKnown) {
      this.#painted = { space, overprints };
      this.walk.colours.use(space, { overprints, blending: this.run.blending, place: this.#place });
    }
  }

  #useFill(): void {
    const { fill, overprintFill, overprintMode, hasColour } = this.#state;
    if (hasColour) this.#useColour(fill, overprintFill && overprintMode !== 0);
  }

  #useStroke(): void {
    const { stroke, overprintStroke, overprintMode, hasColour } = this.#state;
    if (hasColour) this.#useColour(stroke, overprintStroke && overprintMode !== 0);
  }

  /** A path is painted. */
  paint(fill: boolean, stroke: boolean): void {
    if (fill) this.#useFill();
    if (stroke) this.#useStroke();
    this.#noteTransparency(fill, stroke);
    this.#judge(false);
  }

  #noteTransparency(fill: boolean, stroke: boolean): void {
    const { softMask, blends, fillAlpha, strokeAlpha } = this.#state;
    if (softMask || blends || (fill && fillAlpha < 1) || (stroke && strokeAlpha < 1))
      this.isTransparent = true;
    if (fill && this.walk.isTransparentPattern(this.#state.fill)) this.isTransparent = true;
    if (stroke && this.walk.isTransparentPattern(this.#state.stroke)) this.isTransparent = true;
  }

  setFont(): void {
    const name = this.#reader.firstName();
    this.#state.font = name === undefined ? undefined : this.#fontNamed(name);
  }

  #fontNamed(name: string): Font | undefined {
    if (this.#fonts.has(name)) return this.#fonts.get(name);
    const { scope } = this.run;
    const font = this.walk.fonts.get(scope.find('Font', name));
    if (font === undefined) scope.undefinedNames.add(name);
    this.#fonts.set(name, font);
    return font;
  }

  setMode(): void {
    const mode = this.#reader.firstInteger();
    this.#state.mode = mode !== undefined && mode >= 0 && mode <= 7 ? mode : 0;
  }

  /** `Tj`, `TJ`, `'` and `"` */
  showText(): void {
    const { font, mode } = this.#state;
    if (fills(mode)) this.#useFill();
    if (strokes(mode)) this.#useStroke();
    this.#noteTransparency(fills(mode), strokes(mode));
    if (font !== undefined) {
      this.walk.useFont(font, { state: this.#state, run: this.run });
      this.#flags = this.#shownFlags(mode);
      if (!this.#reader.shown(this.#showString)) font.use(NO_BYTES, 0, this.run.page, this.#flags);
    }
    this.#judge(true);
  }

  // Once, not at each of the many times that text is shown.
  readonly #showString: Shown = (bytes, length) => {
    const { font } = this.#state;
    if (font === undefined) return;
    font.use(bytes, length, this.run.page, this.#flags);
    if (this.walk.showsTransparency(font, bytes, length)) this.isTransparent = true;
  };

  #shownFlags(mode: number): number {
    const byText = this.#marked?.isCoveredBy('ActualText') === true;
    const byAlt = byText || !this.run.isReal || this.#marked?.isCoveredBy('Alt') === true;
    return (mode === 3 ? 0 : SHOWN.rendered) | (byText ? 0 : SHOWN.bare) | (byAlt ? 0 : SHOWN.bareOnPage);
  }

  /** `Do` */
  xObject(): void {
    const object = this.run.scope.find('XObject', this.#reader.lastName());
    const stream = this.walk.file.stream(object);
    const subtype = this.walk.file.name(stream?.dict.get('Subtype'));
    if (stream === undefined) return;
    const element = this.walk.elementFor(this.run.marking, this.#marked);
    if (subtype === 'Form') {
      const transparent = this.walk.form(object, stream, {
        run: this.run,
        state: this.#state,
        marking: {
          holder: stream.dict,
          element,
          inArtifact: this.#marked?.inArtifact ?? this.run.marking.inArtifact,
        },
      });
      if (transparent) this.isTransparent = true;
    } else if (subtype === 'Image') {
      const transparent = this.walk.images.show(object, stream, { run: this.run, state: this.#state });
      if (transparent) this.isTransparent = true;
      this.#judge(false);
    } else if (subtype === 'PS') this.#facts.keep(this.#facts.postScript, this.#place);
    this.#noteTransparency(true, false);
  }

  /** `sh` */
  shading(): void {
    if (this.#state.hasColour) {
      const shading = this.run.scope.find('Shading', this.#reader.lastName());
      const dict = this.walk.file.dictOrStream(shading);
      const { scope } = this.run;
      this.#useColour(this.walk.spaces.parse(dict?.get('ColorSpace'), scope.own ?? scope.page));
    }
    this.#noteTransparency(true, false);
    this.#judge(false);
  }

  inlineImage(): void {
    const [dict] = this.#reader.operands ?? [];
    if (!(dict instanceof PdfDict)) return;
    if (this.#state.hasColour || dict.get('IM') === true) {
      this.#facts.collect(this.#facts.inlineImages, { thing: dict, place: this.#place });
      this.walk.images.inline(dict, { run: this.run, state: this.#state });
    }
    this.#noteTransparency(true, false);
    this.#judge(false);
  }

  noColour(): void {
    this.#state.hasColour = false;
  }

  /** `BMC`, `BDC` */
  begin(hasProperties: boolean): void {
    const { structure } = this.walk;
    const { marking } = this.run;
    const { operands, mcid } = this.#reader;
    const isPlain = operands === undefined && (mcid >= 0 || !hasProperties);
    const properties = isPlain || !hasProperties ? undefined : this.#properties();
    const tag = this.#tag(hasProperties);
    this.#marked = new MarkedContent(structure, marking, {
      tag,
      properties,
      mcid: mcid >= 0 ? mcid : undefined,
      outer: this.#marked,
    });
    if (properties !== undefined) this.#noteTexts(this.#marked);
    if (this.run.isJudged) this.#judgeSequence(this.#marked);
  }

  #tag(hasProperties: boolean): string {
    const { operands } = this.#reader;
    const tag = operands?.at(hasProperties ? -2 : -1);
    if (operands !== undefined) return tag instanceof PdfName ? tag.name : '';
    return (hasProperties ? this.#reader.firstName() : this.#reader.lastName()) ?? '';
  }

  /** A dictionary, or the name of one. */
  #properties(): PdfDict | undefined {
    const last = this.#reader.operands?.at(-1);
    if (last instanceof PdfDict) return last;
    return this.walk.file.dict(this.run.scope.find('Properties', this.#reader.lastName()));
  }

  #noteTexts(marked: MarkedContent): void {
    const { file } = this.walk;
    for (const key of ['ActualText', 'Alt'] as const) {
      if (PRIVATE_USE.test(file.text(marked.text(key)) ?? ''))
        this.#facts.keep(this.#facts.privateTexts, { thing: key, place: this.#place });
    }
    const language = file.text(marked.text('Lang'));
    if (language !== undefined) ContentFacts.note(this.#facts.languages, language, this.#place);
  }

  #judgeSequence(marked: MarkedContent): void {
    const isTagged = this.walk.structure.elements.isTagged(marked.element ?? this.run.marking.element);
    if (isTagged && marked.tag === 'Artifact') this.#mark('artifact-in-tagged');
    if (isTagged && marked.inArtifact) this.#mark('tagged-in-artifact');
    if (marked.tag !== 'Span') return;
    for (const key of ['ActualText', 'Alt', 'E'] as const) {
      if (marked.text(key) !== undefined && !marked.hasLanguage) this.#mark(`${key}-without-language`);
    }
  }

  end(): void {
    this.#marked = this.#marked?.outer;
  }

  /** Something visible stands here: is it part of the structure, or an artifact? */
  #judge(isText: boolean): void {
    if (!this.run.isJudged) return;
    const { marking } = this.run;
    const inArtifact = this.#marked?.inArtifact ?? marking.inArtifact;
    if (!inArtifact && !this.walk.structure.elements.isTagged(this.#marked?.element ?? marking.element)) {
      this.#mark('untagged');
    }
    if (isText && this.#marked?.hasLanguage !== true) this.#mark('text-without-language');
  }

  #mark(kind: MarkingFault): void {
    const { markings } = this.#facts;
    let places = markings.get(kind);
    if (places === undefined) markings.set(kind, (places = []));
    this.#facts.keep(places, this.#place);
  }
}

const NO_BYTES = new Uint8Array(0);
