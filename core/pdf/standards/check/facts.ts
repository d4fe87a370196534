/** Everything that the rules ask about a file, found once for all levels and only when asked for. */
import type { PdfStandard } from '../../../../contract/standard.ts';
import type { PdfReader } from '../../revision/reader.ts';
import { PdfDict, PdfRef, type PdfObject } from '../../revision/objects.ts';
import type { Budget } from './budget.ts';
import { ColourSpaces } from './colour/colour-space.ts';
import type { IccProfile } from './colour/icc-profile.ts';
import type { ContentFacts } from './content/content-facts.ts';
import { ContentWalk } from './content/content-walk.ts';
import { CheckedFile } from './file/checked-file.ts';
import { bytesBehindEof, headerForm, tableForm, type HeaderForm, type TableForm } from './file/file-form.ts';
import { isMetadata, walkObjects, type ObjectFacts } from './file/objects-walk.ts';
import { pageTree, type CheckedPage, type PageTree } from './file/page-walk.ts';
import { FontPrograms } from './fonts/font-program.ts';
import { Fonts } from './fonts/font.ts';
import { xmpFacts, type XmpFacts } from './metadata/xmp-facts.ts';
import { elementTree, type ElementTree } from './structure/element-tree.ts';
import { ElementFacts } from './structure/element-chain.ts';
import { ParentTree } from './structure/parent-tree.ts';

/** An output intent with its profile (ISO 32000-2 §14.11.5). */
export interface OutputIntent {
  readonly dict: PdfDict;
  readonly object: number | undefined;
  readonly subtype: string | undefined;
  readonly profile: IccProfile | undefined;
  /** Number of the object of /DestOutputProfile, when it is a reference. */
  readonly profileObject: number | undefined;
}

export class Facts {
  readonly file: CheckedFile;
  readonly reader: PdfReader;
  readonly budget: Budget;
  readonly spaces: ColourSpaces;
  readonly fonts: Fonts;
  /** Whether a file within this one conforms to one of these standards. */
  readonly conforms: (bytes: Uint8Array, standards: readonly PdfStandard[]) => boolean;
  #memo = new Map<string, unknown>();

  constructor(reader: PdfReader, budget: Budget, conforms: Facts['conforms']) {
    this.conforms = conforms;
    this.reader = reader;
    this.budget = budget;
    this.file = new CheckedFile(reader, budget);
    this.spaces = new ColourSpaces(this.file);
    this.fonts = new Fonts(this.file, new FontPrograms(this.file));
  }

  /** What `make` gave the first time that it was asked for by this name. */
  once<Value>(name: string, make: () => Value): Value {
    if (!this.#memo.has(name)) this.#memo.set(name, make());
    return this.#memo.get(name) as Value;
  }

  get catalog(): PdfDict {
    return this.once('catalog', () => this.file.dict(this.reader.trailer.get('Root')) ?? new PdfDict());
  }

  get catalogObject(): number | undefined {
    const root = this.reader.trailer.get('Root');
    return root instanceof PdfRef ? root.number : undefined;
  }

  get header(): HeaderForm {
    return this.once('header', () => headerForm(this.reader.source));
  }

  get bytesBehindEof(): number | undefined {
    return this.once('eof', () => bytesBehindEof(this.reader.source));
  }

  get tables(): TableForm {
    return this.once('tables', () => tableForm(this.reader, () => this.budget.step()));
  }

  get objects(): ObjectFacts {
    return this.once('objects', () => walkObjects(this.file));
  }

  get pageTree(): PageTree {
    return this.once('pages', () => pageTree(this.file, this.catalog));
  }

  get pages(): readonly CheckedPage[] {
    return this.pageTree.pages;
  }

  /** The document information dictionary. */
  get info(): PdfDict | undefined {
    return this.once('info', () => this.file.dict(this.reader.trailer.get('Info')));
  }

  get structTreeRoot(): PdfDict | undefined {
    return this.once('root', () => this.file.dict(this.catalog.get('StructTreeRoot')));
  }

  get parentTree(): ParentTree {
    return this.once('parents', () => new ParentTree(this.file, this.structTreeRoot));
  }

  /** The structure tree; undefined without a root. */
  get elements(): ElementTree | undefined {
    return this.once('elements', () => {
      const numbers = new Map(this.pages.map(({ object, number }) => [object, number]));
      return (
        this.structTreeRoot && elementTree(this.file, this.structTreeRoot, (object) => numbers.get(object))
      );
    });
  }

  get content(): ContentFacts {
    return this.once('content', () => {
      const walk = new ContentWalk({
        file: this.file,
        spaces: this.spaces,
        fonts: this.fonts,
        structure: {
          file: this.file,
          parents: this.parentTree,
          elements: new ElementFacts(this.file),
        },
      });
      for (const page of this.pages) walk.page(page);
      return walk.facts;
    });
  }

  /** /Metadata of the catalog. */
  get xmp(): XmpFacts | undefined {
    return this.once('xmp', () => {
      const ref = this.catalog.get('Metadata');
      const stream = this.file.stream(ref);
      if (stream === undefined || !isMetadata(this.file, stream)) return undefined;
      return xmpFacts(this.file, stream, ref instanceof PdfRef ? ref.number : undefined);
    });
  }

  /** Of other objects. */
  get otherXmp(): readonly XmpFacts[] {
    return this.once('others', () =>
      this.objects.metadata.map(({ stream, number }) => xmpFacts(this.file, stream, number)),
    );
  }

  get outputIntents(): readonly OutputIntent[] {
    return this.once('intents', () => this.intentsOf(this.catalog));
  }

  /** /OutputIntents of the catalog or of a page. */
  intentsOf(holder: PdfDict): OutputIntent[] {
    const { file } = this;
    return (file.array(holder.get('OutputIntents')) ?? []).flatMap((item: PdfObject) => {
      const dict = file.dictOrStream(item);
      if (dict === undefined) return [];
      const ref = dict.get('DestOutputProfile');
      const stream = file.stream(ref);
      const profileObject = ref instanceof PdfRef ? ref.number : undefined;
      return [
        {
          dict,
          object: item instanceof PdfRef ? item.number : this.catalogObject,
          subtype: file.name(dict.get('S')),
          profile: stream && this.spaces.profile(stream, profileObject),
          profileObject,
        },
      ];
    });
  }
}

/** Colour space of the profile of the first PDF/A output intent, such as `RGB `. */
export const intentSpace = (intents: readonly OutputIntent[]): string | undefined =>
  intents.find(({ subtype, profile }) => subtype === 'GTS_PDFA1' && profile?.colourSpace !== undefined)
    ?.profile?.colourSpace;
