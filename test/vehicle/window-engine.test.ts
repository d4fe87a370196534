/** The hidden-window engine on the vehicle; what Chromium 108 cannot do stands in limits.ts. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pdfEngineContract } from '../core/pdf-engine.contract.ts';
import { pdfEngineLeakContract } from '../core/pdf-engine-leaks.contract.ts';
import { pdfFacts } from '../support/engine-pdf-facts.ts';
import { printRequest } from '../support/engine-requests.ts';
import { bundleForVehicle, writeAppFacts } from './bundle.ts';
import { openVehicleEngine, type VehicleEngine } from './engine-client.ts';
import { CACHE, findVehicle } from './fetch-electron.ts';
import { ENGINE_LIMITS } from './limits.ts';
import { openScreen } from './screen.ts';

const program = await findVehicle();
const appFolder = await mkdtemp(path.join(CACHE, 'engine-'));
const screen = program === undefined ? undefined : await openScreen();
if (program !== undefined) {
  await bundleForVehicle(appFolder, { main: 'test/vehicle/engine-process.ts' });
  await writeAppFacts(appFolder, 'main.js');
}
afterAll(async () => {
  await screen?.[Symbol.asyncDispose]();
  await rm(appFolder, { recursive: true });
});

const open = (
  changes: { readonly recycleAfter?: number; readonly printMemoryBytes?: number } = {},
): VehicleEngine => {
  if (program === undefined || screen === undefined) throw new Error('There is no vehicle');
  const start = { program, appFolder, environment: screen.environment };
  return openVehicleEngine(start, { concurrency: 2, printMemoryBytes: 1.5 * 1024 ** 3, ...changes });
};

describe.skipIf(program === undefined)('on the vehicle', () => {
  beforeEach(({ task, skip }) => {
    const limit = ENGINE_LIMITS[task.name];
    if (limit !== undefined) skip(limit);
  });

  pdfEngineContract('The hidden-window engine', open);
  pdfEngineLeakContract('The hidden-window engine', open);

  it('prints with the shipped fonts, as the Node host does (text of other widths on every machine)', async () => {
    const world = open();
    const { fonts } = await pdfFacts(
      await world.engine.print(printRequest('<p style="font-family:Arial">a<p style="font-family:Times">b')),
    );
    expect(fonts.map((font) => font.replace(/-.*/, '')).sort()).toEqual(['Arimo', 'Tinos']);
    await world.dispose();
  });

  describe('its windows', () => {
    const textOf = async (world: VehicleEngine, text: string): Promise<string | undefined> =>
      (await pdfFacts(await world.engine.print(printRequest(`<p>${text}`)))).pages[0]?.text;

    it('are replaced when their renderer is killed while idle (a pool that hands out the dead)', async () => {
      const world = open();
      await world.engine.start();
      expect(await textOf(world, 'before')).toBe('before');
      await world.crash();
      // The main process hears of it a moment later; what is printed in between is an ordinary crash.
      await expect.poll(() => world.engine.start().then(() => world.engine.status().crashed)).toBe(1);
      for (const text of ['one', 'two', 'three']) expect(await textOf(world, text)).toBe(text);
      expect(world.engine.status().processes).toBeGreaterThan(0);
      await world.dispose();
    });

    it('are replaced after their number of prints, with none failing', async () => {
      const world = open({ recycleAfter: 3 });
      for (let round = 0; world.engine.status().recycled < 2 && round < 1000; round += 1) {
        expect(await textOf(world, `no ${round}`)).toBe(`no ${round}`);
      }
      expect(world.engine.status().recycled).toBeGreaterThan(1);
      await world.dispose();
    });

    it('end a document that eats memory, and only that', async () => {
      const world = open({ printMemoryBytes: 400 * 1024 ** 2 });
      const hungry = '<script>const kept = []; for (;;) kept.push(new Uint8Array(2e7).fill(1));</script>';
      const eaten = world.engine.print(printRequest(hungry, { scripts: true }));
      await expect(eaten).rejects.toMatchObject({
        code: expect.stringMatching(/DOCUMENT_TOO_COMPLEX|ENGINE_CRASHED/) as string,
      });
      expect(await textOf(world, 'after')).toBe('after');
      await world.dispose();
    });
  });
});
