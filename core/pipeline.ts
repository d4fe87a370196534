/** The way of a document, request → HTML → PDF. The queue runs it for each job, `influxion render` runs it alone. */
import type { GenerateRequest, TemplateRef } from '../contract/job.ts';
import type { PrintOptions } from '../contract/page.ts';
import type { PipelineResult, RunPipeline } from './jobs/pipeline.ts';
import type { AssetSource, PdfEngine } from './pdf/engine.ts';
import { resolvePrintSettings } from './pdf/print-settings.ts';
import type { Clock } from './ports.ts';
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

/**
 * Finds what a request names. Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID, VALIDATION_FAILED (margins without room).
 */
export async function prepareDocument(
  library: TemplateLibrary,
  request: GenerateRequest,
): Promise<PreparedDocument> {
  const template = await loadTemplate(library, request.html_template);
  const css = await loadCss(library, request.css_template, template);
  const options = mergeOptions(template.options, request.options);
  resolvePrintSettings(options, { header: undefined, footer: undefined });
  if (request.assets == null) {
    return { template, css, options, partials: template.partials, assets: template.assets };
  }
  const own = assetsFromRequest(request.assets);
  return {
    template,
    css,
    options,
    partials: { ...template.partials, ...own.partials },
    assets: layered(own.source, template.assets),
  };
}

export interface PipelineDeps {
  readonly renderer: TemplateRenderer;
  readonly engine: PdfEngine;
  readonly library: TemplateLibrary;
  readonly clock: Clock;
}

export function createPipeline({ renderer, engine, library, clock }: PipelineDeps): RunPipeline {
  return async (request, { signal, onStage }): Promise<PipelineResult> => {
    onStage('render');
    const started = clock.monotonic();
    const document = await prepareDocument(library, request);
    const { options } = document;
    const timeoutMs = options.timeout_ms ?? DEFAULT_TIMEOUT_MS;
    const rendered = await renderer.render({
      sources: {
        html: document.template.html,
        css: document.css,
        header: options.header_html ?? undefined,
        footer: options.footer_html ?? undefined,
        partials: document.partials,
      },
      data: JSON.stringify(request.data ?? {}),
      locale: options.locale ?? 'en',
      timeZone: options.time_zone ?? 'UTC',
      strict: options.strict ?? false,
      timeoutMs: Math.min(timeoutMs, RENDER_TIMEOUT_MS),
      signal,
    });
    signal.throwIfAborted();

    onStage('print');
    const printing = clock.monotonic();
    const printed = await engine.print({
      html: rendered.html,
      settings: resolvePrintSettings(options, rendered),
      assets: document.assets,
      scripts: options.scripts ?? false,
      timeoutMs,
      signal,
    });
    return {
      pdf: printed.pdf,
      warnings: printed.warnings,
      timings: { render: printing - started, print: clock.monotonic() - printing },
    };
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
