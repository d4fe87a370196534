import { describe, expect, it } from 'vitest';
import { PdfDict } from '../../../../core/pdf/revision/objects.ts';
import { serialize } from '../../../../core/pdf/revision/serialize.ts';
import { conformed, conformPlan } from '../../../support/conformed.ts';
import { buildPdf, onePage } from '../../../support/pdf-builder.ts';
import { taggedPage } from '../../../support/tagged-page.ts';

const sized = (box: string): Buffer =>
  buildPdf(onePage().map((object) => ({ ...object, body: object.body.replace('[0 0 595 842]', box) })));

describe('the size of pages', () => {
  it.each(['[0 0 2 842]', '[0 0 595 14401]', '[0 14401 595 0]'])('%s is refused by PDF/A-2', async (box) => {
    await expect(conformed(sized(box), conformPlan(['pdf/a-2b']))).rejects.toMatchObject({
      details: { rule: '6.1.13-11', page: 1 },
    });
  });

  it('is free in PDF/A-1 and PDF/A-4', async () => {
    for (const level of ['pdf/a-1b', 'pdf/a-4']) {
      await expect(conformed(sized('[0 0 595 20000]'), conformPlan([level]))).resolves.toBeDefined();
    }
  });
});

describe('links with a long address', () => {
  const link = (bytes: number): Buffer =>
    buildPdf([
      ...onePage().map((object) =>
        object.number === 3
          ? { ...object, body: object.body.replace('/Type/Page', '/Type/Page/Annots[9 0 R]') }
          : object,
      ),
      {
        number: 9,
        body: `<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(${'x'.repeat(bytes)})>>>>`,
      },
    ]);

  const hasAction = async (bytes: number, level: string): Promise<boolean> => {
    const { document, warnings } = await conformed(link(bytes), conformPlan([level]));
    const annotation = document.get(9);
    const has = annotation instanceof PdfDict && annotation.has('A');
    expect(warnings.map(({ code, page }) => [code, page])).toEqual(has ? [] : [['STANDARD_REPAIRED', 1]]);
    return has;
  };

  it('lose it where strings must be shorter, and the job says so', async () => {
    expect(await hasAction(32_767, 'pdf/a-2b')).toBe(true);
    expect(await hasAction(32_768, 'pdf/a-2b')).toBe(false);
    expect(await hasAction(65_535, 'pdf/a-1b')).toBe(true);
    expect(await hasAction(65_536, 'pdf/a-1b')).toBe(false);
    expect(await hasAction(70_000, 'pdf/a-4')).toBe(true);
  });
});

describe('title and language', () => {
  const facts = { title: undefined, language: undefined };
  const plan = (level: string) => {
    const base = conformPlan([level]);
    return { ...base, metadata: { ...base.metadata, ...facts } };
  };

  it('are required by PDF/UA, each with its rule', async () => {
    await expect(conformed(taggedPage(['Document']), plan('pdf/ua-1'))).rejects.toMatchObject({
      details: {
        hint: expect.stringContaining('<title>') as string,
        violations: [{ rule: '7.1-9' }, { rule: '7.2-34' }],
      },
    });
    await expect(conformed(buildPdf(onePage()), plan('pdf/a-2b'))).resolves.toBeDefined();
  });

  it('a region of digits is left out in PDF/A-1', async () => {
    const base = conformPlan(['pdf/a-1b']);
    const { document } = await conformed(buildPdf(onePage()), {
      ...base,
      metadata: { ...base.metadata, language: 'es-419' },
    });
    expect(serialize(document.root.get('Lang') ?? null)).toBe('(es)');
  });
});
