/** What Chromium really prints, tagged, before and after the repair. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../../core/pdf/revision/document.ts';
import type { PdfString } from '../../../../../core/pdf/revision/objects.ts';
import { PdfDict, PdfRef, PdfStream } from '../../../../../core/pdf/revision/objects.ts';
import { textOf } from '../../../../../core/pdf/revision/text-string.ts';
import { ContentScanner, operator } from '../../../../../core/pdf/content/content-scanner.ts';
import { pageContent } from '../../../../../core/pdf/content/page-content.ts';
import { conformed, conformPlan } from '../../../../support/conformed.ts';
import { openTestEngine, type TestEngine } from '../../../../support/engine-folders.ts';
import { printRequest, svgAsset, wholePdf } from '../../../../support/engine-requests.ts';
import { elementsOf, treeOf } from '../../../../support/tagged-page.ts';

const fixtures = path.join(import.meta.dirname, '../../../../fixtures/standards');

let engine: TestEngine;
beforeAll(() => {
  engine = openTestEngine();
});
afterAll(() => engine.dispose());

async function printed(name: string): Promise<Uint8Array> {
  const html = readFileSync(path.join(fixtures, `${name}.html`), 'utf8');
  const footerHtml = '<div style="font-size: 9px">Foot <span class="pageNumber"></span></div>';
  const settings = { tagged: true, outline: true, footerHtml };
  const { pdf } = await engine.engine.print(printRequest(html, { settings, assets: () => svgAsset(60) }));
  return wholePdf(pdf);
}

async function repaired(name: string, ...levels: string[]): Promise<PdfDocument> {
  return (await conformed(await printed(name), conformPlan(levels))).document;
}

/** Operations that paint outside any marked content, of all pages. */
function unmarked(document: PdfDocument): string[] {
  const found: string[] = [];
  for (const { dict } of document.pages()) {
    const scanner = new ContentScanner(pageContent(document, dict));
    let depth = 0;
    while (scanner.next()) {
      if (scanner.code === operator('BDC') || scanner.code === operator('BMC')) depth += 1;
      else if (scanner.code === operator('EMC')) depth -= 1;
      else if (depth === 0 && PAINTS.has(scanner.code)) found.push(String(scanner.code));
    }
    expect(depth).toBe(0);
  }
  return found;
}

const PAINTS = new Set(['f', 'F', 'f*', 'S', 's', 'B', 'b', 'Tj', 'TJ', 'sh', 'Do'].map(operator));

/** MCIDs that the parent tree leads to, against those that elements have: both as `page mcid element`. */
function ownership(document: PdfDocument): { claimed: string[]; led: string[] } {
  const claimed: string[] = [];
  const led: string[] = [];
  const nums = document.arrayAt(
    document.dictAt(document.dictAt(document.root, 'StructTreeRoot'), 'ParentTree'),
    'Nums',
  );
  const parents = new Map<number, PdfRef[]>();
  for (let at = 0; nums !== undefined && at < nums.length; at += 2) {
    const list = document.resolve(nums[at + 1]);
    if (Array.isArray(list)) parents.set(nums[at] as number, list as PdfRef[]);
  }
  for (const { ref, dict } of document.pages()) {
    const list = parents.get(document.numberAt(dict, 'StructParents') ?? -1) ?? [];
    list.forEach(
      (parent, mcid) => parent instanceof PdfRef && led.push(`${ref.number} ${mcid} ${parent.number}`),
    );
  }
  const walk = (ref: PdfRef): void => {
    const element = document.get(ref.number) as PdfDict;
    const page = element.get('Pg') as PdfRef | undefined;
    const k = element.get('K') ?? [];
    for (const kid of Array.isArray(k) ? k : [k]) {
      if (typeof kid === 'number') claimed.push(`${page?.number ?? 0} ${kid} ${ref.number}`);
      else if (kid instanceof PdfRef) walk(kid);
      else if (kid instanceof PdfDict && kid.nameAt('Type') === 'MCR' && !kid.has('Stm')) {
        claimed.push(
          `${(kid.get('Pg') as PdfRef | undefined)?.number ?? page?.number ?? 0} ${document.numberAt(kid, 'MCID') ?? -1} ${ref.number}`,
        );
      }
    }
  };
  walk(document.dictAt(document.root, 'StructTreeRoot')?.get('K') as PdfRef);
  return { claimed: claimed.sort(), led: led.sort() };
}

