/** A file that documents are added to, one after the other. */
import type { PdfDocument } from '../revision/document.ts';
import { name, PdfDict, PdfRef, PdfStream, type PdfObject } from '../revision/objects.ts';
import { textString } from '../revision/text-string.ts';
import { nameTreeEntries } from '../revision/tree-entries.ts';
import { formFields } from '../signing/field/form.ts';
import { outputIntent } from '../standards/colour/output-intent.ts';
import { trailerId } from '../standards/identity.ts';
import { infoDict } from '../standards/info.ts';
import type { MetadataModel } from '../standards/metadata-model.ts';
import { xmpPacket } from '../standards/xmp-packet.ts';
import { Bookmarks } from './bookmarks.ts';
import { renameDestinations } from './destinations.ts';
import { copyPage, numberPages } from './merged-pages.ts';
import { MergedStructure } from './merged-structure.ts';
import type { PageStamp } from './merge-task.ts';
import { NameList } from './name-list.ts';
import { ObjectCopier } from './object-copier.ts';
import { OutputFile } from './output-file.ts';
import { boxOf, Stamper } from './page-stamp.ts';
import { textAt } from './survey.ts';
import { PageTree } from './trees.ts';

export interface MergedFileOptions {
  readonly version: string;
  readonly model: MetadataModel;
  /** How many will be added. */
  readonly files: number;
  /** All of them have a structure tree. */
  readonly isTagged: boolean;
  /** At least one of them has an output intent, and all that have one have the same. */
  readonly hasIntent: boolean;
  readonly stamp:
    { readonly stamp: PageStamp; readonly pages: number; readonly fontsFolder: string } | undefined;
}

export class MergedFile {
  readonly #options: MergedFileOptions;
  readonly #out: OutputFile;
  readonly #catalog: PdfRef;
  readonly #tree: PageTree;
  readonly #bookmarks: Bookmarks;
  readonly #structure: MergedStructure;
  readonly #destinations = new NameList();
  readonly #files = new NameList();
  /** Numbers of the files that belong to a document as a whole (ISO 32000-2 §14.13). */
  readonly #associated = new Set<number>();
  readonly #stamper: Stamper | undefined;
  #intent: PdfObject | undefined;

  constructor(options: MergedFileOptions) {
    const { standards } = options.model;
    const isPdfA1 = standards.pdfa?.part === 1;
    this.#options = options;
    this.#out = new OutputFile({ version: options.version, objectStreams: !isPdfA1 });
    this.#catalog = this.#out.reserve();
    this.#tree = new PageTree(this.#out);
    this.#bookmarks = new Bookmarks(this.#out);
    this.#structure = new MergedStructure(this.#out, { files: options.files, isPdf2: standards.ua === 2 });
    const { stamp } = options;
    this.#stamper = stamp && new Stamper(stamp.stamp, stamp.pages, { ...stamp, out: this.#out, isPdfA1 });
  }

  /** Throws PDF_DAMAGED. */
  *add(document: PdfDocument, title: string): Generator<Uint8Array> {
    const out = this.#out;
    const { isTagged, model } = this.#options;
    const structure = isTagged ? this.#structure.names(document) : undefined;
    const destinations = renameDestinations(document, this.#destinations);
    const copier = new ObjectCopier(document, out, {
      keyOffset: structure?.keyOffset,
      destination: (old) => destinations.rename(old),
      elementId: (old) => structure?.elementId(old) ?? old,
      role: (old) => structure?.role(old) ?? old,
    });
    copier.map(document.rootRef, this.#catalog);
    leaveOutSignatures(document, copier);
    const pages = numberPages(document, copier, out);
    const language = textAt(document, document.root, 'Lang');
    const element =
      structure &&
      this.#structure.add(document, copier, structure, language === model.language ? undefined : language);
    const [first] = pages;
    if (first !== undefined) {
      const box = boxOf(first.page.inherited('MediaBox'), (each) => document.resolve(each));
      const target = {
        page: first.ref,
        top: box.top,
        element: model.standards.ua === 2 ? element : undefined,
      };
      this.#bookmarks.add(this.#bookmarks.reserve(), title, target, { document, copier });
    }
    for (const page of pages) {
      copyPage(page, { document, copier }, { out, tree: this.#tree, stamper: this.#stamper });
      yield* copier.drain();
    }
    for (const [own, place] of destinations.entries) this.#destinations.set(own, copier.value(place));
    this.#addFiles(document, copier);
    this.#addIntent(document, copier);
    yield* copier.drain();
  }

  *finish(): Generator<Uint8Array> {
    const out = this.#out;
    const { model, isTagged } = this.#options;
    this.#tree.finish();
    this.#bookmarks.finish();
    if (isTagged) this.#structure.finish();
    const packet = PdfDict.of({ Type: name('Metadata'), Subtype: name('XML') });
    const isArchive = model.standards.pdfa !== undefined;
    const intent = this.#intent ?? (isArchive ? outputIntent(out).intent : undefined);
    out.put(
      this.#catalog,
      PdfDict.of({
        Type: name('Catalog'),
        Pages: this.#tree.root,
        PageLabels: PdfDict.of({ Nums: [0, PdfDict.of({ S: name('D') })] }),
        PageMode: name('UseOutlines'),
        Outlines: this.#bookmarks.root,
        Names: this.#names(),
        AF: this.#associated.size === 0 ? undefined : [...this.#associated].map((each) => new PdfRef(each)),
        Lang: model.language === undefined ? undefined : textString(model.language),
        MarkInfo: isTagged ? PdfDict.of({ Marked: true }) : undefined,
        StructTreeRoot: isTagged ? this.#structure.root : undefined,
        ViewerPreferences: PdfDict.of({ DisplayDocTitle: true }),
        OutputIntents: intent === undefined ? undefined : [intent],
        Metadata: out.add(PdfStream.of(packet, xmpPacket(model))),
      }),
    );
    const trailer = PdfDict.of({
      Root: this.#catalog,
      Info: model.standards.pdfa?.part === 4 ? undefined : out.add(infoDict(model)),
      ID: trailerId(model.identity),
    });
    yield out.finish(trailer);
  }

  #names(): PdfDict | undefined {
    const destinations = this.#destinations.write(this.#out);
    const files = this.#files.write(this.#out);
    if (destinations === undefined && files === undefined) return undefined;
    return PdfDict.of({ Dests: destinations, EmbeddedFiles: files });
  }

  #addFiles(document: PdfDocument, copier: ObjectCopier): void {
    const tree = document.dictAt(document.dictAt(document.root, 'Names'), 'EmbeddedFiles');
    for (const [key, file] of nameTreeEntries(document, tree)) this.#files.add(key, copier.shared(file));
    for (const file of document.arrayAt(document.root, 'AF') ?? []) {
      const copy = copier.shared(file);
      if (copy instanceof PdfRef) this.#associated.add(copy.number);
    }
  }

  #addIntent(document: PdfDocument, copier: ObjectCopier): void {
    if (this.#intent !== undefined || !this.#options.hasIntent) return;
    const [intent] = document.arrayAt(document.root, 'OutputIntents') ?? [];
    if (intent !== undefined) this.#intent = copier.shared(intent);
  }
}

/** A signature says nothing of another file; its field would be an empty one. */
function leaveOutSignatures(document: PdfDocument, copier: ObjectCopier): void {
  for (const { ref } of formFields(document)) copier.map(ref, undefined);
}
