/** The way of a document, request → HTML → PDF. The queue runs it for each job, `influxion render` runs it alone. */
import type { GenerateRequest, TemplateRef } from '../contract/job.ts';
import type { PrintOptions } from '../contract/page.ts';
import type { PipelineResult, RunPipeline } from './jobs/pipeline.ts';
import type { AssetSource, PdfEngine } from './pdf/engine.ts';
import { resolvePrintSettings } from './pdf/print-settings.ts';
import { printUntilStill, type Settled } from './pdf/references/print-until-still.ts';
import type { Clock } from './ports.ts';
import type { PageNumbers } from './templates/references/page-numbers.ts';
import type { TemplateRenderer } from './templates/renderer.ts';
import { assetsFromRequest } from './templates/request-assets.ts';
import type { LoadedTemplate, TemplateLibrary } from './templates/template.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
/** Templates that need longer to render are caught in a loop; printing may take the whole of `timeout_ms`. */
const RENDER_TIMEOUT_MS = 20_000;

const NO_ASSETS: AssetSource = () => undefined;

const inlineTemplate = (html: string): LoadedTemplate => ({
  id: undefined,
  html,
  css: undefined,
  partials: {},
  options: {},
  assets: NO_ASSETS,
});

async function loadTemplate(library: TemplateLibrary, ref: TemplateRef): Promise<LoadedTemplate> {
  if (ref.id != null) return library.load(ref.id);
  if (ref.filename != null) return library.loadFile(ref.filename);
  return inlineTemplate(ref.content ?? '');
}

async function loadCss(
  library: TemplateLibrary,
  ref: TemplateRef | null | undefined,
  template: LoadedTemplate,
): Promise<string | undefined> {
  if (ref == null) return template.css;
  if (ref.id != null) return library.readCss(ref.id);
  if (ref.filename != null) return library.readCssFile(ref.filename);
  return ref.content ?? undefined;
}

/** The template's own options with the request's over them, field by field; null in a request means "not given". */
export function mergeOptions(template: PrintOptions, request: PrintOptions | null | undefined): PrintOptions {
  const given = Object.entries(request ?? {}).filter(([, value]) => value != null);
  return { ...template, ...Object.fromEntries(given) };
}

const layered =
  (first: AssetSource, second: AssetSource): AssetSource =>
  async (path) =>
    (await first(path)) ?? second(path);

/** A request with its template, style sheet, options and assets at hand. */
export interface PreparedDocument {
  readonly template: LoadedTemplate;
  readonly css: string | undefined;
  readonly options: PrintOptions;
  readonly partials: Readonly<Record<string, string>>;
  readonly assets: AssetSource;
}

/** A loaded template as it is. Throws VALIDATION_FAILED (margins without room). */
export function prepareLoaded(
  template: LoadedTemplate,
  given?: { readonly css: string | undefined; readonly options: PrintOptions | null | undefined },
): PreparedDocument {
  const options = mergeOptions(template.options, given?.options);
  resolvePrintSettings(options, { header: undefined, footer: undefined });
  const { partials, assets } = template;
  return { template, css: given ? given.css : template.css, options, partials, assets };
}

/**
 * Finds what a request names. Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID, VALIDATION_FAILED (margins without room).
 */
export async function prepareDocument(
  library: TemplateLibrary,
  request: GenerateRequest,
): Promise<PreparedDocument> {
  const template = await loadTemplate(library, request.html_template);
  const css = await loadCss(library, request.css_template, template);
  const prepared = prepareLoaded(template, { css, options: request.options });
  if (request.assets == null) return prepared;
  const own = assetsFromRequest(request.assets);
  return {
    ...prepared,
    partials: { ...template.partials, ...own.partials },
    assets: layered(own.source, template.assets),
  };
}

export interface DocumentDeps {
  readonly renderer: TemplateRenderer;
  readonly engine: PdfEngine;
  readonly clock: Clock;
}

export interface DocumentRun {
  /** JSON text. */
  readonly data: string;
  readonly signal: AbortSignal;
  /** Told each change; the first stage is to render. */
  readonly onStage: (stage: 'render' | 'print') => void;
  /** For somebody who watches: before other prints, with the places of the elements, and with what the last print told. */
  readonly preview?: { readonly pageNumbers: PageNumbers | undefined };
}

export interface DocumentResult extends Settled {
  /** Milliseconds of all passes. */
  readonly timings: { readonly render: number; readonly print: number };
}

/** Renders and prints; again while page numbers in the text are not right. Errors: those of the renderer and the engine. */
export async function runDocument(
  { renderer, engine, clock }: DocumentDeps,
  { template, css, options, partials, assets }: PreparedDocument,
  { data, signal, onStage, preview }: DocumentRun,
): Promise<DocumentResult> {
  const timeoutMs = options.timeout_ms ?? DEFAULT_TIMEOUT_MS;
  const timings = { render: 0, print: 0 };
  let current: 'render' | 'print' = 'render';
  const timed = async <Result>(stage: 'render' | 'print', work: () => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted();
    if (stage !== current) onStage(stage);
    current = stage;
    const started = clock.monotonic();
    const result = await work();
    timings[stage] += clock.monotonic() - started;
    return result;
  };
  const settled = await printUntilStill({
    hasRange: options.page_ranges != null && options.page_ranges.trim() !== '',
    start: preview?.pageNumbers,
    render: (pageNumbers) =>
      timed('render', () =>
        renderer.render({
          sources: {
            html: template.html,
            css,
            header: options.header_html ?? undefined,
            footer: options.footer_html ?? undefined,
            partials,
          },
          data,
          locale: options.locale ?? 'en',
          timeZone: options.time_zone ?? 'UTC',
          strict: options.strict ?? false,
          pageNumbers,
          withPlaces: preview !== undefined,
          timeoutMs: Math.min(timeoutMs, RENDER_TIMEOUT_MS),
          signal,
        }),
      ),
    print: (rendered, ids, whole) =>
      timed('print', () => {
        const settings = resolvePrintSettings(options, rendered);
        const destinations = [...ids, ...rendered.places.map(({ id }) => id)];
        return engine.print({
          html: rendered.html,
          settings: whole ? { ...settings, pageRanges: '' } : settings,
          assets,
          scripts: options.scripts ?? false,
          ...(destinations.length > 0 && { destinations }),
          ...(preview !== undefined && { urgent: true }),
          timeoutMs,
          signal,
        });
      }),
  });
  return { ...settled, timings };
}

export interface PipelineDeps extends DocumentDeps {
  readonly library: TemplateLibrary;
}

export function createPipeline({ library, ...deps }: PipelineDeps): RunPipeline {
  return async (request, { signal, onStage }): Promise<PipelineResult> => {
    onStage('render');
    const started = deps.clock.monotonic();
    const document = await prepareDocument(library, request);
    const prepared = deps.clock.monotonic() - started;
    const data = JSON.stringify(request.data ?? {});
    const { pdf, warnings, timings } = await runDocument(deps, document, { data, signal, onStage });
    return { pdf, warnings, timings: { render: prepared + timings.render, print: timings.print } };
  };
}

/** What the queue asks before it accepts a request; an error is the answer to the caller. */
export async function admitDocument(
  library: TemplateLibrary,
  request: GenerateRequest,
): Promise<{ readonly templateId: string | null }> {
  const { template } = await prepareDocument(library, request);
  return { templateId: template.id ?? null };
}
