/** Runs one content stream: operators one by one, with what they use recorded (ISO 32000-2 Annex A). */
import { ContentReader } from '../../../content/content-reader.ts';
import { PdfSyntaxError } from '../../../revision/lexer.ts';
import { PdfDict, PdfName, PdfString, type PdfObject } from '../../../revision/objects.ts';
import type { ColourSpace } from '../colour/colour-space.ts';
import { SHOWN } from '../fonts/font.ts';
import type { Place } from '../rule.ts';
import { PRIVATE_USE } from '../private-use.ts';
import { ContentFacts } from './content-facts.ts';
import { fills, strokes, type GraphicsState } from './graphics-state.ts';
import { MarkedContent, type StreamMarking } from './marked-content.ts';
import type { ResourceScope } from './resource-scope.ts';
import type { ContentWalk } from './content-walk.ts';

/** One stream to be run. */
export interface StreamRun {
  readonly bytes: Uint8Array;
  readonly scope: ResourceScope;
  readonly state: GraphicsState;
  readonly marking: StreamMarking;
  /** Content of a page, itself or through forms. */
  readonly isReal: boolean;
  /** Its marked content counts: not in appearances, patterns and glyphs. */
  readonly isJudged: boolean;
  readonly page: number;
  readonly blending: ColourSpace | undefined;
  /** Depth of forms within forms. */
  readonly depth: number;
}

const MOST_STATES = 28;
const MOST_OPEN = 4_096;

export class StreamRunner {
  readonly run: StreamRun;
  readonly walk: ContentWalk;
  /** Something transparent was painted. */
  isTransparent = false;
  readonly #facts: ContentFacts;
  readonly #states: GraphicsState[] = [];
  readonly #place: Place;
  /** The state that patterns begin with. */
  readonly #first: GraphicsState;
  #state: GraphicsState;
  #marked: MarkedContent | undefined;
  #open = 0;

  constructor(walk: ContentWalk, run: StreamRun) {
    this.walk = walk;
    this.run = run;
    this.#facts = walk.facts;
    this.#state = { ...run.state };
    this.#first = { ...run.state };
    this.#place = { page: run.page };
  }

  start(): void {
    const reader = new ContentReader(this.run.bytes, { lenient: true });
    const { budget } = this.walk.file;
    try {
      while (reader.next()) {
        budget.step();
        this.#operation(reader.operator, reader.operands);
      }
    } catch (error) {
      if (!(error instanceof PdfSyntaxError)) throw error;
      this.#facts.keep(this.#facts.broken, { thing: error.message, place: this.#place });
    }
  }

