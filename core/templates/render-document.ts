/** Renders the texts of one document; runs inside a worker. */
import { InfluxionError } from '../error.ts';
import { assembleDocument } from './assemble.ts';
import { guardHeap, guardJson } from './heap-guard.ts';
import { LibraryMissing } from './helpers/libraries.ts';
import { compileTemplate, type CompiledTemplate } from './language/compile.ts';
import type { TemplateText } from './language/place.ts';
import { finish, outputTooLarge, rootScope, type Program, type Run } from './language/scope.ts';
import type { RenderedDocument } from './renderer.ts';
import type { RenderJob, RenderLimits } from './render-protocol.ts';

/** Of one expression with its closures, measured. */
const BYTES_PER_NODE = 700;
/** Bytes below which looking at the heap would cost more than it saves. */
const SMALL_OPERATION = 1_000_000;

export class DocumentRenderer {
  readonly #limits: RenderLimits;
  /** Compiled texts by source, then by name, which is part of their errors; the least recently used first. */
  readonly #cache = new Map<string, Map<string, CompiledTemplate>>();
  #cachedBytes = 0;

  constructor(limits: RenderLimits) {
    this.#limits = limits;
  }

  async render(job: RenderJob): Promise<RenderedDocument> {
    guardJson(this.#limits.heapMb, job.data);
    const root = parseData(job.data);
    for (;;) {
      try {
        return this.#renderAll(job, root);
      } catch (error) {
        if (!(error instanceof LibraryMissing)) throw error;
        await error.load();
      }
    }
  }

  #renderAll(job: RenderJob, root: unknown): RenderedDocument {
    const { html, css, header, footer } = job.sources;
    const text = (name: string, source: string | undefined, escape = true): string | undefined =>
      source === undefined
        ? undefined
        : this.#renderText({ name, isPartial: false, source }, job, root, escape);
    const style = text('css', css, false);
    const document: RenderedDocument = {
      html: assembleDocument(text('html', html) ?? '', style),
      header: text('header', header),
      footer: text('footer', footer),
    };
    if (document.html.length > this.#limits.output) throw outputTooLarge(this.#limits.output);
    return document;
  }

  #renderText(text: TemplateText, job: RenderJob, root: unknown, escape: boolean): string {
    const { partials } = job.sources;
    const known = new Map<string, Program | undefined>();
    const run: Run = {
      out: '',
      chunks: [],
      written: 0,
      guardHeap: (bytes) => {
        if (bytes > SMALL_OPERATION) guardHeap(this.#limits.heapMb, bytes);
      },
      outputLimit: this.#limits.output,
      escape,
      strict: job.strict,
      locale: job.locale,
      timeZone: job.timeZone,
      root,
      partialDepthLimit: this.#limits.partialDepth,
      partialDepth: 0,
      partial: (name) => {
        if (known.has(name)) return known.get(name);
        const source = Object.hasOwn(partials, name) ? partials[name] : undefined;
        const program =
          source === undefined ? undefined : this.#compiled({ name, isPartial: true, source }).program;
        known.set(name, program);
        return program;
      },
      partialNames: () => Object.keys(partials),
    };
    try {
      this.#compiled(text).program(rootScope(run));
    } catch (error) {
      if (error instanceof RangeError && /call stack/.test(error.message)) {
        throw new InfluxionError(
          'TEMPLATE_TOO_COMPLEX',
          'The template is nested too deeply to be rendered.',
          {
            hint: 'Look for a partial that includes itself, or flatten the blocks.',
            template: text.name,
          },
        );
      }
      throw error;
    }
    return finish(run);
  }

  #compiled(text: TemplateText): CompiledTemplate {
    let byName = this.#cache.get(text.source);
    const key = text.isPartial ? `> ${text.name}` : text.name;
    let compiled = byName?.get(key);
    if (byName) this.#cache.delete(text.source);
    else byName = new Map();
    if (!compiled) {
      compiled = compileTemplate(text, this.#limits);
      byName.set(key, compiled);
      this.#cachedBytes += bytesOf(compiled);
    }
    this.#cache.set(text.source, byName);
    this.#trim();
    return compiled;
  }

  #trim(): void {
    for (const [source, byName] of this.#cache) {
      if (this.#cachedBytes <= this.#limits.cacheBytes || this.#cache.size === 1) return;
      this.#cache.delete(source);
      for (const compiled of byName.values()) this.#cachedBytes -= bytesOf(compiled);
    }
  }
}

const bytesOf = ({ text, nodes }: CompiledTemplate): number =>
  text.source.length * 2 + nodes * BYTES_PER_NODE;

function parseData(data: string): unknown {
  try {
    return JSON.parse(data.startsWith('\uFEFF') ? data.slice(1) : data);
  } catch (error) {
    throw new InfluxionError('BAD_JSON', 'The data for the template is not valid JSON.', {}, error);
  }
}
