/** What the subset of a font says that it holds (ISO 19005-1 §6.3.5, ISO 19005-2 §6.2.11.4.2). */
import { hasCid } from '../fonts/composite-font.ts';
import type { Font } from '../fonts/font.ts';
import type { Check } from '../rule.ts';
import { called, fontRule } from './font-rule.ts';

const isSubset = (font: Font): boolean => /^[A-Z]{6}\+/.test(font.name ?? '');

function charSetProblem(font: Font, { facts, level }: Check): string | undefined {
  if ((font.subtype !== 'Type1' && font.subtype !== 'MMType1') || !isSubset(font)) return undefined;
  const string = facts.file.string(font.descriptor?.get('CharSet'));
  if (string === undefined) return level.part === 1 ? `${called(font)} has no /CharSet.` : undefined;
  const { program } = font;
  if (program === undefined) return level.part === 1 ? `${called(font)} cannot be read.` : undefined;
  const listed = new Set(
    Buffer.from(string.bytes)
      .toString('latin1')
      .match(/[^/\s]+/g) ?? [],
  );
  const own: ReadonlySet<string> =
    program.kind === 'type1'
      ? new Set(program.font.widths.keys())
      : program.kind === 'cff'
        ? program.font.glyphNames
        : new Set<string>();
  if (level.part === 1) {
    for (const code of font.uses.keys()) {
      const name = font.encoding.nameOf(code);
      if (name !== undefined && own.has(name) && !listed.has(name)) {
        return `/CharSet of ${called(font).replace('The', 'the')} lacks "${name.slice(0, 40)}".`;
      }
    }
    return undefined;
  }
  const isWhole =
    [...own].every((name) => name === '.notdef' || listed.has(name)) &&
    [...listed].every((name) => name === '.notdef' || own.has(name));
  return isWhole ? undefined : `/CharSet of ${called(font).replace('The', 'the')} does not list its glyphs.`;
}

export const charSet = fontRule({ a1: '6.3.5-2', a23: '6.2.11.4.2-1', ua1: '7.21.4.2-1' }, charSetProblem);

function cidSetProblem(font: Font, { facts, level }: Check): string | undefined {
  if (
    font.subtype !== 'Type0' ||
    !/^[A-Z]{6}\+/.test(facts.file.name(font.descendant?.get('BaseFont')) ?? '')
  ) {
    return undefined;
  }
  const stream = facts.file.stream(font.descriptor?.get('CIDSet'));
  if (stream === undefined)
    return level.part === 1 ? `${called(font)} is a subset without /CIDSet.` : undefined;
  const parts = font.compositeParts();
  const { program } = parts;
  if (program === undefined) return level.part === 1 ? `${called(font)} cannot be read.` : undefined;
  const bytes = facts.file.decode(stream) ?? new Uint8Array(0);
  const isListed = (cid: number): boolean => ((bytes[cid >> 3] ?? 0) & (0x80 >> (cid & 7))) !== 0;
  if (level.part === 1) {
    for (const code of font.uses.keys()) {
      const cid = parts.cmap.cidOf(code) ?? 0;
      if (cid !== 0 && hasCid(parts, program, cid) && !isListed(cid)) {
        return `/CIDSet of ${called(font).replace('The', 'the')} lacks CID ${cid}, which is used.`;
      }
    }
    return undefined;
  }
  for (const cid of cidsOf(font)) {
    if (cid !== 0 && !isListed(cid))
      return `/CIDSet of ${called(font).replace('The', 'the')} lacks CID ${cid}.`;
  }
  for (let cid = 1; cid < bytes.length * 8; cid += 1) {
    facts.budget.step();
    if (isListed(cid) && !hasCid(parts, program, cid)) {
      return `/CIDSet of ${called(font).replace('The', 'the')} lists CID ${cid}, which it does not have.`;
    }
  }
  return undefined;
}

/** The CIDs that a font program has. */
function* cidsOf(font: Font): Generator<number> {
  const parts = font.compositeParts();
  const { program, glyphs } = parts;
  if (program?.kind === 'cff' && program.font.isCid) yield* program.font.cids;
  if (program?.kind !== 'truetype') return;
  const count = glyphs.isIdentity ? program.font.metricCount : glyphs.size;
  for (let cid = 0; cid < count; cid += 1) if (glyphs.isIdentity || hasCid(parts, program, cid)) yield cid;
}

export const cidSet = fontRule({ a1: '6.3.5-3', a23: '6.2.11.4.2-2', ua1: '7.21.4.2-2' }, cidSetProblem);
