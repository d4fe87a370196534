/** Renders single templates in this thread, and requests for the pool of workers. */
import { InfluxionError } from '../../core/error.ts';
import type { Logger } from '../../core/ports.ts';
import { DocumentRenderer } from '../../core/templates/render-document.ts';
import {
  DEFAULT_RENDER_LIMITS,
  type RenderJob,
  type RenderLimits,
} from '../../core/templates/render-protocol.ts';
import type { RenderRequest } from '../../core/templates/renderer.ts';

export interface RenderingOptions {
  readonly css?: string;
  readonly header?: string;
  readonly footer?: string;
  readonly partials?: Readonly<Record<string, string>>;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly strict?: boolean;
  readonly limits?: Partial<RenderLimits>;
}

export function renderJob(html: string, data: unknown = {}, options: RenderingOptions = {}): RenderJob {
  return {
    sources: {
      html,
      css: options.css,
      header: options.header,
      footer: options.footer,
      partials: options.partials ?? {},
    },
    data: JSON.stringify(data),
    locale: options.locale ?? 'en',
    timeZone: options.timeZone ?? 'UTC',
    strict: options.strict ?? false,
  };
}

/** What the template gives, without the document around it. */
export async function rendered(
  html: string,
  data: unknown = {},
  options: RenderingOptions = {},
): Promise<string> {
  const renderer = new DocumentRenderer({ ...DEFAULT_RENDER_LIMITS, ...options.limits });
  // A header is rendered like the HTML but not assembled.
  const { header } = await renderer.render(renderJob('', data, { ...options, header: html }));
  return header ?? '';
}

export async function renderFailure(
  html: string,
  data: unknown = {},
  options: RenderingOptions = {},
): Promise<InfluxionError> {
  const renderer = new DocumentRenderer({ ...DEFAULT_RENDER_LIMITS, ...options.limits });
  try {
    await renderer.render(renderJob(html, data, options));
  } catch (error) {
    if (InfluxionError.is(error)) return error;
    throw error;
  }
  throw new Error('the template was rendered');
}

export function renderRequest(
  html: string,
  data: unknown = {},
  options: RenderingOptions & { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): RenderRequest {
  return {
    ...renderJob(html, data, options),
    timeoutMs: options.timeoutMs ?? 20_000,
    signal: options.signal ?? new AbortController().signal,
  };
}

/** Collects what is logged as an error. */
export function errorLog(): Logger & { readonly errors: string[] } {
  const errors: string[] = [];
  const quiet = () => undefined;
  const log: Logger & { readonly errors: string[] } = {
    errors,
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (_, message) => errors.push(message),
    child: () => log,
  };
  return log;
}
