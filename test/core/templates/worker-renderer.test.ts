import { afterEach, describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import {
  createTemplateRenderer,
  type TemplateRendererOptions,
} from '../../../core/templates/worker-renderer.ts';
import { errorLog, renderRequest } from '../../support/template-rendering.ts';

/** Runs for minutes and writes nothing. */
const ENDLESS = '{{#each (range 100000)}}{{#each (range 100000)}}{{#if a}}{{/if}}{{/each}}{{/each}}';
/** Holds list after list, 800 kB each. */
const GREEDY = { p: '{{#with (range 100000)}}'.repeat(100) + '{{> p}}' + '{{/with}}'.repeat(100) };

const open: { close(): Promise<void> }[] = [];
const log = errorLog();

function rendererOf(options: Partial<TemplateRendererOptions> = {}) {
  const renderer = createTemplateRenderer({ workers: 2, logger: log, ...options });
  open.push(renderer);
  return renderer;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((renderer) => renderer.close()));
});

const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => 'rendered',
    (error: unknown) => (InfluxionError.is(error) ? error.code : String(error)),
  );

/** Until `holds` does; the deadline is the test's. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the pool of render workers', () => {
  it('renders all texts of a document', async () => {
    const document = await rendererOf().render(
      renderRequest(
        '<p>{{a}}</p>',
        { a: '<1>' },
        { css: 'p{x:{{a}}}', header: 'h{{a}}', footer: '{{> f}}', partials: { f: 'f{{a}}' } },
      ),
    );
    expect(document).toEqual({
      html: '<!DOCTYPE html><meta charset="utf-8"><style>p{x:<1>}</style><p>&lt;1&gt;</p>',
      header: 'h&lt;1&gt;',
      footer: 'f&lt;1&gt;',
      attached: {},
      places: [],
    });
  });

  it('brings errors over with everything that they say', async () => {
    const error: unknown = await rendererOf()
      .render(renderRequest('a\n{{curency 1}}'))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InfluxionError);
    expect(error).toMatchObject({
      code: 'TEMPLATE_UNKNOWN_HELPER',
      details: {
        template: 'html',
        line: 2,
        column: 3,
        sourceLine: '{{curency 1}}',
        hint: 'Did you mean "currency"?',
      },
    });
  });

  it('loads what Markdown, QR codes and barcodes need when a template asks for it', async () => {
    const template = '{{markdown "*a*"}}{{qr "b"}}{{barcode "code128" "c"}}';
    const { html } = await rendererOf().render(renderRequest(template));
    expect(html).toMatch(/<em>a<\/em>[^]*<svg[^]*<svg/);
  });

  it('refuses data that is not JSON, and reads it behind a byte order mark', async () => {
    const renderer = rendererOf();
    expect(await codeOf(renderer.render({ ...renderRequest(''), data: '{"a": NaN}' }))).toBe('BAD_JSON');
    const { html } = await renderer.render({ ...renderRequest('{{a}}'), data: '\uFEFF{"a":1}' });
    expect(html).toMatch(/1$/);
  });

  it('kills a template that does not end, and nothing else', async () => {
    const renderer = rendererOf();
    const endless = codeOf(renderer.render(renderRequest(ENDLESS, {}, { timeoutMs: 400 })));
    const neighbours = await Promise.all(
      Array.from({ length: 40 }, (_, n) => renderer.render(renderRequest('{{n}}', { n }))),
    );
    expect(neighbours.map(({ html }) => /\d+$/.exec(html)?.[0])).toEqual(
      Array.from({ length: 40 }, (_, n) => String(n)),
    );
    expect(await endless).toBe('TEMPLATE_TIMEOUT');
    expect(await codeOf(renderer.render(renderRequest('x')))).toBe('rendered');
    expect(renderer.status()).toMatchObject({ busy: 0, waiting: 0, killed: 1 });
  });

  it('takes a request up again at once after all workers were killed', async () => {
    const renderer = rendererOf();
    const killed = Array.from({ length: 6 }, () =>
      codeOf(renderer.render(renderRequest(ENDLESS, {}, { timeoutMs: 150 }))),
    );
    const after = codeOf(renderer.render(renderRequest('x')));
    expect(await Promise.all(killed)).toEqual(Array.from({ length: 6 }, () => 'TEMPLATE_TIMEOUT'));
    expect(await after).toBe('rendered');
    expect(renderer.status().threads).toBeLessThanOrEqual(3);
  });

  it('keeps an idle worker warm while one renders', async () => {
    const renderer = rendererOf({ workers: 1 });
    const aborter = new AbortController();
    const endless = codeOf(renderer.render(renderRequest(ENDLESS, {}, { signal: aborter.signal })));
    await until(() => renderer.status().threads === 2);
    expect(renderer.status()).toMatchObject({ threads: 2, busy: 1 });
    aborter.abort(new InfluxionError('JOB_CANCELLED', 'cancelled'));
    expect(await endless).toBe('JOB_CANCELLED');
  });

  it('ends what is aborted, whether it waits or runs', async () => {
    const renderer = rendererOf({ workers: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const reason = new InfluxionError('JOB_CANCELLED', 'cancelled');
    const first = codeOf(renderer.render(renderRequest(ENDLESS, {}, { signal: running.signal })));
    await until(() => renderer.status().busy === 1);
    const second = codeOf(renderer.render(renderRequest('x', {}, { signal: waiting.signal })));
    const third = codeOf(renderer.render(renderRequest('x')));
    waiting.abort(reason);
    expect(await second).toBe('JOB_CANCELLED');
    running.abort(reason);
    expect(await first).toBe('JOB_CANCELLED');
    expect(await third).toBe('rendered');
    const before = new AbortController();
    before.abort(reason);
    expect(await codeOf(renderer.render(renderRequest('x', {}, { signal: before.signal })))).toBe(
      'JOB_CANCELLED',
    );
  });

  it('survives a template that fills the heap', async () => {
    const renderer = rendererOf({ limits: { heapMb: 1 } });
    const greedy = codeOf(renderer.render(renderRequest('{{> p}}', {}, { partials: GREEDY })));
    const neighbour = codeOf(renderer.render(renderRequest('x')));
    expect(await greedy).toBe('TEMPLATE_OUT_OF_MEMORY');
    expect(await neighbour).toBe('rendered');
    expect(await codeOf(renderer.render(renderRequest('x')))).toBe('rendered');
  });

  // V8 would end the whole process while it parses these: 64 MB of text, several times that on the heap.
  for (const [what, data] of [
    ['empty objects', () => `[${'{},'.repeat(21_000_000)}1]`],
    ['nested lists', () => '['.repeat(30_000_000) + ']'.repeat(30_000_000)],
  ] as const) {
    it(`refuses 64 MB of ${what} before the heap is full`, async () => {
      const renderer = rendererOf();
      expect(await codeOf(renderer.render({ ...renderRequest('{{count this}}'), data: data() }))).toBe(
        'TEMPLATE_OUT_OF_MEMORY',
      );
      expect(await codeOf(renderer.render(renderRequest('x')))).toBe('rendered');
    });
  }

  it('renders 64 MB of ordinary data, and gives the memory back', async () => {
    const renderer = rendererOf({ workers: 1 });
    const rows = '{"name":"Ada","price":12.5,"note":"a line of text that says something"},'.repeat(860_000);
    const { html } = await renderer.render({
      ...renderRequest('{{count this}} {{this.[5].name}}'),
      data: `[${rows}1]`,
    });
    expect(html).toMatch(/860001 Ada$/);
    expect(renderer.status()).toMatchObject({ replaced: 1, killed: 0 });
    const { html: small } = await renderer.render(renderRequest('x'));
    expect(small).toMatch(/x$/);
    expect(renderer.status()).toMatchObject({ replaced: 1 });
  });

  it('goes back to one worker when there is nothing to do', async () => {
    const renderer = rendererOf({ workers: 1, idleMs: 20 });
    // Slow enough for a second worker to be started beside it.
    const slow = '{{#each (range 2000)}}{{#each (range 1000)}}{{#if a}}{{/if}}{{/each}}{{/each}}';
    const outcome = codeOf(renderer.render(renderRequest(slow)));
    await until(() => renderer.status().threads === 2);
    expect(await outcome).toBe('rendered');
    await until(() => renderer.status().threads === 1);
    expect(await codeOf(renderer.render(renderRequest('x')))).toBe('rendered');
    expect(renderer.status().killed).toBe(0);
  });

  it('begins anew after many documents, once there is nothing to do (a heap that stays as large as in the busy hour)', async () => {
    const renderer = rendererOf({ workers: 1, idleMs: 20 });
    for (let n = 0; n < 250; n++) await renderer.render(renderRequest('{{n}}', { n }));
    await until(() => renderer.status().replaced === 1);
    expect(renderer.status()).toMatchObject({ threads: 1, busy: 0, waiting: 0, killed: 0 });
    expect(await codeOf(renderer.render(renderRequest('x')))).toBe('rendered');
  });

  it('does not start threads for templates that are quick', async () => {
    const renderer = rendererOf({ workers: 4 });
    for (let n = 0; n < 200; n++) await renderer.render(renderRequest('{{n}}', { n }));
    expect(renderer.status().threads).toBeLessThanOrEqual(2);
  });

  it('lets nothing wait for ever when it is closed', async () => {
    const renderer = rendererOf({ workers: 1 });
    const pending = Array.from({ length: 3 }, () => codeOf(renderer.render(renderRequest(ENDLESS))));
    await until(() => renderer.status().busy === 1);
    await renderer.close();
    expect(await Promise.all(pending)).toEqual(['SHUTTING_DOWN', 'SHUTTING_DOWN', 'SHUTTING_DOWN']);
    expect(await codeOf(renderer.render(renderRequest('x')))).toBe('SHUTTING_DOWN');
    expect(renderer.status().threads).toBe(0);
  });

  it('logged no fault of its own in all of this', () => {
    expect(log.errors).toEqual([]);
  });
});
