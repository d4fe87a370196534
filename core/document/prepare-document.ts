/** Finds what a request names: template, style sheet, options, assets, and what the document shall become after its print. */
import type {
  Attachment,
  DocumentMetadata,
  SignatureOptions,
  TemplateAttachment,
} from '../../contract/document.ts';
import type { GenerateRequest, TemplateRef } from '../../contract/job.ts';
import type { PrintOptions } from '../../contract/page.ts';
import { standardsOf, type PdfStandard } from '../../contract/standard.ts';
import type { AssetSource } from '../pdf/engine.ts';
import { resolvePrintSettings } from '../pdf/print-settings.ts';
import { assetsFromRequest } from '../templates/request-assets.ts';
import type { LoadedTemplate, TemplateFinder } from '../templates/template.ts';

/** What a document shall become, request and template taken together. */
export interface DocumentSettings {
  readonly standards: readonly PdfStandard[];
  readonly documentId: string | undefined;
  readonly metadata: DocumentMetadata;
  /** Of the request, else of the template. */
  readonly attachments: readonly (Attachment | TemplateAttachment)[];
  readonly signKeyId: string | undefined;
  readonly signature: SignatureOptions;
}

/** A request with its template, style sheet, options and assets at hand. */
export interface PreparedDocument {
  readonly template: LoadedTemplate;
  readonly css: string | undefined;
  readonly options: PrintOptions;
  readonly partials: Readonly<Record<string, string>>;
  readonly assets: AssetSource;
  readonly settings: DocumentSettings;
}

/** What a request may say of them; a field that is null or left out is the template's. */
type Wishes = Pick<
  GenerateRequest,
  'document_id' | 'pdf_standard' | 'metadata' | 'attachments' | 'sign_key_id' | 'signature'
>;

/**
 * Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID, VALIDATION_FAILED (margins without room).
 */
export async function prepareDocument(
  library: TemplateFinder,
  request: GenerateRequest,
): Promise<PreparedDocument> {
  const template = await loadTemplate(library, request.html_template);
  const css = await loadCss(library, request.css_template, template);
  const prepared = prepareLoaded(template, { css, options: request.options, wishes: request });
  if (request.assets == null) return prepared;
  const own = assetsFromRequest(request.assets);
  return {
    ...prepared,
    partials: { ...template.partials, ...own.partials },
    assets: layered(own.source, template.assets),
  };
}

/** JSON text, as a template is given it. */
export const dataOf = ({ data }: Pick<GenerateRequest, 'data'>): string => JSON.stringify(data ?? {});

/** A loaded template as it is. Throws VALIDATION_FAILED (margins without room). */
export function prepareLoaded(
  template: LoadedTemplate,
  given?: {
    readonly css: string | undefined;
    readonly options: PrintOptions | null | undefined;
    readonly wishes: Wishes;
  },
): PreparedDocument {
  const options = withGiven(template.options, given?.options);
  resolvePrintSettings(options, { header: undefined, footer: undefined });
  const { partials, assets } = template;
  return {
    template,
    css: given ? given.css : template.css,
    options,
    partials,
    assets,
    settings: settingsOf(template, given?.wishes ?? {}),
  };
}

function settingsOf({ defaults }: LoadedTemplate, wishes: Wishes): DocumentSettings {
  return {
    standards: standardsOf(wishes.pdf_standard ?? defaults.pdf_standard),
    documentId: wishes.document_id ?? undefined,
    metadata: withGiven(defaults.metadata ?? {}, wishes.metadata),
    attachments: wishes.attachments ?? defaults.attachments ?? [],
    signKeyId: wishes.sign_key_id ?? defaults.sign_key_id ?? undefined,
    signature: withGiven(defaults.signature ?? {}, wishes.signature),
  };
}

/** The defaults with what is given over them, field by field; null means "not given". */
export function withGiven<Fields extends object>(defaults: Fields, given: Fields | null | undefined): Fields {
  const set = Object.entries(given ?? {}).filter(([, value]) => value != null);
  return { ...defaults, ...Object.fromEntries(set) };
}

const NO_ASSETS: AssetSource = () => undefined;

const inlineTemplate = (html: string): LoadedTemplate => ({
  id: undefined,
  html,
  css: undefined,
  partials: {},
  options: {},
  defaults: {},
  assets: NO_ASSETS,
  assetPaths: () => Promise.resolve([]),
});

async function loadTemplate(library: TemplateFinder, ref: TemplateRef): Promise<LoadedTemplate> {
  if (ref.id != null) return library.load(ref.id);
  if (ref.filename != null) return library.loadFile(ref.filename);
  return inlineTemplate(ref.content ?? '');
}

async function loadCss(
  library: TemplateFinder,
  ref: TemplateRef | null | undefined,
  template: LoadedTemplate,
): Promise<string | undefined> {
  if (ref == null) return template.css;
  if (ref.id != null) return library.readCss(ref.id);
  if (ref.filename != null) return library.readCssFile(ref.filename);
  return ref.content ?? undefined;
}

const layered =
  (first: AssetSource, second: AssetSource): AssetSource =>
  async (path) =>
    (await first(path)) ?? second(path);
