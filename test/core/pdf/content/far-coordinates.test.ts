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
  it('splits a far translation into steps that add up to it', () => {
    const text = near('3.125 0 0 3.125 237.5 -65537.5 cm');
    const steps = text
      .split('cm')
      .slice(0, -1)
      .map((line) => line.trim().split(/\s+/).map(Number));
    expect(steps.every((matrix) => matrix.every((value) => Math.abs(value) <= 32_767))).toBe(true);
    const total = steps.reduce(
      ([x = 0, y = 0], matrix) => [x + (matrix[4] ?? 0), y + (matrix[5] ?? 0)],
      [0, 0],
    );
    expect(total).toEqual([237.5, -65537.5]);
    expect(steps.at(-1)?.slice(0, 4)).toEqual([3.125, 0, 0, 3.125]);
  });

  it('changes no byte of a page that is near', () => {
    const content = '3.125 0 0 3.125 237.5 -32767 cm\n0 40000 1 1 re f';
    expect(near(content)).toBe(content);
  });
});
