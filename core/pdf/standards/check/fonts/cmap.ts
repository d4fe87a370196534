/** CMaps (ISO 32000-2 §9.7.5, Adobe technical note 5014): codes of a string, their CIDs, and their Unicode text. */
import { eachEntry, numberFrom, TEXT_SECTIONS } from '../../../content/to-unicode.ts';
import { Lexer, Keyword, PdfSyntaxError, type Token } from '../../../revision/lexer.ts';
import { PdfName, PdfString, type PdfStream } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';

interface CidRange {
  readonly first: number;
  readonly last: number;
  readonly cid: number;
}

interface CodeSpace {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_ENTRIES = 200_000;
const MOST_CHAIN = 8;
const MOST_SPACES = 1_000;

export class CMap {
  wMode = 0;
  /** It names another CMap that is neither embedded nor one of the two identities. */
  usesUnknown = false;
  #isTwoByte: boolean | undefined;
  readonly #spaces: CodeSpace[] = [];
  readonly #cids = new Map<number, number>();
  readonly #ranges: CidRange[] = [];
  readonly #notdef: CidRange[] = [];
  readonly #unicode = new Map<number, string>();

  /** Identity-H and Identity-V. */
  static identity(): CMap {
    const map = new CMap();
    map.#spaces.push({ first: Uint8Array.of(0, 0), last: Uint8Array.of(255, 255) });
    map.#ranges.push({ first: 0, last: 0xffff, cid: 0 });
    return map;
  }

  /** Two bytes a code and no CIDs: a predefined CMap whose data is not here. */
  static unknown(): CMap {
    const map = CMap.identity();
    map.usesUnknown = true;
    return map;
  }

