/** Renders the texts of one document; runs inside a worker. */
import { randomUUID } from 'node:crypto';
import { InfluxionError } from '../error.ts';
import { findJsonFault } from '../json-fault.ts';
import { assembleDocument } from './assemble.ts';
import { guardHeap, guardJson } from './heap-guard.ts';
import { LibraryMissing } from './helpers/libraries.ts';
import { nearestName } from './nearest-name.ts';
import { compileTemplate, type CompiledTemplate } from './language/compile.ts';
import { placeOf, templateError, type TemplateText } from './language/place.ts';
import { finish, outputTooLarge, rootScope, type Program, type Run } from './language/scope.ts';
import { ReferenceRecord } from './references/page-numbers.ts';
import { placeIds } from './references/place-ids.ts';
import { fillTablesOfContents, holdsTocMark } from './references/table-of-contents.ts';
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
  readonly #markKey = randomUUID();

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
    const references = new ReferenceRecord(job.pageNumbers);
    const text = (name: string, source: string | undefined, escape = true): string | undefined => {
      if (source === undefined) return undefined;
      const output = this.#renderText({ name, isPartial: false, source }, job, root, references, escape);
      if (name !== 'html' && holdsTocMark(output, references)) throw misplacedToc(name);
      return output;
    };
    const style = text('css', css, false);
    const body = text('html', html) ?? '';
    const filled = fillTablesOfContents(body, references);
    const assembled = assembleDocument(
      filled?.html ?? body,
      filled === undefined ? style : filled.css + (style ?? ''),
    );
    const placed =
      job.withPlaces === true ? placeIds(assembled, this.#markKey) : { html: assembled, places: [] };
    const document: RenderedDocument = {
      ...placed,
      header: text('header', header),
      footer: text('footer', footer),
      attached: this.#renderAttached(job, root),
      references: references.asked(),
    };
    if (document.html.length > this.#limits.output) throw outputTooLarge(this.#limits.output);
    return document;
  }

  #renderAttached(job: RenderJob, root: unknown): Record<string, string> {
    const { attached = [], partials } = job.sources;
    const texts = Object.create(null) as Record<string, string>;
    for (const name of attached) {
      const source = Object.hasOwn(partials, name) ? partials[name] : undefined;
      if (source === undefined) throw missingAttachment(name, Object.keys(partials));
      const text = { name, isPartial: true, source };
      texts[name] = this.#renderText(text, job, root, new ReferenceRecord(undefined), true);
    }
    return texts;
  }

  #renderText(
    text: TemplateText,
    job: RenderJob,
    root: unknown,
    references: ReferenceRecord,
    escape: boolean,
  ): string {
    const { partials } = job.sources;
    const marked = job.withPlaces === true && text.name === 'html';
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
      references,
      unmarked: 0,
      partialDepthLimit: this.#limits.partialDepth,
      partialDepth: 0,
      partial: (name) => {
        if (known.has(name)) return known.get(name);
        const source = Object.hasOwn(partials, name) ? partials[name] : undefined;
        const program =
          source === undefined
            ? undefined
            : this.#compiled({ name, isPartial: true, source }, marked).program;
        known.set(name, program);
        return program;
      },
      partialNames: () => Object.keys(partials),
    };
    try {
      this.#compiled(text, marked).program(rootScope(run));
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

  #compiled(text: TemplateText, marked: boolean): CompiledTemplate {
    let byName = this.#cache.get(text.source);
    const key = `${marked ? '* ' : ''}${text.isPartial ? '> ' : ''}${text.name}`;
    let compiled = byName?.get(key);
    if (byName) this.#cache.delete(text.source);
    else byName = new Map();
    if (!compiled) {
      compiled = compileTemplate(
        text,
        this.#limits,
        marked ? { path: pathOf(text), key: this.#markKey } : undefined,
      );
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

/** As the studio names the file of a text. */
const pathOf = ({ isPartial, name }: TemplateText): string =>
  isPartial ? `partials/${name}.hbs` : 'template.html';

function misplacedToc(name: string): InfluxionError {
  return new InfluxionError(
    'TEMPLATE_HELPER_FAILED',
    `{{toc}} stands in the ${name === 'css' ? 'style sheet' : name}, where no table of contents can be.`,
    { hint: 'Put it into the template itself.', template: name },
  );
}

function missingAttachment(name: string, known: readonly string[]): InfluxionError {
  const nearest = nearestName(name, known);
  return new InfluxionError(
    'TEMPLATE_UNKNOWN_PARTIAL',
    `The template attaches the partial "${name}", which does not exist.`,
    nearest === undefined ? {} : { hint: `Did you mean "${nearest}"?` },
  );
}

/** Throws BAD_JSON with the place of the mistake. */
function parseData(data: string): unknown {
  const source = data.startsWith('\uFEFF') ? data.slice(1) : data;
  try {
    return JSON.parse(source);
  } catch (error) {
    const fault = findJsonFault(source);
    const text: TemplateText = { name: 'data', isPartial: false, source };
    throw templateError(
      'BAD_JSON',
      text,
      placeOf(source, fault?.offset ?? 0),
      `${fault?.problem ?? 'this is not valid JSON'}.`,
      undefined,
      error,
    );
  }
}
