/** Renders and prints one document, again while page numbers in the text are not right. */
import type { PdfEngine, PrintRequest, Urgency } from '../pdf/engine.ts';
import { resolvePrintSettings } from '../pdf/print-settings.ts';
import { printUntilStill, type Settled } from '../pdf/references/print-until-still.ts';
import { needsTags, standardsFrom } from '../pdf/standards/model.ts';
import type { Clock } from '../ports.ts';
import type { PageNumbers } from '../templates/references/page-numbers.ts';
import type { RenderedDocument, RenderRequest, TemplateRenderer } from '../templates/renderer.ts';
import type { PreparedDocument } from './prepare-document.ts';

export const DEFAULT_TIMEOUT_MS = 60_000;
/** Templates that need longer to render are caught in a loop; printing may take the whole of `timeout_ms`. */
const RENDER_TIMEOUT_MS = 20_000;

export interface PrintDeps {
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
  /** Default: `urgent` for a preview. */
  readonly urgency?: Urgency;
  /** For somebody who watches: with the places of the elements, and with what the last print told. */
  readonly preview?: { readonly pageNumbers: PageNumbers | undefined };
}

export interface PrintedDocument extends Settled {
  /** Milliseconds of all passes. */
  readonly timings: { readonly render: number; readonly print: number };
}

/** Errors: those of the renderer and the engine. */
export async function printDocument(
  { renderer, engine, clock }: PrintDeps,
  prepared: PreparedDocument,
  { data, signal, onStage, preview, urgency = preview && 'urgent' }: DocumentRun,
): Promise<PrintedDocument> {
  const { options } = prepared;
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
          ...renderRequest(prepared, data, signal),
          pageNumbers,
          withPlaces: preview !== undefined,
        }),
      ),
    print: (rendered, ids, whole) =>
      timed('print', () => {
        const request = printRequest(prepared, rendered, signal);
        const destinations = [...ids, ...rendered.places.map(({ id }) => id)];
        return engine.print({
          ...request,
          settings: whole ? { ...request.settings, pageRanges: '' } : request.settings,
          ...(destinations.length > 0 && { destinations }),
          ...(urgency !== undefined && { urgency }),
        });
      }),
  });
  return { ...settled, timings };
}

/** `data`: JSON text. */
export function renderRequest(
  { template, css, options, partials, settings }: PreparedDocument,
  data: string,
  signal: AbortSignal,
): RenderRequest {
  const attached = settings.attachments.flatMap((file) => ('partial' in file ? (file.partial ?? []) : []));
  return {
    sources: {
      html: template.html,
      css,
      header: options.header_html ?? undefined,
      footer: options.footer_html ?? undefined,
      partials,
      ...(attached.length > 0 && { attached }),
    },
    data,
    locale: options.locale ?? 'en',
    timeZone: options.time_zone ?? 'UTC',
    strict: options.strict ?? false,
    timeoutMs: Math.min(options.timeout_ms ?? DEFAULT_TIMEOUT_MS, RENDER_TIMEOUT_MS),
    signal,
  };
}

export function printRequest(
  { options, assets, settings }: PreparedDocument,
  rendered: RenderedDocument,
  signal: AbortSignal,
): PrintRequest {
  const standards = standardsFrom(settings.standards);
  const resolved = resolvePrintSettings(options, rendered);
  const { visible } = settings.signature;
  const anchor =
    settings.signKeyId !== undefined && visible != null && 'anchor' in visible ? visible.anchor : undefined;
  return {
    html: rendered.html,
    settings: needsTags(standards) ? { ...resolved, tagged: true } : resolved,
    assets,
    scripts: options.scripts ?? false,
    ...(standards.pdfa?.part === 1 && options.transparency === 'flatten' && { flatten: true }),
    ...(anchor !== undefined && { anchor }),
    timeoutMs: options.timeout_ms ?? DEFAULT_TIMEOUT_MS,
    signal,
  };
}
