/** What spoilers are made of: a change to a conformant file that breaks one rule. */
import type { PdfStandard } from '../../../contract/standard.ts';
import { assemble, takeApart, type Recipe } from './recipe.ts';

export type Spoil = (bytes: Uint8Array) => Uint8Array;

export interface Spoiler {
  /** What is wrong with the file, with the clause that it breaks first. */
  readonly name: string;
  /** Of `BASES`. */
  readonly base: string;
  readonly flavours: readonly PdfStandard[];
  readonly spoil: Spoil;
}

export const PDFA_1: readonly PdfStandard[] = ['pdf/a-1b'];
/** One level of each part, where they have the same rule. */
export const PDFA_23: readonly PdfStandard[] = ['pdf/a-2b', 'pdf/a-3b'];
export const PDFA_234: readonly PdfStandard[] = [...PDFA_23, 'pdf/a-4'];
export const PDFA: readonly PdfStandard[] = [...PDFA_1, ...PDFA_234];
export const LEVEL_A: readonly PdfStandard[] = ['pdf/a-1a', 'pdf/a-2a', 'pdf/a-3a'];
export const LEVEL_U: readonly PdfStandard[] = ['pdf/a-2u', 'pdf/a-3u'];
export const PDFA_4: readonly PdfStandard[] = ['pdf/a-4', 'pdf/a-4e', 'pdf/a-4f'];
export const UA_1: readonly PdfStandard[] = ['pdf/ua-1'];
export const UA_2: readonly PdfStandard[] = ['pdf/ua-2'];
export const UA: readonly PdfStandard[] = [...UA_1, ...UA_2];
export const TAGGED: readonly PdfStandard[] = [...LEVEL_A, ...UA];

export const spoiler = (name: string, flavours: readonly PdfStandard[], spoil: Spoil): Spoiler => ({
  name,
  base: 'handmade',
  flavours,
  spoil,
});

export const remake =
  (edit: (recipe: Recipe) => void): Spoil =>
  (bytes) => {
    const recipe = takeApart(bytes);
    edit(recipe);
    return assemble(recipe);
  };

/** In the text of an object; it has to be there. */
export function replaceIn(recipe: Recipe, object: number, from: string | RegExp, to: string): void {
  const body = recipe.objects.get(object);
  const found = typeof from === 'string' ? body?.includes(from) : from.test(body ?? '');
  if (body === undefined || found !== true) throw new Error(`Object ${object} has no "${String(from)}"`);
  recipe.objects.set(
    object,
    body.replace(from, () => to),
  );
}

export const change = (object: number, from: string | RegExp, to: string): Spoil =>
  remake((recipe) => replaceIn(recipe, object, from, to));

/** Adds entries to the dictionary that an object begins with. */
export const enter = (object: number, entries: string): Spoil => change(object, '<<', `<<${entries}`);

/** Content ahead of that of the page. */
export const paint = (object: number, operators: string): Spoil =>
  change(object, 'stream\n', `stream\n${operators}\n`);

/** New objects, for spoilers that need some: from 80. */
export const add = (objects: Readonly<Record<number, string>>, ...then: readonly Spoil[]): Spoil =>
  all(
    remake((recipe) => {
      for (const [number, body] of Object.entries(objects)) recipe.objects.set(Number(number), body);
    }),
    ...then,
  );

export const all =
  (...spoils: readonly Spoil[]): Spoil =>
  (bytes) =>
    spoils.reduce((spoiled, spoil) => spoil(spoiled), bytes);

/** In the bytes of the file, whose offsets stay as they were. */
export const patch =
  (from: string | RegExp, to: string): Spoil =>
  (bytes) => {
    const text = Buffer.from(bytes).toString('latin1');
    const changed = text.replace(from, () => to);
    if (changed === text) throw new Error(`The file has no "${String(from)}"`);
    return Buffer.from(changed, 'latin1');
  };
