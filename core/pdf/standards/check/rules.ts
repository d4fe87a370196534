/** All rules, in the order of the clauses of ISO 19005. */
import type { Rule } from './rule.ts';
import { ACTIONS } from './rules/actions.ts';
import { ANNOTATIONS } from './rules/annotations.ts';
import { ATTACHMENTS } from './rules/attachments.ts';
import { CATALOG } from './rules/catalog.ts';
import { COLOUR } from './rules/colour.ts';
import { EXTENSION_SCHEMAS } from './rules/extension-schemas.ts';
import { FILE_STRUCTURE } from './rules/file-structure.ts';
import { FONTS } from './rules/fonts.ts';
import { GRAPHICS } from './rules/graphics.ts';
import { LIMITS } from './rules/limits.ts';
import { METADATA } from './rules/metadata.ts';
import { SIGNATURES } from './rules/signatures.ts';
import { TRANSPARENCY } from './rules/transparency.ts';

export const RULES: readonly Rule[] = [
  ...FILE_STRUCTURE,
  ...LIMITS,
  ...CATALOG,
  ...COLOUR,
  ...GRAPHICS,
  ...FONTS,
  ...TRANSPARENCY,
  ...ANNOTATIONS,
  ...ACTIONS,
  ...METADATA,
  ...EXTENSION_SCHEMAS,
  ...ATTACHMENTS,
  ...SIGNATURES,
];
