import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, encodeFrameParts } from '../../contract/studio/frame.ts';

const BYTES = new Uint8Array([0, 1, 2, 255]);

describe('a frame', () => {
  it.each([
    ['in the value itself', { id: 'a', bytes: BYTES, text: 'ä € 漢' }],
    ['in its data', { ok: true, data: { filename: 'a.pdf', bytes: BYTES, refused: [{ id: 1 }] } }],
    ['that are empty', { ok: true, data: { bytes: new Uint8Array() } }],
    ['nowhere', { ok: false, error: { code: 'NOT_FOUND' } }],
  ])('brings back what it was made of, with bytes %s', (_where, value) => {
    expect(decodeFrame(encodeFrame(value))).toEqual(value);
  });

  // Buffer has a toJSON of its own: a PDF of 10 MB once went as 40 MB of decimal numbers beside itself.
  it('holds the bytes of a Buffer once, not as JSON', () => {
    const pdf = Buffer.alloc(100_000, 7);
    const frame = encodeFrame({ ok: true, data: { bytes: pdf } });
    expect(frame.length).toBeLessThan(pdf.length + 200);
    expect((decodeFrame(frame) as { data: { bytes: Uint8Array } }).data.bytes).toEqual(new Uint8Array(pdf));
  });

  it('does not copy the bytes for who sends its parts', () => {
    const [, bytes] = encodeFrameParts({ ok: true, data: { bytes: BYTES } });
    expect(bytes).toBe(BYTES);
  });

  it.each([
    ['cut off in its JSON', encodeFrame({ a: 1 }).subarray(0, 8)],
    ['shorter than its length', new Uint8Array([0, 0])],
    ['of other bytes', new Uint8Array([0, 0, 0, 2, 1, 2])],
  ])('%s is refused', (_how, frame) => {
    expect(() => decodeFrame(frame)).toThrow();
  });
});
