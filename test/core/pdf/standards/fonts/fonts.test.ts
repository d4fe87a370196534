import { describe, expect, it } from 'vitest';
import { pageStreams } from '../../../../../core/pdf/content/content-parts.ts';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../../core/pdf/revision/document.ts';
import { Findings } from '../../../../../core/pdf/standards/findings.ts';
import { explainPrivateText } from '../../../../../core/pdf/standards/fonts/explain-private.ts';
import { standardsFrom } from '../../../../../core/pdf/standards/model.ts';
import { standardOf } from '../../../../../contract/standard.ts';
import { PdfDict } from '../../../../../core/pdf/revision/objects.ts';
import { conformed, conformPlan } from '../../../../support/conformed.ts';
import { pageWithFont } from '../../../../support/font-builder.ts';
import { buildPdf } from '../../../../support/pdf-builder.ts';

const print = (shown: string) => buildPdf(pageWithFont(`q BT /F1 12 Tf ${shown} ET Q`));

describe('text that is shown', () => {
  it('fails with page, rule and words when a character has no glyph', async () => {
    await expect(conformed(print('<000100020000> Tj'), conformPlan(['pdf/a-2b']))).rejects.toMatchObject({
      code: 'STANDARD_NOT_MET',
      message: expect.stringContaining('Page 1: No font here has one of the characters') as string,
      details: {
        rule: '6.2.11.8-1',
        page: 1,
        violations: [{ standard: 'pdf/a-2b', message: expect.stringContaining('A □') as string, count: 1 }],
      },
    });
  });

  it.each([
    ['pdf/a-3b', '6.2.11.8-1'],
    ['pdf/a-4', '6.2.10.9-1'],
    ['pdf/ua-1', '7.21.8-1'],
  ])('names the rule of %s', async (standard, rule) => {
    await expect(conformed(print('[<0001> -20 <0000>] TJ'), conformPlan([standard]))).rejects.toMatchObject({
      details: { rule },
    });
  });

  it('takes two bytes for one code: 0100 and 0001 in a row are no missing character', async () => {
    await expect(conformed(print('<00010001> Tj'), conformPlan(['pdf/a-2b']))).resolves.toBeDefined();
    await expect(conformed(print('<0100> Tj <0001> Tj'), conformPlan(['pdf/a-2b']))).resolves.toBeDefined();
  });

  it('lets PDF/A-1b show the glyph of missing characters, which that level does not forbid', async () => {
    await expect(conformed(print('<0000> Tj'), conformPlan(['pdf/a-1b']))).resolves.toBeDefined();
  });

  it('asks the levels with Unicode what each sign stands for', async () => {
    const shown = print('<00010003> Tj');
    await expect(conformed(shown, conformPlan(['pdf/a-2b']))).resolves.toBeDefined();
    await expect(conformed(shown, conformPlan(['pdf/a-2u']))).rejects.toMatchObject({
      details: { rule: '6.2.11.7.2-1', page: 1 },
    });
  });

  it('sees text in forms that the page paints', async () => {
    const objects = pageWithFont('/X1 Do').map((object) =>
      object.number === 3
        ? { ...object, body: object.body.replace('/Resources<<', '/Resources<</XObject<</X1 20 0 R>>') }
        : object,
    );
    const content = 'BT /F1 9 Tf <0000> Tj ET';
    const form = `<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 10 0 R>>>>/Length ${content.length}>>\nstream\n${content}\nendstream`;
    const pdf = buildPdf([...objects, { number: 20, body: form }]);
    await expect(conformed(pdf, conformPlan(['pdf/a-2b']))).rejects.toMatchObject({ details: { page: 1 } });
  });
});

describe('parts of clusters, which stand for no character of their own', () => {
  const pdf = (shown: string) =>
    buildPdf(
      pageWithFont(`q BT /F1 12 Tf ${shown} ET Q`).map((object) => ({
        ...object,
        body: object.body.replace('<0001> <0041>', '<0001> <0000>'),
      })),
    );
  const cluster = '/Span<</ActualText<FEFF0928093F>>>BDC <0001> Tj EMC';

  it('are mapped to nothing that is seen where an ActualText says what the cluster is', async () => {
    const { document } = await conformed(pdf(cluster), conformPlan(['pdf/a-2u']));
    const stream = document.streamAt(document.get(10) as PdfDict, 'ToUnicode');
    if (stream === undefined) throw new Error('There is no ToUnicode');
    expect(Buffer.from(document.decodedBytes(stream)).toString('latin1')).toContain('<0001> <200B>');
  });

  it('are refused where nothing says what they mean', async () => {
    await expect(conformed(pdf(`${cluster} <0001> Tj`), conformPlan(['pdf/a-2u']))).rejects.toMatchObject({
      details: { rule: '6.2.11.7.2-2' },
    });
  });
});

describe('signs of icon fonts', () => {
  const explained = (content: string, level: string) => {
    const document = PdfDocument.open(memorySource(buildPdf(pageWithFont(content))));
    const findings = new Findings();
    const name = standardOf(level);
    explainPrivateText(document, standardsFrom(name === undefined ? [] : [name]), findings);
    const [page] = document.pages();
    const contents = page === undefined ? [] : pageStreams(document, page.dict);
    const text = contents.map((stream) => Buffer.from(document.decodedBytes(stream)).toString('latin1'));
    return { text: text.join(''), warnings: findings.warnings };
  };
  const shown = 'BT /F1 9 Tf <00010004> Tj <0001> Tj ET';

  it('get the text of what is around them, and the job says so', () => {
    const { text, warnings } = explained(shown, 'pdf/a-2a');
    expect(text).toBe('BT /F1 9 Tf /Span <</ActualText (A)>> BDC <00010004> Tj EMC <0001> Tj ET');
    expect(warnings).toMatchObject([{ code: 'STANDARD_REPAIRED', page: 1 }]);
  });

  it('keep the text that they have, and are left alone where no rule asks', () => {
    const named = `/Span <</ActualText (Home)>> BDC ${shown} EMC`;
    expect(explained(named, 'pdf/a-2a')).toEqual({ text: named, warnings: [] });
    expect(explained(shown, 'pdf/a-2u').text).toBe(shown);
  });
});

describe('CIDSet', () => {
  const setOf = async (level: string) => {
    const { document } = await conformed(print('<0001> Tj'), conformPlan([level]));
    const descriptor = document.get(13);
    const stream = document.streamAt(descriptor instanceof PdfDict ? descriptor : undefined, 'CIDSet');
    return stream && [...document.decodedBytes(stream)];
  };

  it('has a bit for each glyph, also for one that draws nothing but is used', async () => {
    expect(await setOf('pdf/a-1b')).toEqual([0b1111_1000]);
  });

  it('is left out where it is not asked for, since an incomplete one breaks the later parts', async () => {
    expect(await setOf('pdf/a-2b')).toBeUndefined();
  });
});
