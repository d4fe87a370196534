import { describe, expect, it } from 'vitest';
import { ContentReader } from '../../../../core/pdf/content/content-reader.ts';
import { name, PdfDict } from '../../../../core/pdf/revision/objects.ts';

function operations(text: string) {
  const reader = new ContentReader(Buffer.from(text, 'latin1'));
  const found: { operator: string; operands: unknown[]; text: string }[] = [];
  while (reader.next()) {
    const { operator, operands, start, end } = reader;
    found.push({ operator, operands, text: text.slice(start, end) });
  }
  return found;
}

describe('content streams', () => {
  it('gives operators with operands and their places', () => {
    expect(
      operations('q 1 0 0 1 10 .5 cm\n/P <</MCID 0>> BDC\n% a comment\n[(a) -5 <62>] TJ true x'),
    ).toEqual([
      { operator: 'q', operands: [], text: 'q' },
      { operator: 'cm', operands: [1, 0, 0, 1, 10, 0.5], text: '1 0 0 1 10 .5 cm' },
      { operator: 'BDC', operands: [name('P'), new PdfDict([['MCID', 0]])], text: '/P <</MCID 0>> BDC' },
      expect.objectContaining({ operator: 'TJ' }),
      { operator: 'x', operands: [true], text: 'true x' },
    ]);
  });

  it('takes an inline image as one operation, whatever its bytes', () => {
    const found = operations('BI /W 1 /H 1 ID \x00EIq( EI Q');
    expect(found.map(({ operator }) => operator)).toEqual(['EI', 'Q']);
    expect(found[0]?.operands).toEqual([
      new PdfDict([
        ['W', 1],
        ['H', 1],
      ]),
    ]);
  });

  it('refuses a stream of operands without an operator', () => {
    expect(() => operations('1 '.repeat(20_000))).toThrow(/too many operands/);
  });
});
