/** A Type 1 font program (Adobe Type 1 Font Format): its glyphs with their widths, and its encoding. */

const EEXEC_KEY = 55_665;
const CHARSTRING_KEY = 4_330;
const MOST_GLYPHS = 65_536;

export class Type1 {
  /** In thousandths of an em, by glyph name. */
  readonly widths: ReadonlyMap<string, number>;
  /** Name by code; undefined for StandardEncoding. */
  readonly encoding: ReadonlyMap<number, string> | undefined;

  /** Throws RangeError when there are no charstrings. */
  constructor(bytes: Uint8Array) {
    const data = withoutSegments(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const start = data.indexOf('eexec', 0, 'latin1');
    if (start < 0) throw new RangeError('The font has no encrypted part');
    const clear = data.toString('latin1', 0, start);
    this.encoding = encodingOf(clear);
    const scale = Number(/\/FontMatrix\s*\[\s*([-+.\deE]+)/.exec(clear)?.[1] ?? 0.001);
    this.widths = charstrings(decrypted(data, start + 5), (Number.isFinite(scale) ? scale : 0.001) * 1000);
    if (this.widths.size === 0) throw new RangeError('The font has no charstrings');
  }
}

/** Without the segment headers of a PFB file. */
function withoutSegments(data: Buffer): Buffer {
  if (data[0] !== 0x80) return data;
  const parts: Buffer[] = [];
  for (let at = 0; data[at] === 0x80 && data[at + 1] !== 3 && at + 6 <= data.length;) {
    const length = data.readUInt32LE(at + 2);
    parts.push(data.subarray(at + 6, at + 6 + length));
    at += 6 + length;
  }
  return Buffer.concat(parts);
}

function encodingOf(clear: string): Map<number, string> | undefined {
  if (/\/Encoding\s+StandardEncoding\s+def/.test(clear)) return undefined;
  const names = new Map<number, string>();
  for (const match of clear.matchAll(/dup\s+(\d+)\s*\/([^\s/{}[\]()<>%]+)\s+put/g)) {
    names.set(Number(match[1]), match[2] ?? '');
  }
  return names;
}

function decrypted(data: Buffer, from: number): Buffer {
  let at = from;
  while (data[at] === 0x20 || data[at] === 0x0a || data[at] === 0x0d || data[at] === 0x09) at += 1;
  const body = data.subarray(at);
  const isHex = /^[\da-fA-F\s]{8}/.test(body.toString('latin1', 0, 8));
  const cipher = isHex ? Buffer.from(body.toString('latin1').replaceAll(/[^\da-fA-F]/g, ''), 'hex') : body;
  return decrypt(cipher, EEXEC_KEY, 4);
}

function decrypt(cipher: Uint8Array, key: number, skip: number): Buffer {
  const plain = Buffer.alloc(cipher.length);
  let state = key;
  for (let at = 0; at < cipher.length; at += 1) {
    const byte = cipher[at] ?? 0;
    plain[at] = byte ^ (state >> 8);
    state = ((byte + state) * 52_845 + 22_719) & 0xffff;
  }
  return plain.subarray(Math.max(0, skip));
}

function charstrings(data: Buffer, scale: number): Map<string, number> {
  const text = data.toString('latin1');
  const skip = Number(/\/lenIV\s+(-?\d+)/.exec(text)?.[1] ?? 4);
  const subroutines = new Map<number, Buffer>();
  const bodyOf = (start: number, length: number): Buffer =>
    skip < 0
      ? data.subarray(start, start + length)
      : decrypt(data.subarray(start, start + length), CHARSTRING_KEY, skip);
  const split = text.indexOf('/CharStrings');
  const binary = /dup\s+(\d+)\s+(\d+)\s+(?:RD|-\||\S+)\s/g;
  for (let match = binary.exec(text); match !== null && match.index < split; match = binary.exec(text)) {
    const start = match.index + match[0].length;
    const length = Number(match[2]);
    subroutines.set(Number(match[1]), bodyOf(start, length));
    binary.lastIndex = start + length;
    if (subroutines.size > MOST_GLYPHS) break;
  }
  const widths = new Map<string, number>();
  const glyph = /\/([^\s/{}[\]()<>%]+)\s+(\d+)\s+(?:RD|-\||\S+)\s/g;
  glyph.lastIndex = Math.max(0, split + '/CharStrings'.length);
  const head = /^\s*\d+\s+dict\s+dup\s+begin/.exec(text.slice(glyph.lastIndex, glyph.lastIndex + 64));
  if (head !== null) glyph.lastIndex += head[0].length;
  for (let match = glyph.exec(text); match !== null; match = glyph.exec(text)) {
    const start = match.index + match[0].length;
    const length = Number(match[2]);
    widths.set(match[1] ?? '', (widthOf(bodyOf(start, length), subroutines) ?? 0) * scale);
    glyph.lastIndex = start + length;
    if (widths.size > MOST_GLYPHS) break;
  }
  return widths;
}

const MOST_CALLS = 10;
const MOST_STEPS = 4_096;

/** The width that `hsbw` or `sbw` sets, which every charstring begins with. */
function widthOf(
  charstring: Uint8Array,
  subroutines: ReadonlyMap<number, Uint8Array>,
  stack: number[] = [],
  calls = 0,
  state = { steps: 0 },
): number | undefined {
  for (let at = 0; at < charstring.length;) {
    state.steps += 1;
    if (state.steps > MOST_STEPS) return undefined;
    const byte = charstring[at] ?? 0;
    if (byte >= 32) {
      const { value, size } = number(charstring, at);
      stack.push(value);
      at += size;
    } else if (byte === 13) return stack[1];
    else if (byte === 10) {
      const routine = subroutines.get(stack.pop() ?? -1);
      if (routine === undefined || calls > MOST_CALLS) return undefined;
      const found = widthOf(routine, subroutines, stack, calls + 1, state);
      if (found !== undefined) return found;
      at += 1;
    } else if (byte === 12) {
      const escape = charstring[at + 1];
      if (escape === 7) return stack[2];
      if (escape === 12) stack.push((stack.splice(-2, 1)[0] ?? 0) / (stack.pop() ?? 1));
      at += 2;
    } else if (byte === 11) return undefined;
    else return undefined;
  }
  return undefined;
}

function number(bytes: Uint8Array, at: number): { value: number; size: number } {
  const [byte = 0, second = 0, third = 0, fourth = 0, fifth = 0] = bytes.subarray(at, at + 5);
  if (byte <= 246) return { value: byte - 139, size: 1 };
  if (byte <= 250) return { value: (byte - 247) * 256 + second + 108, size: 2 };
  if (byte <= 254) return { value: -(byte - 251) * 256 - second - 108, size: 2 };
  return { value: (second << 24) | (third << 16) | (fourth << 8) | fifth, size: 5 };
}
