/** The preview pane in a real browser under the page's policy; the host behind it answers as the test says. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../support/browser.ts';
import {
  buildPreviewPage,
  failed,
  openPreviewWorld,
  removePreviewPage,
  shown,
  type PreviewWorld,
} from '../support/preview-world.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface PreviewTest {
  set(props: object): void;
  openPainted(bytes: Uint8Array): Promise<{
    draw(page: number, pixels: { width: number; height: number }, signal: AbortSignal): Promise<ImageBitmap>;
    close(): void;
  }>;
  readonly told: {
    readonly goTo: unknown[];
    readonly failures: unknown[];
    readonly warnings: unknown[];
    readonly conformance: unknown[];
  };
}
declare global {
  interface Window {
    previewTest: PreviewTest;
  }
}

const section = (number: number): string => `<section style="break-after: page">
  <h1 id="part-${number}">Part ${number}</h1>
  <p>Words of part ${number}, <a href="#part-3">see part 3</a> or <a href="https://example.com/terms">the terms</a>.</p>
  <p style="margin-top: 20cm">End of part ${number}</p>
</section>`;
const parts = (count: number): string => Array.from({ length: count }, (_, at) => section(at + 1)).join('');

describe('the preview pane', () => {
  let out: string;
  let browser: TestBrowser;
  let one: Uint8Array;
  let twenty: Uint8Array;
  let world: PreviewWorld;
  let page: Page;
  let complaints: string[];

  const print = async (html: string): Promise<Uint8Array> => {
    const printer = await browser.browser.newPage();
    await printer.setContent(html);
    const pdf = await printer.pdf({ format: 'A4', tagged: true, outline: true });
    await printer.close();
    return pdf;
  };

  beforeAll(async () => {
    vi.stubEnv('NODE_ENV', 'production');
    [browser, out] = await Promise.all([openTestBrowser(), buildPreviewPage()]);
    [one, twenty] = [await print(parts(1)), await print(parts(20))];
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await browser[Symbol.asyncDispose]();
    await removePreviewPage(out);
  });

  const openPage = async (colorScheme: 'light' | 'dark' = 'light'): Promise<void> => {
    page = await browser.browser.newPage({ viewport: { width: 760, height: 800 }, colorScheme });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(world.url);
  };
  beforeEach(async () => {
    complaints = [];
    world = await openPreviewWorld(out);
    world.standing = () => shown(one);
  });
  afterEach(async () => {
    await page.close();
    await world[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  const edit = (props: object): Promise<void> =>
    page.evaluate((changes) => window.previewTest.set(changes), props);
  const canvas = () => page.locator('.page-canvas').first();
  const pageNumber = () => page.getByRole('textbox', { name: 'Page' });
  const show = async (pdf: Uint8Array, pages: number): Promise<void> => {
    world.standing = () => shown(pdf, { pages });
    await openPage();
    await page.getByText(`/ ${pages}`).waitFor();
  };
  const goTo = async (number: number): Promise<void> => {
    await pageNumber().fill(String(number));
    await pageNumber().press('Enter');
    await page.locator(`.page[data-page="${number}"] .page-canvas`).waitFor();
  };
  /** Resolves when the pixels of so many edits have been on the screen. */
  const whenPainted = (edits: number): Promise<unknown> =>
    page.waitForFunction(
      (count) =>
        performance
          .getEntriesByName('influxion:pixels')
          .some((mark) => ((mark as PerformanceMark).detail as { edit: number }).edit >= count),
      edits,
    );

  it('stands in for the first page, then shows it and its text', async () => {
    world.standing = undefined;
    await openPage();
    await page.getByRole('status', { name: 'The first page is being printed' }).waitFor();
    (await world.whenAsked(1)).answer(shown(one));
    await canvas().waitFor();
    await page.getByText('Words of part 1').waitFor();
    expect(await page.getByText('1 page ·').count()).toBe(1);
  });

  it('never takes the old page away before the new one is drawn (a flash at every key)', async () => {
    await show(one, 1);
    await whenPainted(1);
    await page.evaluate(() => {
      const seen: number[] = [];
      Object.assign(window, { inkOfFrames: seen });
      const look = (): void => {
        const drawn = document.querySelector<HTMLCanvasElement>('.page-canvas');
        const copy = new OffscreenCanvas(drawn?.width ?? 1, 120).getContext('2d');
        if (drawn !== null) copy?.drawImage(drawn, 0, 0);
        const pixels = copy?.getImageData(0, 0, drawn?.width ?? 1, 120).data ?? [];
        let ink = 0;
        for (let at = 0; at < pixels.length; at += 4) if ((pixels[at] ?? 255) < 128) ink += 1;
        seen.push(ink);
        requestAnimationFrame(look);
      };
      look();
    });
    for (let number = 2; number <= 6; number += 1) {
      await edit({ edits: { 'template.html': String(number) } });
      await whenPainted(number);
    }
    const inks = await page.evaluate(() => (window as unknown as { inkOfFrames: number[] }).inkOfFrames);
    expect(inks.length).toBeGreaterThan(5);
    expect(Math.min(...inks)).toBeGreaterThan(0);
    expect(await page.locator('.page-canvas').count()).toBe(1);
  });

  it('keeps neither pixels nor marks of earlier edits (memory that grew with every key)', async () => {
    await show(twenty, 20);
    await whenPainted(1);
    await page.evaluate(() => {
      const made = new Set<HTMLCanvasElement>();
      const { prototype } = HTMLCanvasElement;
      const counted = new Proxy(Reflect.get(prototype, 'getContext') as () => unknown, {
        apply: (getContext, canvas: HTMLCanvasElement, how: []) => {
          made.add(canvas);
          return Reflect.apply(getContext, canvas, how);
        },
      });
      Reflect.set(prototype, 'getContext', counted);
      Object.assign(window, { made });
    });
    for (let number = 2; number <= 6; number += 1) {
      await edit({ edits: { 'template.html': String(number) } });
      await whenPainted(number);
      // Pages that are scrolled away before they are drawn.
      await page.evaluate(async () => {
        const desk = document.querySelector('.preview-sheet')?.parentElement;
        for (let step = 0; step < 20; step += 1) {
          desk?.scrollTo({ top: ((step * 7) % 20) * 1000 });
          await new Promise(requestAnimationFrame);
        }
      });
    }
    const held = await page.waitForFunction(() => {
      const { made } = window as unknown as { made: Set<HTMLCanvasElement> };
      const pages = [...made].filter(({ className }) => className === 'page-canvas');
      const away = pages.filter(({ isConnected, width }) => !isConnected && width > 0);
      return pages.length > 10 && away.length === 0;
    });
    expect(await held.jsonValue()).toBe(true);
    const marks = await page.evaluate(() => performance.getEntriesByType('mark').map(({ name }) => name));
    expect(marks.filter((name) => name.startsWith('influxion:')).sort()).toEqual([
      'influxion:edit',
      'influxion:pixels',
    ]);
  });

  it('tells a drawing whose document is closed, also by a worker that ends with it (pages that never came)', async () => {
    await show(one, 1);
    await page.evaluate(async (bytes) => {
      const open = () => window.previewTest.openPainted(new Uint8Array(bytes));
      Object.assign(window, { last: await open() });
      // As many as one worker opens.
      for (let opened = 0; opened < 200; opened += 1) (await open()).close();
    }, Array.from(one));
    // What is shown is another worker's from now on.
    await edit({ edits: { 'template.html': 'x' } });
    await whenPainted(2);
    const outcome = await page.evaluate(async () => {
      const { last } = window as unknown as { last: Awaited<ReturnType<PreviewTest['openPainted']>> };
      const drawing = last.draw(0, { width: 2000, height: 3000 }, new AbortController().signal);
      last.close();
      const late = new Promise((resolve) => setTimeout(resolve, 5000, 'nothing'));
      return Promise.race([drawing.catch(String), late]);
    });
    expect(outcome).toBe('Error: The document was closed');
  });

  it('draws with the fonts of the print, and adds none to its own document (a layout of everything at each edit)', async () => {
    world.standing = undefined;
    await openPage();
    const stop = await print('<body style="margin: 0"><p style="margin: 0; font: 300px sans-serif">.</p>');
    (await world.whenAsked(1)).answer(shown(stop));
    await whenPainted(1);
    // Without the font of the print there is an empty box in place of the full stop, as large as a letter.
    const inked = await canvas().evaluate((drawn: HTMLCanvasElement) => {
      const { width, height } = drawn;
      const copy = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      copy.drawImage(drawn, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      const xs: number[] = [];
      for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) < 128) xs.push((at / 4) % drawn.width);
      return (Math.max(...xs) - Math.min(...xs)) / drawn.width;
    });
    expect(inked).toBeGreaterThan(0.01);
    expect(inked).toBeLessThan(0.08);
    expect(await page.evaluate(() => document.fonts.size)).toBe(0);
  });

  it('keeps the place and the zoom over an edit and over a switch of templates', async () => {
    await show(twenty, 20);
    await page.getByRole('combobox', { name: 'Zoom' }).selectOption('1.5');
    await goTo(12);
    const top = () => page.locator('.preview-desk').evaluate((desk) => desk.scrollTop);
    const before = await top();
    await edit({ edits: { 'template.html': 'x' } });
    await whenPainted(2);
    expect(await top()).toBe(before);

    await edit({ templateId: 'letter' });
    await whenPainted(3);
    expect(await pageNumber().inputValue()).toBe('1');
    await edit({ templateId: 'invoice' });
    await whenPainted(4);
    expect(await pageNumber().inputValue()).toBe('12');
    expect(await top()).toBe(before);
  });

  it('lets edits rest while jobs have all cores, and only then (a preview of every key held up the next key)', async () => {
    await show(one, 1);
    /** How many previews two edits in one moment ask for. */
    const askedByTwo = async (text: string): Promise<number> => {
      const before = world.asked.length;
      await page.evaluate((html) => {
        for (const half of [html, `${html}!`]) window.previewTest.set({ edits: { 'template.html': half } });
      }, text);
      const isLast = (): boolean => world.asked.at(-1)?.input.edits['template.html'] === `${text}!`;
      await vi.waitFor(() => expect(isLast()).toBe(true), 5_000);
      return world.asked.length - before;
    };
    const tell = (in_progress: number): void =>
      world.emit({
        type: 'status.changed',
        status: {
          version: '1.0.0',
          state: 'ready',
          uptime_s: 1,
          api_url: world.url,
          engine: { state: 'ready', product: null, concurrency: 2, problem: null },
          queue: { received: 9, in_progress, done: 0, error: 0 },
        },
      });
    for (const [running, asked] of [
      [2, 1],
      [1, 2],
    ] as const) {
      tell(running);
      // The page says nowhere that it has heard of it.
      await vi.waitFor(
        async () => expect(await askedByTwo(`${running} ${Math.random()}`)).toBe(asked),
        8_000,
      );
    }
  });

  it('prints once more for files that it has not sent, and not for a save of its own (the next key waited for it)', async () => {
    await show(one, 1);
    await edit({ edits: { 'style.css': 'p {}' } });
    await whenPainted(2);
    const tell = (...paths: readonly string[]): void =>
      world.emit({ type: 'templates.changed', id: 'invoice', paths });
    tell('style.css', 'samples/default.json');
    // Longer than files have to rest.
    await page.waitForTimeout(2_000);
    expect(world.asked).toHaveLength(2);
    tell('style.css', 'assets/logo.svg');
    await world.whenAsked(3);
    // A folder that was away and is back holds what was sent, too.
    world.standing = () => failed({ message: 'There is no template "invoice".' });
    await edit({ edits: { 'style.css': 'b {}' } });
    await page.getByText('There is no template').waitFor();
    world.standing = () => shown(one);
    tell('style.css', 'samples/default.json');
    await page.getByText('There is no template').waitFor({ state: 'detached' });
  });

  it('keeps the last pages when an edit fails, says why, and is done with it when the next one prints', async () => {
    await show(one, 1);
    const detail = {
      code: 'TEMPLATE_SYNTAX' as const,
      stage: 'render' as const,
      message: 'The block is not closed.',
      hint: 'Add {{/if}}.',
      template: 'html',
      line: 7,
      column: 3,
      source_line: '{{#if total}}',
    };
    world.standing = () => failed({ message: 'The block is not closed.', hint: 'Add {{/if}}.', detail });
    await edit({ edits: { 'template.html': '{{#if total}}' } });
    await page.getByText('This is the last version that printed').waitFor();
    expect(await canvas().isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Go to line 7' }).click();
    world.standing = () => shown(one);
    await edit({ edits: { 'template.html': '' } });
    await page.getByText('This is the last version that printed').waitFor({ state: 'detached' });
    const { told } = await page.evaluate(() => ({ told: window.previewTest.told }));
    expect(told.goTo).toEqual([{ path: 'template.html', line: 7 }]);
    expect(told.failures).toMatchObject([null, { code: 'TEMPLATE_SYNTAX', detail: { line: 7 } }, null]);
  });

  it('keeps a failure that came while the pages of the edit before were drawn (broken, and no word of it)', async () => {
    await show(one, 1);
    world.standing = ({ edits }) => (edits['template.html'] === 'bad' ? failed({}) : shown(twenty));
    await page.evaluate(() => {
      for (const text of ['good', 'bad']) window.previewTest.set({ edits: { 'template.html': text } });
    });
    await whenPainted(2);
    await page.getByText('This is the last version that printed').waitFor();
  });

  it('never shows a failure that is mended while the next one settles (a line that is right is called wrong)', async () => {
    await show(one, 1);
    const set = (text: string) => edit({ edits: { 'template.html': text } });
    world.standing = ({ edits }) => {
      const text = edits['template.html'] ?? '';
      return text.startsWith('bad') ? failed({ message: `It is ${text}.` }) : shown(one);
    };
    const seen = page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          let wasMended = false;
          new MutationObserver(() => {
            const alert = document.querySelector('[role=alert]')?.textContent ?? '';
            const isFirst = alert.includes('bad one');
            const isSecond = alert.includes('bad two');
            if (document.body.dataset['mended'] === 'true') wasMended ||= !isFirst;
            if (wasMended && isFirst) resolve(true);
            else if (isSecond) resolve(false);
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
    );
    await set('bad one');
    await page.getByText('It is bad one.').waitFor();
    await page.evaluate(() => (document.body.dataset['mended'] = 'true'));
    await set('good');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await set('bad two');
    expect(await seen).toBe(false);
  });

  it('leads to the line of data that is no JSON', async () => {
    await show(one, 1);
    const detail = {
      code: 'BAD_JSON' as const,
      stage: 'render' as const,
      message: 'Line 3 of the data: found "}".',
      hint: null,
      template: 'data',
      line: 3,
      column: 1,
      source_line: '}',
    };
    world.standing = () => failed({ code: 'BAD_JSON', message: detail.message, detail });
    await edit({ data: '{\n}\n}', dataPath: 'samples/default.json' });
    await page.getByRole('button', { name: 'Go to line 3' }).click();
    const goTo = await page.evaluate(() => window.previewTest.told.goTo);
    expect(goTo).toEqual([{ path: 'samples/default.json', line: 3 }]);
  });

  it('goes from a point to its line, and from a line to its page', async () => {
    const places = [
      { path: 'template.html', line: 2, page: 1, y: 30 },
      { path: 'template.html', line: 40, page: 1, y: 600 },
      { path: 'template.html', line: 90, page: 9, y: 400 },
    ];
    world.standing = () => shown(twenty, { pages: 20, places });
    await openPage();
    await page.getByText('/ 20').waitFor();
    await page.locator('.page[data-page="1"]').dblclick({ position: { x: 300, y: 300 } });
    await page.locator('.page[data-page="1"]').click({ position: { x: 300, y: 40 }, modifiers: ['Alt'] });
    expect(await page.evaluate(() => window.previewTest.told.goTo)).toEqual([
      { path: 'template.html', line: 2 },
      { path: 'template.html', line: 2 },
    ]);
    await edit({ cursor: { path: 'template.html', line: 91 } });
    await page.locator('.page[data-page="9"] .page-mark').waitFor();
    expect(await pageNumber().inputValue()).toBe('9');
  });

  it('finds text in all pages and steps through it', async () => {
    await show(twenty, 20);
    await page.getByRole('button', { name: 'Find in the document' }).click();
    const input = page.getByRole('textbox', { name: 'Find in the document' });
    await input.fill('END of part');
    await page.getByText('1 of 20').waitFor();
    await input.press('Enter');
    await page.getByText('2 of 20').waitFor();
    await input.press('Shift+Enter');
    await input.press('Shift+Enter');
    await page.getByText('20 of 20').waitFor();
    expect(await pageNumber().inputValue()).toBe('20');
    await page.waitForFunction(() => (CSS.highlights.get('preview-current-match')?.size ?? 0) === 1);
    await input.fill('nowhere');
    await page.getByText('Nothing found').waitFor();
    await input.press('Escape');
    expect(await input.count()).toBe(0);
  });

  it('follows links in the document and asks before those that lead out', async () => {
    await show(twenty, 20);
    await page.getByRole('link', { name: 'Link to a place in the document' }).first().click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.preview-page-number')?.value === '3',
    );
    await page.getByRole('link', { name: 'Link to https://example.com/terms' }).first().click();
    const dialog = page.getByRole('alertdialog', { name: 'Open this link?' });
    await dialog.getByText('https://example.com/terms').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(page.context().pages()).toHaveLength(1);
  });

  it('holds only the pages that are seen of 1,200 (memory that grows with the document)', async () => {
    const long = await print(parts(1200));
    await show(long, 1200);
    await goTo(1200);
    await goTo(600);
    const held = await page
      .locator('.page')
      .evaluateAll((pages) => pages.map((each) => Number((each as HTMLElement).dataset['page'])));
    expect(held.every((number) => Math.abs(number - 600) <= 2)).toBe(true);
    expect(held).toEqual([...held].sort((a, b) => a - b));
    await page.getByRole('button', { name: 'Thumbnails' }).click();
    await page.locator('.preview-thumbnails button[aria-current="page"] canvas').waitFor();
    expect(await page.locator('.preview-thumbnails li').count()).toBeLessThan(20);
  });

  it('jumps by the outline', async () => {
    await show(twenty, 20);
    await page.getByRole('button', { name: 'Outline' }).click();
    await page.getByRole('navigation', { name: 'Outline' }).getByRole('button', { name: 'Part 14' }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.preview-page-number')?.value === '14',
    );
  });

  it('compares with the version that was opened and names the pages that differ', async () => {
    const saved = await print(parts(20).replace('Words of part 5', 'Other words of part 5'));
    const opened = { path: 'template.html', kind: 'html', text: 'as it was' };
    world.others['templates.open'] = { files: [opened] };
    world.standing = ({ edits }) =>
      shown(edits['template.html'] === 'changed' ? twenty : saved, { pages: 20 });
    await openPage();
    await edit({ edits: { 'template.html': 'changed' } });
    await whenPainted(2);
    await page.getByRole('button', { name: 'Compare with the version that was opened' }).click();
    const pages = page.getByRole('navigation', { name: 'Changed pages' });
    await pages.getByText('1 page differs').waitFor();
    await pages.getByRole('button', { name: 'Page 5' }).waitFor();
    await page.getByRole('combobox', { name: 'How to compare' }).selectOption('sides');
    expect(await page.locator('.compare-picture').count()).toBe(2);
  });

  it('says which rules of the standard the pages break, and leads to the page and the line', async () => {
    const violation = { standard: 'pdf/ua-1', rule: '7.3-1', object: 4, count: 2, page: 14, y: 300 };
    const broken = {
      standard: 'pdf/ua-1',
      conformant: false,
      violations: [
        { ...violation, message: 'A picture has no alternative text.', path: 'template.html', line: 9 },
        { ...violation, rule: '7.1-10', message: 'There is no title.', page: null, path: null, line: null },
      ],
    };
    const met = { standard: 'pdf/a-2a', conformant: true, violations: [] };
    const timings_ms = { render: 2.4, print: 11.8, conform: 7, total: 22 };
    world.standing = () => shown(twenty, { pages: 20, conformance: [met, broken], timings_ms });
    await openPage();
    await page.getByRole('button', { name: 'PDF/A-2a is met' }).waitFor();
    const chip = page.getByRole('button', { name: 'PDF/UA-1: 2 rules fail' });
    await chip.click();
    const rules = page.getByRole('dialog', { name: 'PDF/UA-1: 2 rules fail' });
    await rules.getByText('There is no title.').waitFor();
    await rules.getByText('7.1-10').waitFor();
    await rules.getByRole('button', { name: 'Page 14' }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.preview-page-number')?.value === '14',
    );
    await rules.getByRole('button', { name: 'template.html, line 9' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /20 pages/ }).click();
    await page.getByText('Standard, made and checked').waitFor();
    const { told } = await page.evaluate(() => ({ told: window.previewTest.told }));
    expect(told.goTo).toEqual([{ path: 'template.html', line: 9 }]);
    expect(told.conformance.at(-1)).toMatchObject([{ conformant: true }, { standard: 'pdf/ua-1' }]);
  });

  it('says that the text runs over the edge of the paper', async () => {
    await show(await print('<p style="margin-left: -60px">This line begins left of the paper.'), 1);
    await page.getByText(/runs over the edge of the paper/).waitFor();
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no accessibility violations, ${scheme}`, async () => {
      world.standing = () =>
        shown(twenty, {
          pages: 20,
          conformance: [
            { standard: 'pdf/a-2a', conformant: true, violations: [] },
            { standard: 'pdf/ua-1', conformant: false, violations: [] },
          ],
          warnings: [{ code: 'GLYPH_MISSING', message: 'No font has the character ☃.', page: 2 }],
        });
      await openPage(scheme);
      await page.getByText('/ 20').waitFor();
      await page.getByRole('button', { name: 'Thumbnails' }).click();
      await page.getByRole('button', { name: 'Find in the document' }).click();
      await page.getByText('No font has the character ☃.').waitFor();
      await page.getByText('Words of part 1', { exact: false }).first().waitFor();
      await page.evaluate(await readFile(AXE, 'utf8'));
      const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
      );
      expect(
        found.violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
    });
  }
});
