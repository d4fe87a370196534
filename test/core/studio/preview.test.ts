/** Previews through the real renderer and the real engine. */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreviewInput, PreviewOutput } from '../../../contract/studio/preview.ts';
import { InfluxionError } from '../../../core/error.ts';
import type { PdfEngine, PrintRequest } from '../../../core/pdf/engine.ts';
import { wholePdf } from '../../../core/pdf/references/print-until-still.ts';
import { createPipeline } from '../../../core/document/pipeline.ts';
import { systemClock } from '../../../core/ports.ts';
import { createPreviewHandlers } from '../../../core/studio/preview-handlers.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import { createTemplateRenderer } from '../../../core/templates/worker-renderer.ts';
import { openFinisher } from '../../support/finisher.ts';
import { openTestEngine, silentLogger, type TestEngine } from '../../support/engine-folders.ts';

const SAMPLES = join(import.meta.dirname, '../../../assets/samples');

let folder: string;
let test: TestEngine;
let finishing: ReturnType<typeof openFinisher>;
const renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });
/** What the engine was asked to print. */
const printed: PrintRequest[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'influxion-preview-'));
  await cp(SAMPLES, folder, { recursive: true });
  finishing = openFinisher(folder, silentLogger);
  test = openTestEngine({ concurrency: 1 });
});

afterAll(async () => {
  await renderer.close();
  await finishing.close();
  await test.dispose();
  await rm(folder, { recursive: true });
});

/** `fails`: what a print is to reject with. */
function open(fails: () => InfluxionError | undefined = () => undefined) {
  const library = createTemplateLibrary({ folder, logger: silentLogger });
  const engine: PdfEngine = {
    ...test.engine,
    start: () => test.engine.start(),
    status: () => test.engine.status(),
    close: () => test.engine.close(),
    print: (request) => {
      printed.push(request);
      const failure = fails();
      if (failure) return Promise.reject(failure);
      return test.engine.print(request);
    },
  };
  const deps = { engine, renderer, finisher: finishing.finisher, library, clock: systemClock };
  const handlers = createPreviewHandlers(deps);
  const run = createPipeline(deps);
  const signal = AbortSignal.timeout(25_000);
  return {
    library,
    preview: (input: Partial<PreviewInput>) =>
      Promise.resolve(
        handlers['preview.render'](
          { session: 's', template_id: 'plain', edits: {}, data: '{}', ...input },
          { client: 'w', signal },
        ),
      ),
    close: () => Promise.resolve(handlers['preview.close']({ session: 's' }, { client: 'w', signal })),
    job: async (id: string, data: unknown) => {
      const { pdf, warnings } = await run(
        { html_template: { id }, data },
        { signal, onStage: () => undefined },
      );
      return { bytes: await wholePdf(pdf), warnings };
    },
  };
}

async function template(id: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, id, path, '..'), { recursive: true });
    await writeFile(join(folder, id, path), text);
  }
}

const ROWS = Array.from({ length: 12 }, (_, index) => index);

interface Words {
  readonly page: number;
  readonly text: string;
  readonly x: number;
  /** Points from the top of the page to the base line. */
  readonly y: number;
}

async function wordsOf(pdf: Uint8Array): Promise<{ words: Words[]; annotations: number }> {
  const task = getDocument({ data: new Uint8Array(pdf), verbosity: 0 });
  try {
    const document = await task.promise;
    const words: Words[] = [];
    let annotations = 0;
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const height = page.view[3] ?? 0;
      annotations += (await page.getAnnotations()).length;
      for (const item of (await page.getTextContent()).items) {
        if (!('str' in item) || item.str.trim() === '') continue;
        const [, , , , x = 0, y = 0] = item.transform as number[];
        words.push({ page: number, text: item.str, x, y: height - y });
      }
    }
    return { words, annotations };
  } finally {
    await task.destroy();
  }
}

const failureOf = (work: Promise<unknown>): Promise<InfluxionError> =>
  work.then(
    () => {
      throw new Error('there was no failure');
    },
    (error: unknown) => InfluxionError.from(error),
  );

