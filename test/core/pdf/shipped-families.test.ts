import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SHIPPED_FAMILIES } from '../../../core/pdf/font-aliases.ts';
import { readShippedFonts } from '../../../core/pdf/shipped-fonts.ts';
import { shippedFonts } from '../../support/engine-folders.ts';

test('the families that are known before any file is read are those in the files, in their order', async () => {
  const cache = await mkdtemp(path.join(tmpdir(), 'influxion-families-'));
  const { families } = await readShippedFonts(shippedFonts, cache);
  expect(SHIPPED_FAMILIES).toEqual(families);
  await rm(cache, { recursive: true });
});
