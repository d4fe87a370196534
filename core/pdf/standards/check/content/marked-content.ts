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

export class MarkedContent {
  readonly tag: string;
  readonly properties: PdfDict | undefined;
  readonly mcid: number | undefined;
  /** Its own element, or that of a sequence around it. */
  readonly element: PdfObject | undefined;
  readonly inArtifact: boolean;
  readonly outer: MarkedContent | undefined;
  readonly #structure: Structure;
  readonly #holder: PdfDict | undefined;
  readonly #own: PdfObject | undefined;
  #covered: { ActualText: boolean; Alt: boolean } | undefined;

  constructor(
    structure: Structure,
    stream: StreamMarking,
    marked: { tag: string; properties: PdfDict | undefined; outer: MarkedContent | undefined },
  ) {
    const { tag, properties, outer } = marked;
    this.tag = tag;
    this.properties = properties;
    this.outer = outer;
    this.mcid = structure.file.integer(properties?.get('MCID'));
    this.#structure = structure;
    this.#holder = stream.holder;
    this.#own =
      this.mcid === undefined
        ? undefined
        : presentElement(structure.file, structure.parents.element(stream.holder, this.mcid));
    this.element = this.#own ?? outer?.element;
    this.inArtifact = tag === 'Artifact' || (outer?.inArtifact ?? stream.inArtifact);
  }

  text(key: 'ActualText' | 'Alt' | 'E' | 'Lang'): PdfObject | undefined {
    return this.#structure.file.string(this.properties?.get(key));
  }

  get hasLanguage(): boolean {
    return this.text('Lang') !== undefined || this.inheritsLanguage;
  }

  /** From its element, or from the sequences around it. */
  get inheritsLanguage(): boolean {
    if (this.#own !== undefined && this.#structure.elements.hasLanguage(this.#own)) return true;
    return this.outer?.hasLanguage ?? false;
  }

  /** The nearest MCID around. */
  get innermostMcid(): number | undefined {
    return this.mcid ?? this.outer?.innermostMcid;
  }

  /** A replacement text covers what is shown here. */
  isCoveredBy(key: 'ActualText' | 'Alt'): boolean {
    this.#covered ??= { ActualText: this.#isCovered('ActualText'), Alt: this.#isCovered('Alt') };
    return this.#covered[key];
  }

  #isCovered(key: 'ActualText' | 'Alt'): boolean {
    if (this.text(key) !== undefined) return true;
    for (let { outer } = this; outer !== undefined; outer = outer.outer) {
      if (outer.text(key) !== undefined) return true;
    }
    const { parents, elements } = this.#structure;
    return elements.hasText(parents.element(this.#holder, this.innermostMcid), key);
  }
}

export const presentElement = (file: CheckedFile, element: PdfObject | undefined): PdfObject | undefined =>
  element === undefined || file.resolve(element) === null ? undefined : element;