const placeOf = (output: PreviewOutput, path: string, line: number) =>
  output.places.filter((place) => place.path === path && place.line === line);

describe('a preview', () => {
  it('shows edits before files, and files where nothing is edited', async () => {
    await template('mixed', {
      'template.html': '<p>file {{> a}} {{> b}}',
      'style.css': 'p{color:#010203}',
      'partials/a.hbs': 'file-a',
      'partials/b.hbs': 'file-b',
      'influxion.json': '{"options":{"locale":"de"}}',
    });
    const { preview } = open();
    const textOf = async (edits: Record<string, string>) => {
      const { bytes } = await preview({ template_id: 'mixed', edits });
      return (await wordsOf(bytes)).words.map(({ text }) => text).join(' ');
    };
    expect(await textOf({})).toBe('file file-a file-b');
    expect(await textOf({ 'partials/b.hbs': 'new-b' })).toBe('file file-a new-b');
    expect(
      await textOf({
        'template.html': '<p>{{number 1.5}} {{> c}}<b>hidden</b>',
        'style.css': 'b{display:none}',
        'partials/c.hbs': 'c',
      }),
    ).toBe('1,5 c');
    const { bytes } = await preview({
      template_id: 'mixed',
      edits: { 'influxion.json': '{"options":{"page_size":{"width":"100mm","height":"50mm"}}}' },
    });
    const box = /MediaBox \[0 0 (\d+)\S* (\d+)/.exec(Buffer.from(bytes).toString('latin1'));
    expect(box?.slice(1)).toEqual(['283', '142']);
  });

  it('says where a mistake is: template, partial, data, options', async () => {
    await template('plain', { 'template.html': '<p>x' });
    const { preview } = open();
    const cases = [
      [{ edits: { 'template.html': '<p>\n{{#if x}}' } }, 'TEMPLATE_SYNTAX', 'html', 2],
      [
        { edits: { 'template.html': '{{> a}}', 'partials/a.hbs': '\n\n{{nope 1}}' } },
        'TEMPLATE_UNKNOWN_HELPER',
        'a',
        3,
      ],
      [{ data: '{\n"a": 1,\n}' }, 'BAD_JSON', 'data', 3],
      [{ data: '' }, 'BAD_JSON', 'data', 1],
      [{ edits: { 'influxion.json': '{\n"name": }' } }, 'TEMPLATE_INVALID', 'influxion.json', 2],
      [{ edits: { 'influxion.json': '{"name": 5}' } }, 'TEMPLATE_INVALID', 'influxion.json', undefined],
      [{ template_id: 'gone' }, 'TEMPLATE_NOT_FOUND', undefined, undefined],
    ] as const;
    for (const [input, code, name, line] of cases) {
      const { details, ...error } = await failureOf(preview(input));
      expect([error.code, details.template, details.line]).toEqual([code, name, line]);
    }
    // And goes on as if nothing had been.
    expect((await preview({})).pages).toBe(1);
  });

  it('ends a template that never does when its editor is closed, and goes on (a renderer that is blocked)', async () => {
    await template('endless', {
      'template.html': '{{#each (range 100000)}}{{#each (range 100000)}}{{#if a}}{{/if}}{{/each}}{{/each}}',
    });
    const { preview, close } = open();
    const endless = preview({ template_id: 'endless' });
    const failure = failureOf(endless);
    await expect.poll(() => renderer.status().busy, { timeout: 30_000 }).toBe(1);
    await close();
    expect((await failure).code).toBe('PREVIEW_SUPERSEDED');
    expect((await preview({})).pages).toBe(1);
  });

  it('outlives a browser that is lost', async () => {
    let isLost = false;
    const lose = (): InfluxionError | undefined => {
      if (isLost) return undefined;
      isLost = true;
      return new InfluxionError('ENGINE_CRASHED', 'The browser stopped.');
    };
    expect((await open(lose).preview({})).pages).toBe(1);
    expect(isLost).toBe(true);
  });

  it('tells where every line landed, with margins, scale, repeated rows and page breaks', async () => {
    await template('placed', {
      'template.html':
        '<style>@page{size:A4;margin:30mm 20mm}@page tall{margin-top:60mm}*{margin:0;font:16px/20px Arial}</style>\n' +
        '<h1>First</h1>\n{{#each rows}}\n  {{> row}}\n{{/each}}\n<div style="page:tall"><p>Tall</p></div>\n',
      'partials/row.hbs': '\n<p style="height:300px">Row {{this}}</p>\n',
    });
    for (const scale of [1, 0.5]) {
      const output = await open().preview({
        template_id: 'placed',
        data: JSON.stringify({ rows: ROWS }),
        edits: { 'influxion.json': `{"options":{"scale":${scale}}}` },
      });
      const { words } = await wordsOf(output.bytes);
      const rows = placeOf(output, 'partials/row.hbs', 2);
      const found = [...placeOf(output, 'template.html', 2), ...rows, ...placeOf(output, 'template.html', 6)];
      expect(found).toHaveLength(ROWS.length + 2);
      for (const [index, place] of found.entries()) {
        const word = words[index];
        expect(place.page).toBe(word?.page);
        // The base line of 16 px Arial in a line of 20 px is some 15 px below the top of the element.
        const below = (word?.y ?? 0) - place.y;
        expect(below).toBeGreaterThan(10 * 0.75 * scale);
        expect(below).toBeLessThan(20 * 0.75 * scale);
      }
      expect(new Set(rows.map(({ page }) => page)).size).toBeGreaterThan(1);
    }
  });

  it('says when a document is printed smaller because something is wider than the paper (small print nobody asked for)', async () => {
    const at = async (millimetres: number, manifest: object = {}, style = ''): Promise<string[]> => {
      await template('wide', {
        'template.html': `<!doctype html><html lang="en"><title>W</title><style>${style}</style><body><h1>Wide</h1><div style="width: ${millimetres}mm; background: red">x</div>`,
        'influxion.json': JSON.stringify(manifest),
      });
      const { warnings } = await open().preview({ template_id: 'wide' });
      return warnings.map(({ code, message }) => `${code} ${/\d+ %.*?(?=\.)/.exec(message)?.[0] ?? ''}`);
    };
    expect(await at(150)).toEqual([]);
    expect(await at(150, { options: { scale: 0.5 } })).toEqual([]);
    expect(await at(250)).toEqual([expect.stringMatching(/^CONTENT_SHRUNK 7\d % of its size$/)]);
    const cut = ['CONTENT_SHRUNK 67 % of its size, and what still does not fit is cut off'];
    expect(await at(400)).toEqual(cut);
    expect(await at(600, { options: { scale: 0.5, header_html: '<p>Head</p>' } })).toEqual(cut);
    expect(await at(400, { pdf_standard: 'pdf/a-2a', metadata: { title: 'W' } })).toEqual(cut);
    // Margin boxes keep their size and are drawn before the content.
    const numbered = '@page { margin: 20mm; @bottom-right { content: counter(page) " / " counter(pages) } }';
    expect(await at(150, {}, numbered)).toEqual([]);
    expect(await at(400, {}, numbered)).toEqual(cut);
  });

  it('looks as the document of a job looks, for every sample (a layout that the preview changes)', async () => {
    for (const id of await readdir(SAMPLES)) {
      const { library, preview, job } = open();
      const [sample = ''] = (await library.describe(id)).samples;
      const data = await library.readSample(id, sample);
      const output = await preview({ template_id: id, data });
      const { bytes } = await job(id, JSON.parse(data));
      const seen = await wordsOf(output.bytes);
      expect(seen, id).toEqual(await wordsOf(bytes));
      expect(output.pages, id).toBe(seen.words.at(-1)?.page);
      expect(output.places.length, id).toBeGreaterThan(10);
      expect(output.warnings, id).toEqual([]);
      expect(Buffer.from(bytes).includes('influxion-place'), id).toBe(false);
    }
  });

  it('does not touch what rules see: the last and the only child, siblings, empty elements', async () => {
    await template('rules', {
      'template.html': '<section>a</section><section>b</section>',
      'style.css':
        'section{break-after:page}section:last-child{break-after:auto}body>:nth-child(3),a,head *{display:block!important;break-before:page}',
    });
    expect((await open().preview({ template_id: 'rules' })).pages).toBe(2);
  });
});

describe('page numbers in the text', () => {
  const BOOK = {
    'template.html':
      '<p>{{pageCount}} pages, end on {{pageOf "#end"}}</p>{{toc}}<h1 id="a">Alpha</h1><h1>Beta</h1><p id="end">End</p>',
    'style.css': 'h1{break-before:page}',
    'influxion.json': '{"options":{"outline":true}}',
  };

  it('are those of the printed pages, in jobs and previews alike, after two prints', async () => {
    await template('book', BOOK);
    const { preview, job } = open();
    printed.length = 0;
    const { bytes, warnings } = await job('book', {});
    expect(printed).toHaveLength(2);
    expect(warnings).toEqual([]);
    const { words, annotations } = await wordsOf(bytes);
    const text = words.map((word) => word.text.trim()).join(' ');
    expect(text).toContain('3 pages, end on 3');
    expect(text).toMatch(/Alpha 2 Beta 3 /);
    // Its own two links and no other.
    expect(annotations).toBe(2);
    expect(Buffer.from(bytes).toString('latin1')).toContain('/Outlines');

    const output = await preview({ template_id: 'book' });
    expect(output.passes).toBe(2);
    expect((await wordsOf(output.bytes)).words).toEqual(words);
  });

  it('cost one print while an edit moves nothing, and are right when it does', async () => {
    await template('book', BOOK);
    const { preview } = open();
    expect((await preview({ template_id: 'book' })).passes).toBe(2);
    expect(
      (await preview({ template_id: 'book', edits: { 'style.css': `${BOOK['style.css']}p{color:red}` } }))
        .passes,
    ).toBe(1);
    const moved = await preview({ template_id: 'book', edits: { 'style.css': '' } });
    expect(moved.passes).toBe(2);
    expect((await wordsOf(moved.bytes)).words[0]?.text).toBe('1 pages, end on 1');
  });

  it('cost a document without them nothing', async () => {
    await template('plain', { 'template.html': '<h1 id="a">x</h1><a href="#a">x</a>' });
    printed.length = 0;
    await open().job('plain', {});
    expect(printed).toHaveLength(1);
    expect(printed[0]?.destinations).toBeUndefined();
  });

  it('are ? with a warning for an id that is nowhere', async () => {
    await template('lost', { 'template.html': '<p>see {{pageOf "#nowhere"}}' });
    const { bytes, warnings } = await open().job('lost', {});
    expect((await wordsOf(bytes)).words[0]?.text).toBe('see ?');
    expect(warnings).toEqual([
      {
        code: 'REFERENCE_NOT_FOUND',
        message: 'Nothing with the id "nowhere" is printed, so {{pageOf}} shows "?"',
      },
    ]);
  });

  it('end after three prints when they never stand still, and say so', async () => {
    await template('restless', {
      'template.html':
        '{{#if (eq (pageOf "#x") 1)}}<p style="break-after:page">y</p>{{/if}}<p id="x">{{pageOf "#x"}}',
    });
    printed.length = 0;
    const { warnings } = await open().job('restless', {});
    expect(printed).toHaveLength(3);
    expect(warnings.map(({ code }) => code)).toEqual(['REFERENCES_UNSETTLED']);
  });

  it('count the whole document where only some pages are printed', async () => {
    await template('part', {
      ...BOOK,
      'influxion.json': '{"options":{"page_ranges":"1"}}',
    });
    const { words } = await wordsOf((await open().job('part', {})).bytes);
    expect(words[0]?.text).toBe('3 pages, end on 3');
    expect(words.at(-1)?.page).toBe(1);
  });
});