  #operation(operator: string, operands: readonly PdfObject[]): void {
    this.#lookAt(operands);
    const handler = OPERATORS.get(operator);
    if (handler === undefined) {
      this.#facts.keep(this.#facts.unknownOperators, { thing: operator, place: this.#place });
    } else handler(this, operands);
  }

  #lookAt(operands: readonly PdfObject[]): void {
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
    if (this.#states.length < MOST_OPEN) this.#states.push({ ...this.#state });
    this.#open += 1;
    if (this.#open > MOST_STATES) this.#facts.keep(this.#facts.deepStates, this.#place);
  }

  restore(): void {
    if (this.#open > 0) this.#open -= 1;
    const saved = this.#states.pop();
    if (saved !== undefined) this.#state = saved;
  }

  /** `gs` */
  graphicsState(operands: readonly PdfObject[]): void {
    const object = this.run.scope.find('ExtGState', lastName(operands));
    const dict = this.walk.file.dict(object);
    if (dict === undefined) return;
    this.walk.graphicsState(dict, object, this.#place);
    this.walk.apply(dict, this.#state);
  }

  intent(operands: readonly PdfObject[]): void {
    const name = lastName(operands);
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
  colourSpace(operands: readonly PdfObject[], side: 'fill' | 'stroke'): void {
    if (!this.#state.hasColour) return;
    this.#state[side] = this.run.scope.colourSpace(this.walk.spaces, lastName(operands));
    this.#useColour(this.#state[side]);
  }

  /** `scn`, `SCN` */
  colour(operands: readonly PdfObject[], side: 'fill' | 'stroke'): void {
    if (!this.#state.hasColour) return;
    const space = this.#state[side];
    const isPattern = space?.kind === 'Pattern' || space?.kind.startsWith('pattern') === true;
    if (isPattern) {
      const pattern = this.run.scope.find('Pattern', lastName(operands));
      this.#state[side] = this.walk.pattern(pattern, { base: space.base, first: this.#first, run: this.run });
    }
    this.#useColour(this.#state[side]);
  }

  #useColour(space: ColourSpace | undefined, overprints = false): void {
    if (space !== undefined) {
      this.walk.useColour(space, { overprints, blending: this.run.blending, place: this.#place });
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
    this.#painted(fill, stroke);
    this.#judge(false);
  }

  #painted(fill: boolean, stroke: boolean): void {
    const { softMask, blends, fillAlpha, strokeAlpha } = this.#state;
    if (softMask || blends || (fill && fillAlpha < 1) || (stroke && strokeAlpha < 1))
      this.isTransparent = true;
    if (fill && this.walk.isTransparentPattern(this.#state.fill)) this.isTransparent = true;
    if (stroke && this.walk.isTransparentPattern(this.#state.stroke)) this.isTransparent = true;
  }

  setFont(operands: readonly PdfObject[]): void {
    const [first] = operands;
    const name = first instanceof PdfName ? first.name : undefined;
    const { scope } = this.run;
    const font = this.walk.fonts.get(scope.find('Font', name));
    if (name !== undefined && font === undefined) scope.undefinedNames.add(name);
    this.#state.font = font;
  }

  setMode(operands: readonly PdfObject[]): void {
    const [mode] = operands;
    this.#state.mode =
      typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 7 ? mode : 0;
  }

  /** `Tj`, `TJ`, `'` and `"`; the strings are in the first operand, as in the last. */
  showText(operands: readonly PdfObject[]): void {
    const { font, mode } = this.#state;
    if (fills(mode)) this.#useFill();
    if (strokes(mode)) this.#useStroke();
    this.#painted(fills(mode), strokes(mode));
    const shown = operands.at(-1);
    if (font !== undefined) {
      this.walk.useFont(font, { state: this.#state, run: this.run });
      const flags = this.#shownFlags(mode);
      const strings = Array.isArray(shown) ? shown : [shown];
      let any = false;
      for (const string of strings) {
        if (!(string instanceof PdfString)) continue;
        any = true;
        font.use(string.bytes, this.run.page, flags);
        if (this.walk.showsTransparency(font, string.bytes)) this.isTransparent = true;
      }
      if (!any) font.use(NO_BYTES, this.run.page, flags);
    }
    this.#judge(true);
  }

  #shownFlags(mode: number): number {
    const byText = this.#marked?.isCoveredBy('ActualText') === true;
    const byAlt = byText || !this.run.isReal || this.#marked?.isCoveredBy('Alt') === true;
    return (mode === 3 ? 0 : SHOWN.rendered) | (byText ? 0 : SHOWN.bare) | (byAlt ? 0 : SHOWN.bareOnPage);
  }

  /** `Do` */
  xObject(operands: readonly PdfObject[]): void {
    const object = this.run.scope.find('XObject', lastName(operands));
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
      const transparent = this.walk.image(object, stream, { run: this.run, state: this.#state });
      if (transparent) this.isTransparent = true;
      this.#judge(false);
    } else if (subtype === 'PS') this.#facts.keep(this.#facts.postScript, this.#place);
    this.#painted(true, false);
  }

  /** `sh` */
  shading(operands: readonly PdfObject[]): void {
    if (this.#state.hasColour) {
      const shading = this.run.scope.find('Shading', lastName(operands));
      const dict = this.walk.file.dictOrStream(shading);
      const { scope } = this.run;
      this.#useColour(this.walk.spaces.parse(dict?.get('ColorSpace'), scope.own ?? scope.page));
    }
    this.#painted(true, false);
    this.#judge(false);
  }

  inlineImage(operands: readonly PdfObject[]): void {
    const [dict] = operands;
    if (!(dict instanceof PdfDict)) return;
    if (this.#state.hasColour || dict.get('IM') === true) {
      this.#facts.collect(this.#facts.inlineImages, { thing: dict, place: this.#place });
      this.walk.inlineImage(dict, { run: this.run, state: this.#state });
    }
    this.#painted(true, false);
    this.#judge(false);
  }

  noColour(): void {
    this.#state.hasColour = false;
  }

  /** `BMC`, `BDC` */
  begin(operands: readonly PdfObject[], hasProperties: boolean): void {
    const { scope, marking } = this.run;
    const [tag, last] = [operands.at(hasProperties ? -2 : -1), operands.at(-1)];
    let properties: PdfDict | undefined;
    if (hasProperties) {
      properties =
        last instanceof PdfDict
          ? last
          : this.walk.file.dict(scope.find('Properties', last instanceof PdfName ? last.name : undefined));
    }
    this.#marked = new MarkedContent(this.walk.structure, marking, {
      tag: tag instanceof PdfName ? tag.name : '',
      properties,
      outer: this.#marked,
    });
    this.#noteTexts(this.#marked);
    if (this.run.isJudged) this.#judgeSequence(this.#marked);
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

  #mark(kind: ContentFacts['markings'][number]['kind']): void {
    this.#facts.keep(this.#facts.markings, { kind, place: this.#place });
  }
}

const NO_BYTES = new Uint8Array(0);

function lastName(operands: readonly PdfObject[]): string | undefined {
  const last = operands.at(-1);
  return last instanceof PdfName ? last.name : undefined;
}

type Handler = (runner: StreamRunner, operands: readonly PdfObject[]) => void;

const nothing: Handler = () => undefined;

const OPERATORS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...['w J j M d i cm m l c v y h re n W W* BT ET Tc Tw Tz TL Ts Td TD Tm T* sc SC d0 MP DP BX EX'].flatMap(
    (names) => names.split(' ').map((name): [string, Handler] => [name, nothing]),
  ),
  ['q', (runner) => runner.save()],
  ['Q', (runner) => runner.restore()],
  ['gs', (runner, operands) => runner.graphicsState(operands)],
  ['ri', (runner, operands) => runner.intent(operands)],
  ['g', (runner) => runner.device('DeviceGray', 'fill')],
  ['G', (runner) => runner.device('DeviceGray', 'stroke')],
  ['rg', (runner) => runner.device('DeviceRGB', 'fill')],
  ['RG', (runner) => runner.device('DeviceRGB', 'stroke')],
  ['k', (runner) => runner.device('DeviceCMYK', 'fill')],
  ['K', (runner) => runner.device('DeviceCMYK', 'stroke')],
  ['cs', (runner, operands) => runner.colourSpace(operands, 'fill')],
  ['CS', (runner, operands) => runner.colourSpace(operands, 'stroke')],
  ['scn', (runner, operands) => runner.colour(operands, 'fill')],
  ['SCN', (runner, operands) => runner.colour(operands, 'stroke')],
  ['f', (runner) => runner.paint(true, false)],
  ['F', (runner) => runner.paint(true, false)],
  ['f*', (runner) => runner.paint(true, false)],
  ['S', (runner) => runner.paint(false, true)],
  ['s', (runner) => runner.paint(false, true)],
  ['B', (runner) => runner.paint(true, true)],
  ['B*', (runner) => runner.paint(true, true)],
  ['b', (runner) => runner.paint(true, true)],
  ['b*', (runner) => runner.paint(true, true)],
  ['Tf', (runner, operands) => runner.setFont(operands)],
  ['Tr', (runner, operands) => runner.setMode(operands)],
  ['Tj', (runner, operands) => runner.showText(operands)],
  ['TJ', (runner, operands) => runner.showText(operands)],
  ["'", (runner, operands) => runner.showText(operands)],
  ['"', (runner, operands) => runner.showText(operands)],
  ['Do', (runner, operands) => runner.xObject(operands)],
  ['sh', (runner, operands) => runner.shading(operands)],
  ['EI', (runner, operands) => runner.inlineImage(operands)],
  ['d1', (runner) => runner.noColour()],
  ['BMC', (runner, operands) => runner.begin(operands, false)],
  ['BDC', (runner, operands) => runner.begin(operands, true)],
  ['EMC', (runner) => runner.end()],
]);
