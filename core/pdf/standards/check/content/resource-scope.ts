/** The named resources that a content stream sees: its own, and those of the page where it has none (ISO 32000-2 §7.8.3). */
import { PdfDict, type PdfObject } from '../../../revision/objects.ts';
import {
  DEFAULT_KEYS,
  deviceSpace,
  isDevice,
  type ColourSpace,
  type ColourSpaces,
} from '../colour/colour-space.ts';
import type { CheckedFile } from '../file/checked-file.ts';

export type ResourceKind =
  'Font' | 'XObject' | 'ExtGState' | 'ColorSpace' | 'Pattern' | 'Shading' | 'Properties';

export class ResourceScope {
  readonly file: CheckedFile;
  readonly page: PdfDict | undefined;
  /** Of the form, pattern or glyph; undefined in the content of a page. */
  readonly own: PdfDict | undefined;
  /** Names that only the page, or an ancestor of it, knows. */
  readonly inheritedNames = new Set<string>();
  readonly undefinedNames = new Set<string>();
  /** A name was looked for in the page's resources from within a form. */
  usedPage = false;
  readonly #pageInherits: boolean;

  constructor(file: CheckedFile, page: PdfDict | undefined, own: PdfDict | undefined, pageInherits: boolean) {
    this.file = file;
    this.page = page;
    this.own = own;
    this.#pageInherits = pageInherits;
  }

  /** For a stream with resources of its own (none counts as empty). */
  within(own: PdfDict | undefined): ResourceScope {
    return new ResourceScope(this.file, this.page, own ?? new PdfDict(), false);
  }

  find(kind: ResourceKind, name: string | undefined): PdfObject | undefined {
    if (name === undefined) return undefined;
    const found = this.#entry(this.own ?? this.page, kind, name);
    if (found !== undefined) {
      if (this.own === undefined && this.#pageInherits) this.inheritedNames.add(name);
      return found;
    }
    const ofPage = this.own === undefined ? undefined : this.#fromPage(kind, name);
    if (ofPage === undefined) this.undefinedNames.add(name);
    return ofPage;
  }

  colourSpace(spaces: ColourSpaces, name: string | undefined): ColourSpace | undefined {
    if (name === undefined) return undefined;
    const resources = this.own ?? this.page;
    if (isDevice(name)) return this.deviceOrDefault(spaces, name);
    const space = spaces.parse(this.#entry(resources, 'ColorSpace', name), resources);
    if (space !== undefined) {
      if (this.own === undefined && this.#pageInherits) this.inheritedNames.add(name);
      return space;
    }
    if (name === 'Pattern') return { kind: 'Pattern' };
    const ofPage =
      this.own === undefined ? undefined : spaces.parse(this.#fromPage('ColorSpace', name), this.page);
    if (ofPage === undefined) this.undefinedNames.add(name);
    return ofPage;
  }

  /** A device colour space, or what stands in for it here. */
  deviceOrDefault(spaces: ColourSpaces, name: keyof typeof DEFAULT_KEYS): ColourSpace {
    const resources = this.own ?? this.page;
    const fallback = this.#entry(resources, 'ColorSpace', DEFAULT_KEYS[name]);
    const space = fallback === undefined ? undefined : spaces.parse(fallback, resources, true);
    return space ?? deviceSpace(name);
  }

  #fromPage(kind: ResourceKind, name: string): PdfObject | undefined {
    this.usedPage = true;
    const found = this.#entry(this.page, kind, name);
    if (found !== undefined) this.inheritedNames.add(name);
    return found;
  }

  #entry(resources: PdfDict | undefined, kind: ResourceKind, name: string): PdfObject | undefined {
    const value = this.file.dict(resources?.get(kind))?.get(name);
    return value === undefined || this.file.resolve(value) === null ? undefined : value;
  }
}
