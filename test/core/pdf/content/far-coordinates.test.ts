import { describe, expect, it } from 'vitest';
import { ContentEdits } from '../../../../core/pdf/content/content-edits.ts';
import { nearCoordinates } from '../../../../core/pdf/content/far-coordinates.ts';

function near(content: string): string {
  const bytes = Buffer.from(content);
  const edits = new ContentEdits();
  nearCoordinates(bytes, edits);
  return Buffer.from(edits.apply(bytes)).toString();
}

describe('nearCoordinates', () => {
  it('puts the origin on the page, and lets paths and text follow to the last digit', () => {
    const text = near(
      'q 3.125 0 0 3.125 237.5 -698687.5 cm 0 223590.28 53 1 re f 1 223581 m 2 223582.5 3 4 5 6 c BT 1 0 0 -1 651.14063 223600.7 Tm 3 4 Td <0001> Tj ET Q 0 40000 1 1 re',
    );
    expect(text).toBe(
      'q 3.125 0 0 3.125 237.5 0 cm 0 10.28 53 1 re f 1 1 m 2 2.5 3 -223576 5 -223574 c BT 1 0 0 -1 651.14063 20.7 Tm 3 4 Td <0001> Tj ET Q 0 40000 1 1 re',
    );
  });

  it('moves a transformation within, and leaves what that one places alone', () => {
    const text = near('1 0 0 1 0 -50000 cm q 2 0 0 2 10 50100.5 cm 7 8 m Q 9 50001 l');
    expect(text).toBe('1 0 0 1 0 0 cm q 2 0 0 2 10 100.5 cm 7 8 m Q 9 1 l');
  });

  it('carries images, shadings and text without a place of its own along', () => {
    const text = near('1 0 0 1 0 -50000 cm /I Do BT <01> Tj ET BT 5 50001 Td <01> Tj 1 1 Td ET');
    expect(text).toBe(
      '1 0 0 1 0 0 cm q 1 0 0 1 0 -50000 cm /I Do Q BT 0 -50000 Td <01> Tj ET BT 5 1 Td <01> Tj 1 1 Td ET',
    );
  });

  it('works for turned pages too', () => {
    expect(near('0 2 -2 0 80001 7 cm 3 40000 m')).toBe('0 2 -2 0 -1 1 cm 6 -1 m');
  });

  it('changes no byte of a page that is near', () => {
    const content = '3.125 0 0 3.125 237.5 -32767 cm\n0 40000 1 1 re f';
    expect(near(content)).toBe(content);
  });
});
