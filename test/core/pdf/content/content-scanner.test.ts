import { describe, expect, it } from 'vitest';
import { ContentScanner, operator } from '../../../../core/pdf/content/content-scanner.ts';

function operationsOf(content: string): string[] {
  const scanner = new ContentScanner(Buffer.from(content, 'latin1'));
  const found: string[] = [];
  while (scanner.next()) found.push(content.slice(scanner.start, scanner.end));
  return found;
}

describe('ContentScanner', () => {
  it('does not take words in strings, names, comments and images for operators', () => {
    const content = '/BT gs (a \\) BT (ET)) Tj % Q q\n<4254> Tj BI /W 1/H 1 ID q EIQ\nEI Q';
    expect(operationsOf(content)).toEqual([
      '/BT gs',
      '(a \\) BT (ET)) Tj',
      '% Q q\n<4254> Tj'.slice(6),
      'BI /W 1/H 1 ID q EIQ\nEI',
      'Q',
    ]);
  });

  it('keeps true, false and null among the operands', () => {
    expect(operationsOf('/P <</A true/B null>> BDC EMC')).toEqual(['/P <</A true/B null>> BDC', 'EMC']);
  });

  it('reads the id of marked content wherever it stands in the properties', () => {
    const scanner = new ContentScanner(Buffer.from('/Span <</Lang(de)/MCID 12 /X 1>>BDC'));
    scanner.next();
    expect(scanner.code).toBe(operator('BDC'));
    expect(scanner.markedContentId()).toBe(12);
  });

  it('says that a string has no end, and does not run on', () => {
    const scanner = new ContentScanner(Buffer.from('(abc'));
    expect(() => scanner.next()).toThrow('does not end');
  });
});
