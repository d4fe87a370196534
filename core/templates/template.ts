import type { PrintOptions } from '../../contract/page.ts';
import type { DocumentDefaults, TemplateDetail, TemplateSummary } from '../../contract/template.ts';
import type { AssetSource } from '../pdf/engine.ts';

/** A template as a job uses it: its texts now, its assets on demand. */
export interface LoadedTemplate {
  /** The folder name in the library; undefined for a file or an inline text. */
  readonly id: string | undefined;
  readonly html: string;
  readonly css: string | undefined;
  readonly partials: Readonly<Record<string, string>>;
  readonly options: PrintOptions;
  /** Standard, signature, metadata and attachments for requests that name none. */
  readonly defaults: DocumentDefaults;
  readonly assets: AssetSource;
  /** The paths that `assets` knows. */
  assetPaths(): Promise<string[]>;
}

/** What finds the template of a document. */
export type TemplateFinder = Pick<TemplateLibrary, 'load' | 'loadFile' | 'readCss' | 'readCssFile'>;

/**
 * The library on disk: one plain folder a template (`template.html`, `style.css`, `partials/*.hbs`, `samples/*.json`,
 * `assets/`, `fonts/`, `influxion.json`). No name leads out of it: `..`, absolute paths and symbolic links that point
 * outside are TEMPLATE_NOT_FOUND.
 */
export interface TemplateLibrary {
  list(): Promise<TemplateSummary[]>;
  /** TEMPLATE_NOT_FOUND names the nearest id. */
  describe(id: string): Promise<TemplateDetail>;
  load(id: string): Promise<LoadedTemplate>;
  /** A file under the library folder, `invoice/template.html` or `letters/plain.html`, and what lies beside it. */
  loadFile(filename: string): Promise<LoadedTemplate>;
  /** The style sheet of a template. */
  readCss(id: string): Promise<string>;
  readCssFile(filename: string): Promise<string>;
  /** Sample data as JSON text. */
  readSample(id: string, sample: string): Promise<string>;
  /** From a zip of one template folder; TEMPLATE_EXISTS unless `replace`. Returns the id. */
  importZip(
    zip: Uint8Array,
    options: { readonly name?: string; readonly replace?: boolean },
  ): Promise<string>;
  exportZip(id: string): Promise<Uint8Array>;
  remove(id: string): Promise<void>;
  /** Copies the sample templates that ship with the product into an empty library. */
  seed(samplesFolder: string): Promise<string[]>;
}

/** What the studio needs of the library besides. */
export interface EditableLibrary extends TemplateLibrary {
  /** Also of a template that is broken; what is wrong stands in `problem`. */
  summarize(id: string): Promise<TemplateSummary>;
  /** `beforeReplace` is called once the zip has been found good, before what has its name goes. */
  importZip(
    zip: Uint8Array,
    options: {
      readonly name?: string;
      readonly replace?: boolean;
      readonly beforeReplace?: (id: string) => Promise<void>;
    },
  ): Promise<string>;
}
