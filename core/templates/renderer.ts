/** The TemplateRenderer port inside the core: text and data in, HTML out, in workers that can be killed. */

import type { SourcePlace } from './references/place-ids.ts';
import type { AskedReferences, PageNumbers } from './references/page-numbers.ts';

/** The Handlebars sources of one document. */
export interface TemplateSources {
  readonly html: string;
  /** Also Handlebars, without HTML escaping; every byte outside mustaches arrives untouched. */
  readonly css: string | undefined;
  readonly header: string | undefined;
  readonly footer: string | undefined;
  /** By name, as `{{> name}}` calls them. */
  readonly partials: Readonly<Record<string, string>>;
  /** Names of partials that become files attached to the document. */
  readonly attached?: readonly string[];
}

export interface RenderRequest {
  readonly sources: TemplateSources;
  /** JSON text; it is parsed in the worker. */
  readonly data: string;
  readonly locale: string;
  readonly timeZone: string;
  /** A missing field is TEMPLATE_MISSING_FIELD. */
  readonly strict: boolean;
  /** What an earlier print of the document told; undefined before the first. */
  readonly pageNumbers?: PageNumbers | undefined;
  /** Whether the elements get ids by which a print tells where they landed. */
  readonly withPlaces?: boolean | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface RenderedDocument {
  /** Complete HTML with the style sheet in its head. */
  readonly html: string;
  readonly header: string | undefined;
  readonly footer: string | undefined;
  /** Page numbers that the document shows; undefined when it shows none. */
  readonly references?: AskedReferences | undefined;
  /** Texts of the partials that are to be attached, by name. */
  readonly attached: Readonly<Record<string, string>>;
  /** Where its elements come from; empty unless asked for. */
  readonly places: readonly SourcePlace[];
}

/** Errors: the TEMPLATE_… codes, RENDERER_CRASHED, or the reason of the aborted signal. */
export interface TemplateRenderer {
  render(request: RenderRequest): Promise<RenderedDocument>;
  close(): Promise<void>;
}
