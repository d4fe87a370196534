import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../../../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../../../../core/pdf/revision/document.ts';
import { serialize } from '../../../../../core/pdf/revision/serialize.ts';
import { Findings } from '../../../../../core/pdf/standards/findings.ts';
import { standardsFrom } from '../../../../../core/pdf/standards/model.ts';
import { TextCheck } from '../../../../../core/pdf/standards/fonts/check-text.ts';
import { repairStructure } from '../../../../../core/pdf/standards/structure/repair.ts';
import type { PdfStandard } from '../../../../../contract/standard.ts';
import { conformed, conformPlan } from '../../../../support/conformed.ts';
import { buildPdf, onePage } from '../../../../support/pdf-builder.ts';
import { elementsOf, taggedPage, treeOf, type TagTree } from '../../../../support/tagged-page.ts';

function repaired(
  tree: TagTree,
  standard: PdfStandard = 'pdf/ua-1',
): { document: PdfDocument; findings: Findings } {
  const document = PdfDocument.open(memorySource(taggedPage(tree)));
  const findings = new Findings();
  const standards = standardsFrom([standard]);
  repairStructure(document, {
    standards,
    findings,
    text: new TextCheck(document, standards, new Findings()),
  });
  const bytes = Buffer.concat([...compactCopy(document, { objectStreams: true })]);
  return { document: PdfDocument.open(memorySource(bytes)), findings };
}

const settled = (tree: TagTree, standard?: PdfStandard): unknown => treeOf(repaired(tree, standard).document);

