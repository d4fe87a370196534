import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeAnchor } from '../../../../core/pdf/finish/anchor.ts';
import { appendRevision } from '../../../../core/pdf/revision/append.ts';
import { wholePdf } from '../../../../core/pdf/references/print-until-still.ts';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { openTestEngine, type TestEngine } from '../../../support/engine-folders.ts';
import { printRequest } from '../../../support/engine-requests.ts';

let engine: TestEngine;

beforeAll(() => {
  engine = openTestEngine({ concurrency: 1 });
});
afterAll(() => engine.dispose());

const STYLE =
  '<!doctype html><style>@page { size: 600px 800px; margin: 50px } body { margin: 0 } .box { width: 200px; height: 60px; margin-left: 30px }</style>';

async function print(body: string, anchor: string, tagged = false) {
  const request = printRequest(STYLE + body);
  const { pdf } = await engine.engine.print({
    ...request,
    anchor,
    settings: { ...request.settings, tagged, preferCssPageSize: true },
  });
  return PdfDocument.open(memorySource(await wholePdf(pdf)));
}

describe('the anchor of a visible signature', () => {
  it('is the box of the element on its page, in points', async () => {
    const document = await print(
      '<p style="height:900px">x</p><div id="s" class="box">Sign here</div>',
      '#s',
    );
    const box = takeAnchor(document);
    expect(box?.page).toBe(2);
    // 50 px of margin and 30 px more are 60 points; 200 by 60 px are 150 by 45 points.
    expect(box?.x).toBeCloseTo(60, 0);
    expect(box?.width).toBeCloseTo(150, 0);
    expect(box?.height).toBeCloseTo(45, 0);
  });

  it.each([false, true])('leaves no trace in the file (tagged: %s)', async (tagged) => {
    const document = await print('<p>text</p><div id="s" class="box">Sign here</div>', '#s', tagged);
    expect(takeAnchor(document)).toBeDefined();
    const again = PdfDocument.open(memorySource(Buffer.concat([...appendRevision(document)])));
    const objects = [...again.reader.objectNumbers()].map((number) => again.get(number));
    const [page] = again.pages();
    expect(page?.dict.has('Annots')).toBe(false);
    expect(JSON.stringify(objects)).not.toContain('anchor.influxion.invalid');
    expect(takeAnchor(again)).toBeUndefined();
  });

  it.each([
    ['#missing', /no element of the document matches "#missing"/],
    ['<<', /"<<" is no CSS selector/],
  ])('says that %s names nothing', async (selector, why) => {
    await expect(print('<p>text</p>', selector)).rejects.toThrow(why);
    // The page that refused is no page lost for the next document.
    await expect(print('<div id="s" class="box">x</div>', '#s')).resolves.toBeDefined();
  });
});
