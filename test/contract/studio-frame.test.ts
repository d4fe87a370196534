import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../contract/studio/frame.ts';

describe('a value with bytes as one body', () => {
  const bytes = new Uint8Array([0, 1, 255, 10]);

  it.each([
    ['bytes of the value', { path: 'ü', bytes }],
    ['bytes of its data', { ok: true, data: { name: '漢', bytes } }],
    ['no bytes at all', { ok: true, data: { list: [1, null] } }],
    ['empty bytes', { bytes: new Uint8Array() }],
  ])('comes back as it went: %s', (_what, value) => {
    expect(decodeFrame(encodeFrame(value))).toEqual(value);
  });

  it('holds the bytes of a Buffer once, not as a list of numbers', () => {
    const frame = encodeFrame({ data: { bytes: Buffer.alloc(100_000, 7) } });
    expect(frame.length).toBeLessThan(100_200);
    expect(decodeFrame(frame)).toEqual({ data: { bytes: new Uint8Array(100_000).fill(7) } });
  });

  it('that is cut off is refused', () => {
    expect(() => decodeFrame(encodeFrame({ a: 'long enough' }).subarray(0, 10))).toThrow();
    expect(() => decodeFrame(new Uint8Array(2))).toThrow();
  });
});
