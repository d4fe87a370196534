/// <reference lib="webworker" />
/** Compares two pictures of a page away from the thread that the person types in. */
import pixelmatch from 'pixelmatch';

export interface DiffRequest {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly before: ArrayBuffer;
  readonly after: ArrayBuffer;
}

export interface DiffReply {
  readonly id: number;
  /** Pixels that differ. */
  readonly changed: number;
  /** RGBA: what differs in red, on nothing. */
  readonly mask: ArrayBuffer;
}

/** Smoothing of letters moves a little between two prints of the same page; that is no change. */
const THRESHOLD = 0.15;
const CHANGED: [number, number, number] = [214, 40, 32];

globalThis.addEventListener('message', ({ data }: MessageEvent<DiffRequest>) => {
  const { id, width, height, before, after } = data;
  const mask = new Uint8ClampedArray(width * height * 4);
  const changed = pixelmatch(
    new Uint8ClampedArray(before),
    new Uint8ClampedArray(after),
    mask,
    width,
    height,
    {
      threshold: THRESHOLD,
      diffMask: true,
      diffColor: CHANGED,
    },
  );
  const reply: DiffReply = { id, changed, mask: mask.buffer };
  postMessage(reply, { transfer: [mask.buffer] });
});
