/** The marked-content sequences that are open at a place of a content stream (ISO 32000-2 §14.6). */
import type { PdfDict, PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import type { ElementFacts } from '../structure/element-chain.ts';
import type { ParentTree } from '../structure/parent-tree.ts';

export interface Structure {
  readonly file: CheckedFile;
  readonly parents: ParentTree;
  readonly elements: ElementFacts;
}

/** What a stream gets from whoever paints it. */
export interface StreamMarking {
  /** Page, form, pattern or font: its /StructParents lead to elements. */
  readonly holder: PdfDict | undefined;
  /** The element that unmarked content of the stream belongs to. */
  readonly element: PdfObject | undefined;
  /** It is painted within an artifact. */
  readonly inArtifact: boolean;
}

/** Each takes over what it asks of those around it: hostile files open a million in each other. */
export class MarkedContent {
  readonly tag: string;
  readonly properties: PdfDict | undefined;
  /** The nearest MCID: its own, or that of a sequence around it. */
  readonly innermostMcid: number | undefined;
  /** Its own element, or that of a sequence around it. */
  readonly element: PdfObject | undefined;
  readonly inArtifact: boolean;
  readonly outer: MarkedContent | undefined;
  readonly #structure: Structure;
  readonly #holder: PdfDict | undefined;
  readonly #own: PdfObject | undefined;
  readonly #outerHasLanguage: boolean;
  #hasLanguage: boolean | undefined;
  /** Of itself or a sequence around it. */
  readonly #hasText: Record<'ActualText' | 'Alt', boolean>;
  #elementHasText: Record<'ActualText' | 'Alt', boolean> | undefined;

  /** `mcid`: of a sequence that has no other property. */
  constructor(
    structure: Structure,
    stream: StreamMarking,
    marked: {
      readonly tag: string;
      readonly properties: PdfDict | undefined;
      readonly mcid: number | undefined;
      readonly outer: MarkedContent | undefined;
    },
  ) {
    const { tag, properties, outer } = marked;
    this.tag = tag;
    this.properties = properties;
    this.outer = outer;
    this.#structure = structure;
    this.#holder = stream.holder;
    const mcid = marked.mcid ?? structure.file.integer(properties?.get('MCID'));
    this.innermostMcid = mcid ?? outer?.innermostMcid;
    this.#own =
      mcid === undefined
        ? undefined
        : presentElement(structure.file, structure.parents.element(stream.holder, mcid));
    this.element = this.#own ?? outer?.element;
    this.inArtifact = tag === 'Artifact' || (outer?.inArtifact ?? stream.inArtifact);
    this.#outerHasLanguage = outer?.hasLanguage === true;
    const textsAround = outer === undefined ? NO_TEXT : outer.#hasText;
    this.#hasText =
      properties === undefined
        ? textsAround
        : {
            ActualText: this.#states('ActualText', outer),
            Alt: this.#states('Alt', outer),
          };
  }

  #states(key: 'ActualText' | 'Alt', outer: MarkedContent | undefined): boolean {
    return this.text(key) !== undefined || (outer !== undefined && outer.#hasText[key]);
  }

  text(key: 'ActualText' | 'Alt' | 'E' | 'Lang'): PdfObject | undefined {
    return this.properties && this.#structure.file.string(this.properties.get(key));
  }

  /** Of its own, from its element, or from the sequences around it. */
  get hasLanguage(): boolean {
    this.#hasLanguage ??=
      this.text('Lang') !== undefined ||
      (this.#own !== undefined && this.#structure.elements.hasLanguage(this.#own)) ||
      this.#outerHasLanguage;
    return this.#hasLanguage;
  }

  /** A replacement text covers what is shown here. */
  isCoveredBy(key: 'ActualText' | 'Alt'): boolean {
    if (this.#hasText[key]) return true;
    if (this.#elementHasText === undefined) {
      const { parents, elements } = this.#structure;
      const element = parents.element(this.#holder, this.innermostMcid);
      this.#elementHasText = {
        ActualText: elements.hasText(element, 'ActualText'),
        Alt: elements.hasText(element, 'Alt'),
      };
    }
    return this.#elementHasText[key];
  }
}

const NO_TEXT = { ActualText: false, Alt: false };

export const presentElement = (file: CheckedFile, element: PdfObject | undefined): PdfObject | undefined =>
  element === undefined || file.resolve(element) === null ? undefined : element;
