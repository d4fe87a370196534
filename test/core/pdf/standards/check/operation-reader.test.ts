/** The operations of a content stream as the checker reads them: what it need not parse says the same as when it is parsed. */
import { expect, test } from 'vitest';
import { ContentReader } from '../../../../../core/pdf/content/content-reader.ts';
import { operator } from '../../../../../core/pdf/content/content-scanner.ts';
import { PdfSyntaxError } from '../../../../../core/pdf/revision/lexer.ts';
import { PdfName, PdfString } from '../../../../../core/pdf/revision/objects.ts';
import { OperationReader } from '../../../../../core/pdf/standards/check/content/operation-reader.ts';

/** What a rule asks of each operation; and of its end, whether it was broken. */
function told(content: string): string[] {
  const reader = new OperationReader(Buffer.from(content, 'latin1'));
  const lines: string[] = [];
  try {
    while (reader.next()) {
      const shown: string[] = [];
      const any = reader.shown((bytes, length) =>
        shown.push(Buffer.from(bytes.subarray(0, length)).toString('hex')),
      );
      lines.push(
        [
          reader.word,
          reader.code,
          reader.firstName(),
          reader.lastName(),
          reader.firstInteger(),
          any,
          ...shown,
        ].join(' '),
      );
    }
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
    lines.push('broken');
  }
  return lines;
}

function expected(content: string): string[] {
  const reader = new ContentReader(Buffer.from(content, 'latin1'), { lenient: true });
  const lines: string[] = [];
  try {
    while (reader.next()) {
      const { operator: word, operands } = reader;
      const [first, last] = [operands[0], operands.at(-1)];
      const strings = (Array.isArray(last) ? last : [last]).filter((one) => one instanceof PdfString);
      lines.push(
        [
          word,
          word.length <= 4 ? operator(word) : 0,
          first instanceof PdfName ? first.name : undefined,
          last instanceof PdfName ? last.name : undefined,
          typeof first === 'number' && Number.isInteger(first) ? first : undefined,
          strings.length > 0,
          ...strings.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
        ].join(' '),
      );
    }
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
    lines.push('broken');
  }
  return lines;
}

test.each([
  'q 1 0 0 1 50 700 cm BT /F1 12 Tf (Text) Tj ET Q',
  'BT <0041> Tj [<0041 42>-120(b)3.5<43>]TJ 3 Tr ET',
  '(a) \' 1 2 (b) " (a) 3 Tj [] TJ [(a)] 3 TJ',
  '/P <</MCID 7 >> BDC EMC /P<</MCID 7/Lang(en)>>BDC EMC /P /Name BDC /X /A /B BDC',
  '/P <</MCID 7>> Do /P <</MCID 7>> /Q BDC /Artifact BMC',
  '(a\\) b) Tj (a(b)c) Tj (line\rend) Tj <4> Tj <4x> Tj (a)(b) Tj [[(a)](b)] TJ',
  '123456 0 m 1.5 -2 l - . + m 1e5 2 l --5 0 l 0g 1/Name gs 00012 w 0.00000000000000000000000000000000000001 w',
  '/A#42 gs /Längere gs % a comment\n q % another (\n Q /Long0123456789 Do',
  'true false null d abcde fghij 1 0 0 rg falsey',
  'BI /W 1 /H 1 /BPC 8 /CS /G ID \x01 EI q',
  '[ 1 q ] Q',
  'q ) Q',
  'q > Q',
  '<41 Tj',
  '(never ends Tj',
  '{ q }',
  '1 2 3',
  '[1 2',
  '% only a comment',
])('reads %j as the parser does', (content) => {
  expect(told(content)).toEqual(expected(content));
});

test('parses what could break a rule by its size', () => {
  const parsed = (content: string): boolean => {
    const reader = new OperationReader(Buffer.from(content, 'latin1'));
    reader.next();
    return reader.operands !== undefined;
  };
  expect(parsed('9999 0 m')).toBe(false);
  expect(parsed('32768 0 m')).toBe(true);
  expect(parsed(`/${'N'.repeat(128)} gs`)).toBe(true);
  expect(parsed(`(${'s'.repeat(32_768)}) Tj`)).toBe(true);
  expect(parsed(`[${'1 '.repeat(8_192)}] TJ`)).toBe(true);
  expect(parsed('<414> Tj')).toBe(true);
});
