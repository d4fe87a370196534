/** The TemplateRenderer port inside the core: text and data in, HTML out, in workers that can be killed. */

/** The Handlebars sources of one document. */
export interface TemplateSources {
  readonly html: string;
  /** Also Handlebars, without HTML escaping; every byte outside mustaches arrives untouched. */
  readonly css: string | undefined;
  readonly header: string | undefined;
  readonly footer: string | undefined;
  /** By name, as `{{> name}}` calls them. */
  readonly partials: Readonly<Record<string, string>>;
}

export interface RenderRequest {
  readonly sources: TemplateSources;
  /** JSON text; it is parsed in the worker. */
  readonly data: string;
  readonly locale: string;
  readonly timeZone: string;
  /** A missing field is TEMPLATE_MISSING_FIELD. */
  readonly strict: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface RenderedDocument {
  /** Complete HTML with the style sheet in its head. */
  readonly html: string;
  readonly header: string | undefined;
  readonly footer: string | undefined;
}

/** Errors: the TEMPLATE_… codes, RENDERER_CRASHED, or the reason of the aborted signal. */
export interface TemplateRenderer {
  render(request: RenderRequest): Promise<RenderedDocument>;
  close(): Promise<void>;
}