describe('settle', () => {
  it('gives text to its paragraph, heading or cell, and loose lines a paragraph', () => {
    const tree: TagTree = [
      'Document',
      ['H1', ['NonStruct', 'a']],
      ['NonStruct', 'b'],
      ['NonStruct', 'c'],
      ['P', ['NonStruct', 'd']],
    ];
    expect(settled(tree)).toEqual(['Document', ['H1', 0], ['P', 1, 2], ['P', 3]]);
  });

  it('keeps boxes apart that stand side by side', () => {
    const tree: TagTree = ['Document', ['NonStruct', ['NonStruct', 'a']], ['NonStruct', ['NonStruct', 'b']]];
    expect(settled(tree)).toEqual(['Document', ['P', 0], ['P', 1]]);
  });

  it('makes a group of a box with blocks, and drops one with a single block', () => {
    const block: TagTree = ['H1', ['NonStruct', 'a']];
    expect(settled(['Document', ['NonStruct', block, ['NonStruct', 'b']]])).toEqual([
      'Document',
      ['Div', ['H1', 0], ['P', 1]],
    ]);
    expect(settled(['Document', ['NonStruct', ['NonStruct', block]]])).toEqual(['Document', ['H1', 0]]);
  });

  it('keeps the language of words as a span', () => {
    const tree: TagTree = ['Document', ['P', ['NonStruct', 'a'], ['NonStruct', { Lang: '(de_AT)' }, 'b']]];
    const { document } = repaired(tree);
    expect(treeOf(document)).toEqual(['Document', ['P', 0, ['Span', 1]]]);
    expect(serialize(elementsOf(document, 'Span')[0]?.get('Lang') ?? null)).toBe('(de-AT)');
  });

  it('puts everything but the marker of a list item into its body, nested lists too', () => {
    const inner: TagTree = ['L', ['LI', ['Lbl', 'c'], ['NonStruct', 'd']]];
    const tree: TagTree = [
      'Document',
      ['L', ['LI', ['Lbl', 'a'], ['NonStruct', 'b'], inner], ['P', ['NonStruct', 'e']]],
    ];
    expect(settled(tree)).toEqual([
      'Document',
      [
        'L',
        ['LI', ['Lbl', 0], ['LBody', 1, ['L', ['LI', ['Lbl', 2], ['LBody', 3]]]]],
        ['LI', ['LBody', ['P', 4]]],
      ],
    ]);
  });

  it('finds list items and rows behind boxes', () => {
    const list: TagTree = ['L', ['NonStruct', ['LI', ['NonStruct', 'a']], ['LI', ['NonStruct', 'b']]]];
    const table: TagTree = [
      'Table',
      ['NonStruct', ['TR', ['TD', ['NonStruct', 'c']]], ['TR', ['TD', ['NonStruct', 'd']]]],
    ];
    expect(settled(['Document', list, table])).toEqual([
      'Document',
      ['L', ['LI', ['LBody', 0]], ['LI', ['LBody', 1]]],
      ['Table', ['TR', ['TD', 2]], ['TR', ['TD', 3]]],
    ]);
  });

  it('moves a caption to the head of its table and gives strangers a cell', () => {
    const tree: TagTree = ['Table', ['TR', ['TD', 'a']], ['NonStruct', 'b'], ['Caption', ['NonStruct', 'c']]];
    expect(settled(['Document', tree])).toEqual([
      'Document',
      ['Table', ['Caption', 2], ['TR', ['TD', 0]], ['TR', ['TD', 1]]],
    ]);
  });

  it('fills the holes of a table and cuts spans that reach too far', () => {
    const span = (key: string, value: number): Record<string, string> => ({
      A: `[<</O /Table\n/${key} ${value}>>]`,
    });
    const tree: TagTree = [
      'Table',
      ['TR', ['TD', 'a'], ['TD', 'b'], ['TD', span('RowSpan', 9), 'c']],
      ['TR', ['TD', 'd']],
      ['TR', ['TD', span('ColSpan', 5), 'e']],
    ];
    const { document } = repaired(['Document', tree]);
    expect(treeOf(document)).toEqual([
      'Document',
      ['Table', ['TR', ['TD', 0], ['TD', 1], ['TD', 2]], ['TR', ['TD', 3], ['TD']], ['TR', ['TD', 4]]],
    ]);
    const attributes = elementsOf(document, 'TD').map((cell) => serialize(cell.get('A') ?? null));
    expect(attributes).toContain('<</O /Table\n/RowSpan 3>>');
    expect(attributes).toContain('<</O /Table\n/ColSpan 2>>');
  });

  it('splits ruby into pairs of base and annotation', () => {
    const tree: TagTree = [
      'P',
      [
        'Ruby',
        ['NonStruct', 'a'],
        ['RT', ['NonStruct', 'b']],
        ['NonStruct', 'c'],
        ['RT', ['NonStruct', 'd']],
      ],
    ];
    expect(settled(['Document', tree])).toEqual([
      'Document',
      ['P', ['Ruby', ['RB', 0], ['RT', 1]], ['Ruby', ['RB', 2], ['RT', 3]]],
    ]);
  });

  it('gives the figure around one picture its alternative text, and makes a section of others', () => {
    const picture: TagTree = ['Figure', { Alt: '(Bars)' }, 'a'];
    const { document } = repaired(['Document', ['Figure', picture, ['Caption', ['NonStruct', 'b']]]]);
    expect(treeOf(document)).toEqual(['Document', ['Figure', 0, ['Caption', 1]]]);
    expect(serialize(elementsOf(document, 'Figure')[0]?.get('Alt') ?? null)).toBe('(Bars)');
    expect(settled(['Document', ['Figure', picture, picture]])).toEqual([
      'Document',
      ['Sect', ['Figure', 0], ['Figure', 1]],
    ]);
  });

  it('lets no block stand in a heading, a form or a paragraph', () => {
    const block: TagTree = ['P', ['NonStruct', 'a']];
    expect(settled(['Document', ['H1', ['Div', block]]])).toEqual(['Document', ['H1', 0]]);
    expect(settled(['Document', ['Form', { A: '<</O/PrintField/Role/pb>>' }, ['Div', block]]])).toEqual([
      'Document',
      ['Form', ['Div', ['P', 0]]],
    ]);
    expect(settled(['Document', ['P', ['NonStruct', 'x'], ['H1', ['NonStruct', 'a']]]])).toEqual([
      'Document',
      ['Div', ['P', 0], ['H1', 1]],
    ]);
  });

  it('makes text of a link that leads nowhere', () => {
    expect(settled(['Document', ['P', ['Link', ['NonStruct', 'a']]]])).toEqual(['Document', ['P', 0]]);
  });

  it('puts several tops, and tops that are no document, under one', () => {
    expect(settled(['P', 'a'])).toEqual(['Document', ['P', 0]]);
  });

  it('maps the types of PDF 2.0 in older files, and says their namespace in PDF 2.0', () => {
    const tree: TagTree = ['Document', ['P', ['Em', 'a']], ['BlockQuote', ['P', 'b']]];
    const old = repaired(tree).document;
    const map = old.dictAt(old.dictAt(old.root, 'StructTreeRoot'), 'RoleMap');
    expect(serialize(map ?? null)).toBe('<</Em /Span>>');
    const { document } = repaired(tree, 'pdf/ua-2');
    const url = (type: string): string =>
      serialize(document.dictAt(elementsOf(document, type)[0], 'NS')?.get('NS') ?? null);
    expect([url('Document'), url('Em')]).toEqual(Array(2).fill('(http://iso.org/pdf2/ssn)'));
    expect(url('BlockQuote')).toBe('(http://iso.org/pdf/ssn)');
  });

  it('groups the rows of a table that is too long for an array of PDF/A-1, and says there what a group is', () => {
    const rows = Array.from({ length: 8_200 }, (): TagTree => ['TR', ['TD']]);
    const { document } = repaired(['Document', ['Table', ...rows]], 'pdf/a-1a');
    expect(elementsOf(document, 'TBody')).toHaveLength(3);
    const map = document.dictAt(document.dictAt(document.root, 'StructTreeRoot'), 'RoleMap');
    expect(serialize(map ?? null)).toBe('<</TBody /NonStruct>>');
  });

  it('does not run on in trees that are circles, or name elements twice', () => {
    const tree: TagTree = ['Document', { K: '[100 0 R 101 0 R 101 0 R 999 0 R 5 0 R]' }, ['P', 'a']];
    expect(settled(tree)).toEqual(['Document', ['P', 0]]);
  });

  it('is not slow with very many boxes in one place', () => {
    const boxes = Array.from({ length: 20_000 }, (): TagTree => ['NonStruct', ['NonStruct', 'a']]);
    const tree = settled(['Document', ...boxes]) as unknown[];
    expect(tree).toHaveLength(20_001);
  });
});

