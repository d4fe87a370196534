/**
 * Every helper with its signature, its sentence and an example: what templates can call, what the reference prints and
 * what the editor completes. The example's output is for locale en and time zone UTC.
 */
import { BARCODE_HELPER } from './helpers/barcode.ts';
import { BLOCK_HELPERS } from './helpers/blocks.ts';
import { DATE_HELPERS } from './helpers/dates.ts';
import type { Helper } from './helpers/helper.ts';
import { LIST_HELPERS } from './helpers/lists.ts';
import { LOGIC_HELPERS } from './helpers/logic.ts';
import { MARKDOWN_HELPER } from './helpers/markdown.ts';
import { NUMBER_HELPERS } from './helpers/numbers.ts';
import { QR_HELPER } from './helpers/qr-code.ts';
import { REFERENCE_HELPERS } from './helpers/references.ts';
import { TEXT_HELPERS } from './helpers/text.ts';

/** In the order of the reference. */
export const HELPER_CATALOG: readonly Helper[] = [
  ...BLOCK_HELPERS,
  ...NUMBER_HELPERS,
  ...DATE_HELPERS,
  ...TEXT_HELPERS,
  MARKDOWN_HELPER,
  ...LOGIC_HELPERS,
  ...LIST_HELPERS,
  QR_HELPER,
  BARCODE_HELPER,
  ...REFERENCE_HELPERS,
];

/** By name; a Map, so that no name such as "constructor" finds what is not a helper. */
export const HELPERS: ReadonlyMap<string, Helper> = new Map(
  HELPER_CATALOG.map((helper) => [helper.name, helper]),
);
