import { describe, expect, it } from 'vitest';
import { markedText } from '../../../../core/pdf/content/marked-text.ts';
import { ToUnicode } from '../../../../core/pdf/content/to-unicode.ts';

const cmap = `1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <0041> <0002> <D83DDE00> endbfchar
2 beginbfrange <0010> <0012> <0061> <0020> <0021> [<00660069> <0078>] endbfrange`;
const font = new ToUnicode(Buffer.from(cmap), 2);

const textsOf = (content: string): (readonly [number, string])[] =>
  [...markedText(Buffer.from(content), () => font)].map(([mcid, { text }]) => [mcid, text] as const);

describe('ToUnicode', () => {
  it('reads single codes, ranges, lists, ligatures and characters beyond the basic plane', () => {
    expect(font.textOf(Buffer.from('0001000200100011001200200021', 'hex'))).toBe('A😀abcfix');
  });

  it('leaves out codes that stand for nothing', () => {
    expect(font.textOf(Buffer.from('00010fff0001', 'hex'))).toBe('AA');
  });

  it('does not fill the memory for a range that a hostile font states', () => {
    const wide = new ToUnicode(Buffer.from('beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange'), 2);
    expect(wide.textOf(Buffer.from('0000', 'hex'))).toBe('A');
  });
});

describe('markedText', () => {
  it('joins the strings of a piece of content, and its lines with a space', () => {
    const content = `/P <</MCID 4>>BDC BT /F 10 Tf 1 0 0 -1 0 20 Tm <0001> Tj 5 0 Td [<0010> 3 <0011>] TJ ET
      BT 1 0 0 -1 0 40 Tm <0012> Tj ET EMC BT <0001> Tj ET`;
    expect(textsOf(content)).toEqual([[4, 'Aab c']]);
  });

  it('takes a raised letter for the same line', () => {
    expect(textsOf('/P <</MCID 0>>BDC BT /F 10 Tf <0001> Tj 0 4 Td <0010> Tj ET EMC')).toEqual([[0, 'Aa']]);
  });

  it('tells where content begins through all transformations', () => {
    const content =
      '.5 0 0 -.5 0 800 cm q 2 0 0 2 10 20 cm /P <</MCID 0>>BDC BT /F 1 Tf 1 0 0 -1 5 50 Tm <0001> Tj ET EMC Q';
    expect(markedText(Buffer.from(content), () => font).get(0)?.place).toEqual({ x: 10, y: 740 });
  });
});
