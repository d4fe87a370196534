import { expect, test } from 'vitest';
import { withFrames } from '../../../../core/pdf/page/with-frames.ts';

/** Frames that count themselves, each done when the test says so. */
function heldFrames() {
  const frames: PromiseWithResolvers<undefined>[] = [];
  return {
    frames,
    draw: async (): Promise<void> => {
      const frame = Promise.withResolvers<undefined>();
      frames.push(frame);
      await frame.promise;
    },
  };
}
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 60));

test('frames are drawn one after the other until the work is done (a document that waits for one for good)', async () => {
  const work = Promise.withResolvers<string>();
  let drawn = 0;
  const done = withFrames(() => {
    drawn += 1;
    if (drawn === 3) work.resolve('ready');
    return Promise.resolve();
  }, work.promise);
  expect(await done).toBe('ready');
  await aWhile();
  expect(drawn).toBe(3);
});

test('no print begins in the middle of a frame', async () => {
  const { frames, draw } = heldFrames();
  const work = Promise.withResolvers<string>();
  let isOver = false;
  const done = withFrames(draw, work.promise).finally(() => (isOver = true));
  await aWhile();
  work.resolve('ready');
  await aWhile();
  expect([frames.length, isOver]).toEqual([1, false]);
  frames[0]?.resolve(undefined);
  expect(await done).toBe('ready');
});

test('a frame that fails ends the frames, not the work, and the work rejects as it does', async () => {
  const noFrames = () => Promise.reject(new Error('no frames'));
  const work = Promise.withResolvers<string>();
  const done = withFrames(noFrames, work.promise);
  await aWhile();
  work.reject(new Error('the page is gone'));
  await expect(done).rejects.toThrow('the page is gone');
});

test('where frames come by themselves the work is all there is', async () => {
  expect(await withFrames(undefined, Promise.resolve(1))).toBe(1);
});