  get maximalCid(): number {
    let most = 0;
    for (const cid of this.#cids.values()) most = Math.max(most, cid);
    for (const { first, last, cid } of this.#ranges) most = Math.max(most, cid + last - first);
    return most;
  }

  /** What it may take to look up one code, in steps of a budget. */
  get effort(): number {
    return 1 + ((this.#spaces.length + this.#ranges.length + this.#notdef.length) >> 3);
  }

  /** CID of a code; undefined for a code that is not mapped. */
  cidOf(code: number): number | undefined {
    const single = this.#cids.get(code);
    if (single !== undefined) return single;
    for (let index = this.#ranges.length - 1; index >= 0; index -= 1) {
      const range = this.#ranges[index];
      if (range !== undefined && code >= range.first && code <= range.last)
        return range.cid + code - range.first;
    }
    return this.#notdef.find(({ first, last }) => code >= first && code <= last)?.cid;
  }

  unicodeOf(code: number): string | undefined {
    return this.#unicode.get(code);
  }

  /** Every two bytes are a code. */
  get isTwoByte(): boolean {
    this.#isTwoByte ??=
      this.#spaces.length === 1 &&
      this.#spaces.every(
        ({ first, last }) =>
          first.length === 2 && first.every((byte) => byte === 0) && last.every((byte) => byte === 0xff),
      );
    return this.#isTwoByte;
  }

  /** The codes of a string (ISO 32000-2 §9.7.6.2); what fits no code space counts as code 0. */
  *codes(string: Uint8Array): Generator<number> {
    const shortest = this.#shortest();
    const bytes = padded(string, shortest);
    for (let at = 0; at < bytes.length;) {
      const length = this.#lengthAt(bytes, at);
      if (length > 0) {
        yield numberFrom(bytes.subarray(at, at + length));
        at += length;
      } else {
        yield 0;
        at += shortest;
      }
    }
  }

  #lengthAt(bytes: Uint8Array, at: number): number {
    for (const { first, last } of this.#spaces) {
      const length = first.length;
      if (at + length > bytes.length) continue;
      let fits = true;
      for (let index = 0; index < length && fits; index += 1) {
        const byte = bytes[at + index] ?? 0;
        fits = byte >= (first[index] ?? 0) && byte <= (last[index] ?? 0);
      }
      if (fits) return length;
    }
    return 0;
  }

  #shortest(): number {
    return this.#spaces.length === 0 ? 1 : Math.min(...this.#spaces.map(({ first }) => first.length));
  }

  addSpace(first: Uint8Array, last: Uint8Array): void {
    if (
      first.length === last.length &&
      first.length > 0 &&
      first.length <= 4 &&
      this.#spaces.length < MOST_SPACES
    )
      this.#spaces.push({ first, last });
  }

  addCid(code: number, cid: number): void {
    if (this.#cids.size < MOST_ENTRIES) this.#cids.set(code, cid);
  }

  addRange(kind: 'cid' | 'notdef', range: CidRange): void {
    const list = kind === 'cid' ? this.#ranges : this.#notdef;
    if (list.length < MOST_ENTRIES) list.push(range);
  }

  addUnicode(code: number, text: string): void {
    if (this.#unicode.size < MOST_ENTRIES) this.#unicode.set(code, text);
  }

  use(other: CMap): void {
    this.#spaces.push(...other.#spaces);
    this.#ranges.unshift(...other.#ranges);
    this.#notdef.push(...other.#notdef);
    for (const [code, cid] of other.#cids) if (!this.#cids.has(code)) this.#cids.set(code, cid);
    for (const [code, text] of other.#unicode) if (!this.#unicode.has(code)) this.#unicode.set(code, text);
    this.usesUnknown ||= other.usesUnknown;
  }
}

/** A code cut off by the end of its string is read as if 0xFF followed, as readers do. */
function padded(string: Uint8Array, multiple: number): Uint8Array {
  const rest = string.length % multiple;
  if (rest === 0) return string;
  const longer = new Uint8Array(string.length + multiple - rest).fill(0xff);
  longer.set(string);
  return longer;
}

/** A CMap that is embedded. Broken ones give what could be read. */
export function readCMap(file: CheckedFile, stream: PdfStream, chain = 0): CMap {
  const map = new CMap();
  const bytes = file.decode(stream, MOST_BYTES);
  if (bytes !== undefined) parseCMap(file, map, bytes);
  const used = file.resolve(stream.dict.get('UseCMap'));
  if (used instanceof PdfName) map.use(predefinedCMap(used.name));
  else {
    const other = file.stream(stream.dict.get('UseCMap'));
    if (other !== undefined && chain < MOST_CHAIN) map.use(readCMap(file, other, chain + 1));
  }
  return map;
}

export const predefinedCMap = (name: string): CMap =>
  name === 'Identity-H' || name === 'Identity-V' ? CMap.identity() : CMap.unknown();

function parseCMap(file: CheckedFile, map: CMap, bytes: Uint8Array): void {
  const lexer = new Lexer(bytes, { lenient: true });
  const before: Token[] = [];
  try {
    for (;;) {
      file.budget.step();
      const token = lexer.next();
      if (token === 'end') return;
      if (token instanceof Keyword) {
        if (token.word.startsWith('begin')) parseSection(lexer, map, token.word);
        else if (token.word === 'usecmap') useNamed(map, before.at(-1));
        else if (token.word === 'def') define(map, before);
        before.length = 0;
      } else {
        before.push(token);
        if (before.length > 8) before.shift();
      }
    }
  } catch (error) {
    if (!(error instanceof PdfSyntaxError)) throw error;
  }
}

function useNamed(map: CMap, name: Token | undefined): void {
  if (name instanceof PdfName) map.use(predefinedCMap(name.name));
}

function define(map: CMap, tokens: readonly Token[]): void {
  const [key, value] = tokens.slice(-2);
  if (key instanceof PdfName && key.name === 'WMode' && typeof value === 'number') map.wMode = value;
}

function parseSection(lexer: Lexer, map: CMap, word: string): void {
  const text = TEXT_SECTIONS.get(word);
  const read = SECTIONS[word];
  if (text !== undefined)
    eachEntry(lexer, (first) => text(lexer, first, (code, value) => map.addUnicode(code, value)));
  else if (read !== undefined) eachEntry(lexer, (first) => read(lexer, map, first));
}

const bytesOf = (token: Token): Uint8Array => (token instanceof PdfString ? token.bytes : new Uint8Array(0));
const numberOfToken = (token: Token): number => (typeof token === 'number' ? token : 0);

const SECTIONS: Readonly<Record<string, (lexer: Lexer, map: CMap, first: Uint8Array) => void>> = {
  begincodespacerange: (lexer, map, first) => {
    map.addSpace(first, bytesOf(lexer.next()));
  },
  begincidchar: (lexer, map, first) => {
    map.addCid(numberFrom(first), numberOfToken(lexer.next()));
  },
  begincidrange: (lexer, map, first) => {
    const last = numberFrom(bytesOf(lexer.next()));
    map.addRange('cid', { first: numberFrom(first), last, cid: numberOfToken(lexer.next()) });
  },
  beginnotdefchar: (lexer, map, first) => {
    const code = numberFrom(first);
    map.addRange('notdef', { first: code, last: code, cid: numberOfToken(lexer.next()) });
  },
  beginnotdefrange: (lexer, map, first) => {
    const last = numberFrom(bytesOf(lexer.next()));
    map.addRange('notdef', { first: numberFrom(first), last, cid: numberOfToken(lexer.next()) });
  },
};
