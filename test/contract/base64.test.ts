import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Base64 } from '../../contract/base64.ts';

const LETTERS = ['A', 'z', '9', '+', '/', '='];
const OTHERS = ['-', '_', ' ', '\n', '.', 'é', '€', '\ud800'];

/** All texts of up to five signs that decide something: the end, the padding and a sign that is none. */
function* texts(): Generator<string> {
  const signs = ['A', '/', '=', '-', ' ', 'é'];
  let row = [''];
  for (let length = 0; length <= 5; length += 1) {
    yield* row;
    row = row.flatMap((text) => signs.map((sign) => text + sign));
  }
}

describe('base64 in a request', () => {
  it("is what zod's own check takes (Node's decoder leaves out what it does not know)", () => {
    const differing = [...texts()].filter(
      (text) => Base64.safeParse(text).success !== z.base64().safeParse(text).success,
    );
    expect(differing).toEqual([]);
  });

  it('is looked at to its end (a wrong sign after megabytes)', () => {
    const long = Buffer.alloc(3 * 1024 * 1024, 7).toString('base64');
    expect(Base64.safeParse(long).success).toBe(true);
    const taken = [...LETTERS, ...OTHERS].filter(
      (sign) => Base64.safeParse(long.slice(0, -1) + sign).success,
    );
    expect(taken).toEqual(LETTERS);
  });

  it('is padded at its end alone (it is looked at in parts, each of which ends where padding could stand)', () => {
    const long = Buffer.alloc(3 * 1024 * 1024, 7).toString('base64');
    const paddedAt = (end: number): string => `${long.slice(0, end - 1)}=${long.slice(end)}`;
    const ends = Array.from({ length: long.length / 32_768 }, (_, index) => (index + 1) * 32_768);
    expect(ends.filter((end) => Base64.safeParse(paddedAt(end)).success)).toEqual([long.length]);
  });
});
