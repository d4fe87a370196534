/** What every PdfEngine does, whichever browser prints for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PdfEngine, PrintResult } from '../../core/pdf/engine.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { transparencyOf } from '../../core/pdf/standards/transparency/find-transparency.ts';
import { readPrintedPlaces } from '../../core/pdf/references/named-destinations.ts';
import { pdfFacts, type PageFacts } from '../support/engine-pdf-facts.ts';
import { cssAsset, pngAsset, printRequest, svgAsset, wholePdf } from '../support/engine-requests.ts';

export interface EngineWorld {
  readonly engine: PdfEngine;
  dispose(): Promise<void>;
}

/** Points in an inch. */
const PT = 72;
const CHUNKS_FROM_CHARACTERS = 13_000_000;

export function pdfEngineContract(name: string, makeEngine: () => EngineWorld): void {
  describe(`${name} as a PdfEngine`, () => {
    let world: EngineWorld;
    let engine: PdfEngine;
    beforeAll(async () => {
      world = makeEngine();
      ({ engine } = world);
      await engine.start();
    });
    afterAll(() => world.dispose());

    const print = async (html: string, changes?: Parameters<typeof printRequest>[1]): Promise<PrintResult> =>
      engine.print(printRequest(html, changes));
    const firstPage = async (
      html: string,
      changes?: Parameters<typeof printRequest>[1],
    ): Promise<PageFacts> => {
      const [page] = (await pdfFacts(await print(html, changes))).pages;
      if (!page) throw new Error('There is no page');
      return page;
    };
    const codeOf = async (printing: Promise<unknown>): Promise<unknown> =>
      printing.then(
        () => 'printed',
        (error: unknown) => (error as { code?: string }).code ?? error,
      );
    /** The engine is as good as new. */
    const expectUnharmed = async (): Promise<void> => {
      expect((await firstPage('<!doctype html><p>All is well')).text).toBe('All is well');
    };

    describe('options', () => {
      it('takes the paper as it is given, also turned (an option that is dropped)', async () => {
        const page = await firstPage('<p>x', { settings: { paper: { width: 8, height: 5 } } });
        expect([page.width, page.height]).toEqual([8 * PT, 5 * PT]);
      });

      it('lets @page decide on the paper only where that is asked for', async () => {
        const html = '<style>@page{size:3in 4in}</style><p>x';
        const paper = { width: 6, height: 7 };
        const css = await firstPage(html, { settings: { paper, preferCssPageSize: true } });
        const own = await firstPage(html, { settings: { paper, preferCssPageSize: false } });
        expect([css.width, css.height]).toEqual([3 * PT, 4 * PT]);
        expect([own.width, own.height]).toEqual([6 * PT, 7 * PT]);
      });

      it('keeps the margins, each on its side (sides mixed up, inches taken for something else)', async () => {
        const html = '<style>body{margin:0}p{margin:0;font:10px/10px Arial}</style><p>x';
        const paper = { width: 5, height: 5 };
        const margins = { top: 1, right: 0.5, bottom: 0.25, left: 2 };
        const { first } = await firstPage(html, { settings: { paper, margins } });
        expect(first?.x).toBeCloseTo(2 * PT, 0);
        expect(first?.y).toBeGreaterThan(4 * PT - 9);
        expect(first?.y).toBeLessThan(4 * PT);
      });

      it('scales', async () => {
        const html = '<p style="font-size:20px">x';
        const plain = await firstPage(html);
        const half = await firstPage(html, { settings: { scale: 0.5 } });
        expect(half.first?.size).toBeCloseTo((plain.first?.size ?? 0) / 2, 1);
      });

      it('keeps the pages of the range only', async () => {
        const html = '<style>p{break-after:page}</style><p>one<p>two<p>three<p>four';
        const { pages } = await pdfFacts(await print(html, { settings: { pageRanges: '2,4-' } }));
        expect(pages.map(({ text }) => text)).toEqual(['two', 'four']);
      });

      it('prints header and footer with page numbers, and neither when not asked for', async () => {
        const html = '<style>p{break-after:page}</style><p>one<p>two';
        const settings = {
          margins: { top: 1, right: 1, bottom: 1, left: 1 },
          headerHtml: '<div style="font-size:10px">Head &amp; <span class="pageNumber"></span></div>',
          footerHtml: '<div style="font-size:10px">of <span class="totalPages"></span></div>',
        };
        const { pages } = await pdfFacts(await print(html, { settings }));
        expect(pages[1]?.text).toContain('Head & 2');
        expect(pages[1]?.text).toContain('of 2');
        const onlyFooter = await firstPage(html, { settings: { ...settings, headerHtml: undefined } });
        expect(onlyFooter.text.replaceAll(' ', '')).toBe('oneof2');
        expect((await firstPage(html)).text).toBe('one');
      });

      it('shows an asset in a header by relative URL (Chromium loads nothing there)', async () => {
        const settings = {
          margins: { top: 1, right: 1, bottom: 1, left: 1 },
          headerHtml: '<img src="logo.png" width="20" height="20"><img src="none.png">',
        };
        const result = await print('<p>x', { settings, assets: { 'logo.png': pngAsset(4, 4) } });
        expect((await pdfFacts(result)).pages[0]?.images).toBe(1);
        expect(result.warnings).toEqual([
          { code: 'ASSET_NOT_FOUND', message: 'There is no asset named "none.png"' },
        ]);
      });

      it('prints backgrounds only when asked to', async () => {
        const html = '<p style="background:#00ff00">x';
        expect((await firstPage(html)).fills).toContain('#00ff00');
        expect((await firstPage(html, { settings: { background: false } })).fills).not.toContain('#00ff00');
      });

      it('tags only when asked to, and makes bookmarks, which need tags (silent loss of the outline)', async () => {
        const html = '<h1>First</h1><h2>Inner</h2><h1>Second</h1>';
        const plain = await pdfFacts(await print(html));
        expect([plain.tagged, plain.outline]).toEqual([false, []]);
        expect((await pdfFacts(await print(html, { settings: { tagged: true } }))).tagged).toBe(true);
        const outlined = await pdfFacts(await print(html, { settings: { outline: true } }));
        expect(outlined.outline).toEqual(['First', 'Inner', 'Second']);
      });

      it('lays out for print, not for a screen', async () => {
        const html = '<style>p{display:none}@media print{p{display:block}}</style><p>on paper';
        expect((await firstPage(html)).text).toBe('on paper');
      });
    });

    describe('assets', () => {
      it('serves images, style sheets and what those name, by relative URL', async () => {
        const html =
          '<!doctype html><link rel="stylesheet" href="css/a.css?v=1"><img src="img/photo%201.png" width="40" height="40">';
        const result = await print(html, {
          assets: {
            'css/a.css': cssAsset('@import "b.css"; body{background:#010203}'),
            'css/b.css': cssAsset('p{color:#040506}'),
            'img/photo 1.png': pngAsset(8, 8),
          },
        });
        expect(result.warnings).toEqual([]);
        const { pages } = await pdfFacts(result);
        expect(pages[0]?.fills).toContain('#010203');
        expect(pages[0]?.images).toBe(1);
      });

      it('waits for slow assets, also for images that a late style sheet names (a print before they are there)', async () => {
        const slow = (path: string): Promise<ReturnType<typeof svgAsset> | undefined> =>
          new Promise((resolve) => {
            const asset = {
              'late.css': cssAsset('body{background:url(late.svg) no-repeat}'),
              'late.svg': svgAsset(300, '#0a0b0c'),
            }[path];
            setTimeout(resolve, 60, asset);
          });
        const linked = await firstPage('<link rel="stylesheet" href="late.css"><p>x', { assets: slow });
        expect(linked.fills).toContain('#0a0b0c');
        const imported = await firstPage('<style>@import "late.css";</style><p>x', { assets: slow });
        expect(imported.fills).toContain('#0a0b0c');
        const plain = await firstPage('<style>p{background:url(late.svg) no-repeat}</style><p>x', {
          assets: slow,
        });
        expect(plain.fills).toContain('#0a0b0c');
      });

      it('loads lazy images far down', async () => {
        const html = '<div style="height:300in">x</div><img loading="lazy" src="far.svg">';
        const { pages } = await pdfFacts(
          await print(html, { assets: { 'far.svg': svgAsset(50, '#0d0e0f') } }),
        );
        expect(pages.at(-1)?.fills).toContain('#0d0e0f');
      });

      it('shows a document its own file, not that of the one before under the same name', async () => {
        const html = '<style>p{background:url(logo.svg) no-repeat}</style><img src="logo.svg"><p>x';
        for (const color of ['#110000', '#220000', '#220000', '#330000']) {
          const { fills } = await firstPage(html, { assets: { 'logo.svg': svgAsset(30, color) } });
          expect([...fills].filter((fill) => fill.endsWith('0000') && fill !== '#000000')).toEqual([color]);
        }
        const without = await print(html);
        expect(without.warnings).toEqual([
          { code: 'ASSET_NOT_FOUND', message: 'There is no asset named "logo.svg"' },
        ]);
        const { fills } = await firstPage(html, { assets: { 'logo.svg': svgAsset(30, '#440000') } });
        expect(fills).toContain('#440000');
      });

      it('shows images again that the page still has (a print before they are there)', async () => {
        const assets = { 'a.svg': svgAsset(30, '#010101'), 'b.png': pngAsset(8, 8) };
        const html = (name: string): string =>
          `<!doctype html><p>${name}<img src="a.svg"><img src='b.png' width="40" height="40">`;
        const first = await firstPage(html('A'), { assets });
        expect(first).toMatchObject({ text: 'A', images: 1 });
        expect(first.fills).toContain('#010101');
        for (const name of ['B', 'C', 'D', 'E']) {
          expect(await firstPage(html(name), { assets })).toEqual({ ...first, text: name });
        }
      });

      it('waits for an image that is another one than its name says', async () => {
        const files = { 'a.svg': svgAsset(30, '#020202'), 'sub/a.svg': svgAsset(30, '#030303') };
        const assets = (path: string): Promise<ReturnType<typeof svgAsset> | undefined> =>
          new Promise((resolve) => {
            setTimeout(resolve, 60, files[path as keyof typeof files]);
          });
        const html = (base: string): string => `<!doctype html><head>${base}</head><img src="a.svg"><p>x`;
        for (const [base, color] of [
          ['', '#020202'],
          ['<base href="sub/">', '#030303'],
          ['', '#020202'],
          ['<base href="sub/">', '#030303'],
        ] as const) {
          const { fills } = await firstPage(html(base), { assets });
          expect([...fills].filter((fill) => /^#0[23]/.test(fill))).toEqual([color]);
        }
      });

      it('waits for no file behind <use> that comes with a frame (seconds on a page that draws none)', async () => {
        const html = '<svg><use href="marks.svg#a"/></svg><p>x';
        for (let times = 0; times < 3; times++)
          expect((await pdfFacts(await print(html, { timeoutMs: 4_000 }))).pages).toHaveLength(1);
      });

      it('draws the controls of sound and video each time (a print a frame too early)', async () => {
        const html = '<video controls width="100"></video><audio controls></audio><p>x';
        const first = await pdfFacts(await print(html));
        for (let times = 0; times < 20; times++) expect(await pdfFacts(await print(html))).toEqual(first);
        const bare = await pdfFacts(await print(html.replaceAll(' controls', '')));
        expect(bare).not.toEqual(first);
      });

      it('fails the print when an asset cannot be read, and only that', async () => {
        const broken = new Error('the disk is gone');
        const assets = (): never => {
          throw broken;
        };
        await expect(print('<img src="a.png">', { assets })).rejects.toBe(broken);
        await expectUnharmed();
      });
    });

    describe('destinations', () => {
      const CSS =
        '<style>@page{margin:1in;@top-left{content:"x"}}*{margin:0}h2{break-before:page;padding-top:96px}</style>';
      const BODY = '<p id="a b">one</p><h2 id="ü">two</h2><p id="last">three</p><p id="none" hidden>x</p>';
      const IDS = ['a b', 'ü', 'last', 'none', 'missing'];

      it.each([
        ['a plain document', '', false],
        ['one that waits for images', '<img src="a.png" style="position:absolute">', false],
        ['one with scripts', '<script>document.title="x"</script>', true],
      ])('tell page and height of ids in %s, and draw nothing', async (_, more, scripts) => {
        const html = `<!doctype html>${CSS}<body>${BODY}${more}`;
        const changes = { scripts, assets: { 'a.png': pngAsset(2, 2) }, settings: { scale: 0.5 } };
        const plain = await pdfFacts(await print(html, changes));
        const { pdf } = await print(html, { ...changes, destinations: IDS });
        const bytes = await wholePdf(pdf);
        const found = [...(readPrintedPlaces(bytes)?.byId ?? [])].map(([id, { page, y }]) => [
          id,
          page,
          Math.round(y / PT),
        ]);
        expect(found.sort()).toEqual([
          ['a b', 1, 1],
          ['last', 2, 2],
          ['ü', 2, 1],
        ]);
        const { pages } = await pdfFacts({ pdf: bytes });
        expect(pages).toEqual(plain.pages);
        expect(Buffer.from(bytes).includes('/Annots')).toBe(false);
      });

      it('are those of one document and not of the next', async () => {
        await print('<!doctype html><p id="a">x', { destinations: ['a'] });
        const { pdf } = await print('<!doctype html><p id="a">x');
        expect(readPrintedPlaces(await wholePdf(pdf))).toEqual({ pages: 1, byId: new Map() });
      });
    });

    describe('mixing translucent colours with what is behind them', () => {
      const flattened = async (
        html: string,
        scripts = false,
      ): Promise<{ rules: string[]; fills: string[] }> => {
        const pdf = await wholePdf((await print(html, { flatten: true, scripts })).pdf);
        const document = PdfDocument.open(memorySource(pdf));
        const rules = [...document.pages()].flatMap((page) =>
          transparencyOf(document, page).map(({ rule }) => rule),
        );
        const fills = (await pdfFacts({ pdf })).pages.flatMap((page) => [...page.fills]);
        return { rules, fills };
      };

      it('paints the colours that one would see', async () => {
        const { rules, fills } = await flattened(
          '<style>#b{background:rgb(0 0 255)} #g{opacity:.5;color:#000;background:#fff} i::before{content:"x";color:rgb(255 0 0/.5)}</style>' +
            '<body style="background:#fff"><p style="color:rgba(255,0,0,.5)">a<p id=b style="color:rgb(255 255 255/.5)">b<b style="color:oklch(.5 .1 90/.3)">o</b><div style="background:#f00"><p id=g>c</div><i></i>',
        );
        expect(rules).toEqual([]);
        expect(fills).toEqual(expect.arrayContaining(['#ff8080', '#8080ff', '#800000', '#ff8080']));
      });

      it('takes away blurred shadows, filters, masks and blending, and keeps sharp shadows', async () => {
        const { rules, fills } = await flattened(
          '<p style="box-shadow:0 0 5px #000;text-shadow:1px 1px 2px red">a<p style="filter:blur(1px);mask:linear-gradient(#000,transparent)">b<p style="mix-blend-mode:multiply">c<p style="box-shadow:4px 4px rgba(0,0,255,.5)">d',
        );
        expect(rules).toEqual([]);
        expect(fills).toContain('#8080ff');
      });

      it('mixes gradients that fade', async () => {
        expect((await flattened('<p style="background:linear-gradient(transparent,red)">a')).rules).toEqual(
          [],
        );
      });

      it('leaves alone what lies over a picture or a gradient, or holds one', async () => {
        const over =
          '<div style="background:linear-gradient(red,blue)"><p style="color:rgba(0,0,0,.5)">a</div>';
        expect((await flattened(over)).rules).toEqual(['6.4-6']);
        const picture = '<div style="opacity:.5">a<canvas></canvas></div>';
        expect((await flattened(picture)).rules).not.toEqual([]);
      });

      it('is not misled by scripts of the document', async () => {
        const script =
          '<script>window.getComputedStyle = () => ({}); CSSStyleDeclaration.prototype.setProperty = () => {};</script>';
        expect((await flattened(`${script}<p style="color:rgba(255,0,0,.5)">a`, true)).rules).toEqual([]);
      });

      it('changes nothing where it is not asked for, nor in an opaque document', async () => {
        const text = async (html: string, flatten: boolean): Promise<string> =>
          Buffer.from(await wholePdf((await print(html, { flatten })).pdf))
            .toString('latin1')
            .replaceAll(/\(D:[^)]*\)/g, '');
        const opaque = '<style>p{color:#123;box-shadow:1px 1px #abc}</style><p>a';
        expect(await text(opaque, true)).toBe(await text(opaque, false));
        // Chromium 108 counts opacity in 255 steps, so a half is .498.
        expect(await text('<p style="opacity:.5">a', false)).toMatch(/\/ca \.(?:5|498)/);
      });
    });

    describe('what is wrong with a document', () => {
      it('names missing assets, broken images and broken fonts, each once', async () => {
        const html =
          '<style>@font-face{font-family:Broken;src:url(broken.ttf)}p{font-family:Broken,serif}</style>' +
          '<p>text</p><img src="broken.png"><img src="broken.png"><img src="none.png"><img src="none.png">';
        const junk = Buffer.from('this is neither');
        const { warnings } = await print(html, {
          assets: {
            'broken.ttf': { bytes: junk, mimeType: 'font/ttf' },
            'broken.png': { bytes: junk, mimeType: 'image/png' },
          },
        });
        expect(warnings.filter(({ code }) => code !== 'FONT_FALLBACK')).toEqual([
          { code: 'ASSET_NOT_FOUND', message: 'There is no asset named "none.png"' },
          { code: 'IMAGE_FAILED', message: 'The image broken.png could not be shown' },
          { code: 'FONT_FAILED', message: 'The font Broken of @font-face could not be used' },
        ]);
      });

      it('tells the next document nothing of it, and the same document again', async () => {
        const html = '<img src="none.png"><img src="https://elsewhere.example/x.png">';
        const codes = ['ASSET_NOT_FOUND', 'REQUEST_BLOCKED'];
        for (let round = 0; round < 3; round += 1) {
          const { warnings } = await print(html);
          expect(warnings.map(({ code }) => code).sort()).toEqual(codes);
          expect((await print('<p>plain')).warnings).toEqual([]);
        }
      });

      it('keeps at most fifty warnings and says how many more there were', async () => {
        const html = Array.from({ length: 120 }, (_, index) => `<img src="none-${index}.png">`).join('');
        const { warnings } = await print(html);
        expect(warnings).toHaveLength(51);
        expect(warnings.at(-1)?.message).toMatch(/\b70\b.* more/);
      });

      it('names the characters that no font has, and the font that is not there', async () => {
        const { warnings } = await print('<p style="font-family:Arial">ok \u{1FAAF}\u{10FFFD} &#x1FFFD;</p>');
        expect(
          warnings
            .filter(({ code }) => code === 'GLYPH_MISSING')
            .map(({ message }) => message)
            .join(),
        ).toMatch(/U\+10FFFD/);
        const absent = await print('<p style="font-family:\'No Such Font\', Arial">ok</p>');
        expect(absent.warnings.map(({ code }) => code)).toEqual(['FONT_FALLBACK']);
        expect(absent.warnings[0]?.message).toContain(
          'no such font'.replace(/\b[nsf]/g, (c) => c.toUpperCase()),
        );
        expect((await print('<p style="font-family:Arial">Grüße – Ελλάδα – Привет €</p>')).warnings).toEqual(
          [],
        );
      });

      it('says so when there are scripts that may not run, and runs none', async () => {
        const result = await print('<p id="p">before</p><script>p.textContent = "after"</script>');
        expect(result.warnings.map(({ code }) => code)).toEqual(['SCRIPTS_OFF']);
        expect((await pdfFacts(result)).pages[0]?.text).toBe('before');
      });
    });

    describe('scripts, where they are granted', () => {
      it('runs them, waits for window.influxionReady and reports their errors', async () => {
        const html = `<p id="p">before</p><script src="late.js"></script><script>
          window.influxionReady = new Promise((resolve) => setTimeout(() => { p.textContent = value; resolve(); }, 80));
          setTimeout(() => { throw new Error('boom'); }, 10);
        </script>`;
        const assets = {
          'late.js': { mimeType: 'text/javascript', bytes: Buffer.from('const value = "after"') },
        };
        const result = await print(html, { scripts: true, assets });
        expect((await pdfFacts(result)).pages[0]?.text).toBe('after');
        expect(result.warnings).toEqual([
          { code: 'SCRIPT_ERROR', message: expect.stringContaining('boom') as string },
        ]);
      });

      it('gives them animation frames and timers (a chart that never draws)', async () => {
        const html = `<p id="p">before</p><script>
          window.influxionReady = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
            p.textContent = 'drawn'; resolve();
          })));
        </script>`;
        expect((await firstPage(html, { scripts: true, timeoutMs: 5000 })).text).toBe('drawn');
      });

      it('answers dialogs by itself (a print that waits for a person)', async () => {
        const html = '<p>x<script>alert("a"); confirm("b"); prompt("c")</script>';
        const { warnings } = await print(html, { scripts: true });
        expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['DIALOG_DISMISSED']));
      });

      it('prints no other page than the document (a foreign or an error page as a good PDF)', async () => {
        const away = await print('<p>mine<script>location = "https://elsewhere.example/"</script>', {
          scripts: true,
        });
        expect((await pdfFacts(away)).pages[0]?.text).toBe('mine');
        expect(away.warnings.map(({ code }) => code)).toEqual(['NAVIGATION_BLOCKED']);
        const blank = print(
          '<p>mine<script>window.influxionReady = new Promise(() => { location = "about:blank" })</script>',
          { scripts: true, timeoutMs: 3000 },
        );
        expect(await codeOf(blank)).not.toBe('printed');
        await expectUnharmed();
      });

      it('keeps nothing from one document to the next', async () => {
        const leave = `<p>x<script>
          window.name = 'left'; globalThis.left = 1; document.cookie = 'left=1';
          try { localStorage.setItem('left', '1') } catch {}
          try { caches.open('left') } catch {}
        </script>`;
        const look = `<p id="p">x</p><script>
          const has = (read) => { try { return Boolean(read()) } catch { return false } };
          p.textContent = [window.name, has(() => globalThis.left), has(() => document.cookie), has(() => localStorage.left)].join();
        </script>`;
        await print(leave, { scripts: true });
        expect((await firstPage(look, { scripts: true })).text).toBe(',false,false,false');
      });

      it('ends an endless script at its deadline, and lets its neighbours be', async () => {
        const hang = codeOf(print('<script>while (true);</script>', { scripts: true, timeoutMs: 1500 }));
        const neighbours = Promise.all(['a', 'b', 'c'].map((text) => firstPage(`<p>${text}`)));
        expect(await hang).toBe('SCRIPT_TIMEOUT');
        expect((await neighbours).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
        const pending = print('<script>window.influxionReady = new Promise(() => {})</script>', {
          scripts: true,
          timeoutMs: 1000,
        });
        expect(await codeOf(pending)).toBe('SCRIPT_TIMEOUT');
        await expectUnharmed();
      });
    });

    describe('one page for many documents', () => {
      it('is done with a text of tags that never end as with any other (minutes of the host)', async () => {
        const html = (tag: string): string => `<!doctype html>${tag.repeat(300_000)}><p>x`;
        for (const tag of ['<meta ', '<img ', '<input ', '<use ']) {
          expect((await firstPage(html(tag))).text).toContain('x');
        }
        await expectUnharmed();
      });

      it('carries over no style, title, base, policy or mode of rendering', async () => {
        await print(
          '<title>First</title><base href="https://doc.influxion.invalid/sub/">' +
            '<meta http-equiv="Content-Security-Policy" content="img-src \'none\'; style-src \'none\'">' +
            '<style>p{color:#ff0000}@font-face{font-family:Left;src:local("Arimo")}</style><p>x',
        );
        const result = await print(
          '<!doctype html><style>p{color:#00ff00}</style><p>y</p><img src="a.svg">',
          { assets: { 'a.svg': svgAsset(20, '#0000ff') } },
        );
        expect(result.warnings).toEqual([]);
        const [page] = (await pdfFacts(result)).pages;
        expect([...(page?.fills ?? [])].sort()).toEqual(expect.arrayContaining(['#0000ff', '#00ff00']));
        expect(page?.fills).not.toContain('#ff0000');
        const pdf = Buffer.from(await wholePdf(result.pdf)).toString('latin1');
        expect(pdf).not.toContain('First');
      });

      it('prints many at once, each its own (replies that cross)', async () => {
        const texts = Array.from({ length: 40 }, (_, index) => `Document ${index}`);
        const pages = await Promise.all(texts.map((text) => firstPage(`<!doctype html><p>${text}`)));
        expect(pages.map(({ text }) => text)).toEqual(texts);
      });
    });

    describe('a large document', () => {
      it('comes in parts, whole, and leaves the engine free', async () => {
        const html = `<p>start<!--${'x'.repeat(CHUNKS_FROM_CHARACTERS)}--><p>end`;
        const result = await print(html);
        expect(result.pdf).not.toBeInstanceOf(Uint8Array);
        const { pages } = await pdfFacts(result);
        expect(pages[0]?.text).toBe('start end');
        const scripted = await print(html, { scripts: true });
        expect(scripted.pdf).not.toBeInstanceOf(Uint8Array);
        expect((await pdfFacts(scripted)).pages[0]?.text).toBe('start end');
        const left = await print(html);
        if (!(left.pdf instanceof Uint8Array)) for await (const part of left.pdf) if (part.length > 0) break;
        await Promise.all([expectUnharmed(), expectUnharmed(), expectUnharmed()]);
      });
    });

    describe('being stopped', () => {
      it('rejects with the reason of the signal, before, while waiting and while printing', async () => {
        const reason = new Error('no longer wanted');
        await expect(print('<p>x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
        const controllers = Array.from({ length: engine.concurrency + 1 }, () => new AbortController());
        const hangs = controllers.map(({ signal }) =>
          print('<script>while (true);</script>', { scripts: true, signal, timeoutMs: 10_000 }),
        );
        const ends = hangs.map((hang) => expect(hang).rejects.toBe(reason));
        setTimeout(() => {
          for (const controller of controllers) controller.abort(reason);
        }, 300);
        await Promise.all(ends);
        await expectUnharmed();
        expect(engine.status().waiting).toBe(0);
      });
    });

    describe('bad input', () => {
      it('refuses a page range past the end, and prints the next document (electron#51145)', async () => {
        expect(await codeOf(print('<p>x', { settings: { pageRanges: '7' } }))).toBe('PAGE_RANGE_INVALID');
        await expectUnharmed();
      });

      it('explains what Chromium refuses to print', async () => {
        const margins = { top: 9, right: 0, bottom: 9, left: 0 };
        expect(await codeOf(print('<p>x', { settings: { margins } }))).toBe('PRINT_FAILED');
        await expectUnharmed();
      });

      const hostile: Record<string, () => Promise<unknown>> = {
        'three million nodes': () =>
          codeOf(print(`<!doctype html>${'<i></i>'.repeat(3_000_000)}`, { timeoutMs: 3000 })),
        'a picture of 100,000 by 100,000 pixels': () =>
          codeOf(
            print('<img src="huge.png" width="100">', {
              assets: { 'huge.png': pngAsset(100_000, 100_000, 8) },
              timeoutMs: 8000,
            }),
          ),
        'a billion laughs in SVG': () => codeOf(print(billionLaughs(), { timeoutMs: 2000 })),
        'a page explosion': () =>
          codeOf(
            print('<style>@page{size:1in 1in;margin:0}</style><div style="height:200000in">x</div>', {
              timeoutMs: 3000,
            }),
          ),
        'fifty thousand nested elements': () =>
          codeOf(print('<div>'.repeat(50_000) + 'deep', { timeoutMs: 3000 })),
      };
      it.each(Object.entries(hostile))('survives %s', async (_what, attack) => {
        expect(await attack()).toBeOneOf([
          'printed',
          'PRINT_TIMEOUT',
          'PRINT_FAILED',
          'DOCUMENT_TOO_COMPLEX',
          'ENGINE_CRASHED',
        ]);
        await expectUnharmed();
      });
    });

    describe('closing', () => {
      it('rejects what is under way and what comes after', async () => {
        const other = makeEngine();
        await other.engine.start();
        const pending = codeOf(
          other.engine.print(printRequest('<script>while (true);</script>', { scripts: true })),
        );
        await new Promise((resolve) => setTimeout(resolve, 100));
        await other.engine.close();
        expect(await pending).toBe('SHUTTING_DOWN');
        expect(await codeOf(other.engine.print(printRequest('<p>x')))).toBe('SHUTTING_DOWN');
        expect(other.engine.status().state).toBe('closed');
        await other.dispose();
      });
    });
  });
}

function billionLaughs(): string {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const uses = `<use href="#l${level}"/>`.repeat(10);
    return `<g id="l${level + 1}">${uses}</g>`;
  });
  return `<!doctype html><svg width="100" height="100"><defs><rect id="l0" width="1" height="1"/>${levels.join('')}</defs><use href="#l12"/></svg>`;
}
