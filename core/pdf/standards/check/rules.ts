/** All rules: those of ISO 19005 in the order of its clauses, then those about the structure. */
import type { Rule } from './rule.ts';
import { ACTIONS } from './rules/actions.ts';
import { ALTERNATIVES } from './rules/alternatives.ts';
import { ANNOTATION_TAGS } from './rules/annotation-tags.ts';
import { ANNOTATIONS } from './rules/annotations.ts';
import { ANNOTATIONS_UA2 } from './rules/annotations-ua2.ts';
import { ATTACHMENTS } from './rules/attachments.ts';
import { CATALOG } from './rules/catalog.ts';
import { COLOUR } from './rules/colour.ts';
import { CONTAINMENT } from './rules/containment.ts';
import { DESTINATIONS } from './rules/destinations.ts';
import { EXTENSION_SCHEMAS } from './rules/extension-schemas.ts';
import { FILE_STRUCTURE } from './rules/file-structure.ts';
import { FONTS } from './rules/fonts.ts';
import { GRAPHICS } from './rules/graphics.ts';
import { LANGUAGES } from './rules/languages.ts';
import { LIMITS } from './rules/limits.ts';
import { LISTS_AND_HEADINGS } from './rules/lists-and-headings.ts';
import { MARKED_CONTENT } from './rules/marked-content.ts';
import { MEDIA } from './rules/media.ts';
import { METADATA } from './rules/metadata.ts';
import { SIGNATURES } from './rules/signatures.ts';
import { TABLES } from './rules/tables.ts';
import { TAGS } from './rules/tags.ts';
import { TEXTS } from './rules/texts.ts';
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
  ...TAGS,
  ...LANGUAGES,
  ...MARKED_CONTENT,
  ...LISTS_AND_HEADINGS,
  ...TABLES,
  ...ALTERNATIVES,
  ...CONTAINMENT,
  ...ANNOTATION_TAGS,
  ...ANNOTATIONS_UA2,
  ...DESTINATIONS,
  ...TEXTS,
  ...MEDIA,
];