describe('a document without structure', () => {
  const conformedPage = async (content: string): Promise<unknown> =>
    treeOf((await conformed(buildPdf(onePage(content)), conformPlan(['pdf/a-2a']))).document);

  it('gets an empty one when it shows nothing but lines', async () => {
    await expect(conformedPage('0 0 9 9 re f')).resolves.toEqual(['Document']);
  });

  it('is refused when it shows text, which nobody could read aloud', async () => {
    await expect(conformedPage('BT /F1 9 Tf (a) Tj ET')).rejects.toMatchObject({ code: 'STANDARD_NOT_MET' });
  });
});

describe('faults of the author', () => {
  const faultsOf = (tree: TagTree, standard: PdfStandard): unknown => {
    try {
      repaired(tree, standard).findings.verify();
      return [];
    } catch (error) {
      return (error as { details: { violations: unknown } }).details.violations;
    }
  };

  it('names heading jumps with their words and page, only where the standard forbids them', () => {
    const tree: TagTree = ['Document', ['H1', 'One'], ['H3', 'Three']];
    expect(faultsOf(tree, 'pdf/ua-1')).toMatchObject([
      {
        rule: '7.4.2-1',
        page: 1,
        message: 'The heading "Three" is of level 3, but the one before it is of level 1.',
      },
    ]);
    expect(faultsOf(tree, 'pdf/ua-2')).toEqual([]);
    expect(faultsOf(['Document', ['H2', 'Two']], 'pdf/ua-1')).toMatchObject([{ rule: '7.4.2-1' }]);
  });

  it('names pictures without alternative text', () => {
    const tree: TagTree = ['Document', ['Figure', 'a']];
    expect(faultsOf(tree, 'pdf/ua-1')).toMatchObject([{ standard: 'pdf/ua-1', rule: '7.3-1', page: 1 }]);
    expect(faultsOf(tree, 'pdf/ua-2')).toMatchObject([{ standard: 'pdf/ua-2', rule: '8.2.5.28.2-1' }]);
    expect(faultsOf(tree, 'pdf/a-2a')).toEqual([]);
  });

  it('names languages that are none, by the letters that the level allows', () => {
    const tree = (lang: string): TagTree => ['Document', ['P', { Lang: `(${lang})` }, 'a']];
    expect(faultsOf(tree('not a language'), 'pdf/a-2a')).toMatchObject([{ rule: '6.7.4-1', page: 1 }]);
    expect(faultsOf(tree('es-419'), 'pdf/a-2a')).toEqual([]);
    expect(faultsOf(tree('es-419'), 'pdf/a-1a')).toMatchObject([{ rule: '6.8.4-1' }]);
  });
});