describe('a printed document', () => {
  it.each(['margin-boxes', 'rules-underlines', 'backgrounds', 'invoice-like', 'long-document'])(
    '%s paints nothing that is neither content nor artifact, and its parent tree knows all content',
    async (name) => {
      const pdf = await printed(name);
      expect(unmarked(PdfDocument.open(memorySource(pdf))).length).toBeGreaterThan(0);
      const { document } = await conformed(pdf, conformPlan(['pdf/a-2a', 'pdf/ua-1']));
      expect(unmarked(document)).toEqual([]);
      const { claimed, led } = ownership(document);
      expect(claimed.length).toBeGreaterThan(3);
      expect(claimed).toEqual(led);
    },
  );

  it('says in its links what they show, over lines and pictures', async () => {
    const document = await repaired('links', 'pdf/ua-1');
    const contents = [...document.pages()]
      .flatMap(({ dict }) => document.arrayAt(dict, 'Annots') ?? [])
      .map((ref) => textOf(document.dictAt(new PdfDict([['a', ref]]), 'a')?.get('Contents') as PdfString));
    expect(contents).toEqual(
      expect.arrayContaining([
        'the example site',
        'the part below',
        'Chart that leads to the site',
        'it has many words so that it needs more than one line of this narrow column and gives two or three rectangles on the page',
        'Bold and slanted',
        'Größe — „Maß“',
      ]),
    );
  });

  it('leads its links and outline to elements in PDF/UA-2, and has no named destinations', async () => {
    const document = await repaired('toc-outline', 'pdf/a-4', 'pdf/ua-2');
    expect(document.root.has('Dests')).toBe(false);
    const targetOf = (holder: PdfDict | undefined): string | undefined => {
      const sd = document.arrayAt(document.dictAt(holder, 'A'), 'SD');
      const element = document.resolve(sd?.[0]);
      return element instanceof PdfDict ? element.nameAt('S') : undefined;
    };
    const first = document.dictAt(document.dictAt(document.root, 'Outlines'), 'First');
    expect(targetOf(first)).toBe('H1');
    expect(targetOf(document.dictAt(first, 'First'))).toBe('H2');
    const links = [...document.pages()].flatMap(({ dict }) => document.arrayAt(dict, 'Annots') ?? []);
    const targets = links.map((link) => targetOf(document.resolve(link) as PdfDict));
    expect(targets.slice(0, 3)).toEqual(['H2', 'H3', 'H2']);
  });

  it('owns the marks in form XObjects, and shows none of them twice', async () => {
    const document = await repaired('transparency', 'pdf/a-2a', 'pdf/ua-1');
    expect(elementsOf(document, 'H1')).toHaveLength(1);
    const marked = [...document.reader.objectNumbers()].filter((number) => {
      const object = document.get(number);
      return object instanceof PdfStream && object.dict.has('StructParents');
    });
    expect(marked.length).toBeGreaterThan(1);
    const shown = new Map<number, number>();
    for (const number of document.reader.objectNumbers()) {
      const object = document.get(number);
      const holder = object instanceof PdfStream ? object.dict : object;
      if (!(holder instanceof PdfDict)) continue;
      const xobjects = document.dictAt(document.dictAt(holder, 'Resources'), 'XObject');
      const bytes =
        object instanceof PdfStream && holder.nameAt('Subtype') === 'Form'
          ? document.decodedBytes(object)
          : holder.nameAt('Type') === 'Page'
            ? pageContent(document, holder)
            : new Uint8Array(0);
      const scanner = new ContentScanner(bytes);
      while (scanner.next()) {
        const ref = scanner.code === operator('Do') ? xobjects?.get(scanner.name()) : undefined;
        if (ref instanceof PdfRef) shown.set(ref.number, (shown.get(ref.number) ?? 0) + 1);
      }
    }
    expect(marked.map((number) => shown.get(number) ?? 0).filter((times) => times > 1)).toEqual([]);
  });

  it('has items, rows, captions and controls where they belong', async () => {
    const tree = JSON.stringify(treeOf(await repaired('nested-lists', 'pdf/ua-1')));
    expect(tree).not.toContain('NonStruct');
    expect(tree).toMatch(/\["LI",\["Lbl",\d+\],\["LBody",\d+,\["L",/);
    const figures = treeOf(await repaired('figures', 'pdf/ua-2'));
    expect(JSON.stringify(figures)).toMatch(/\["Figure",\d+,\["Caption",\d+\]\]/);
  });
});
