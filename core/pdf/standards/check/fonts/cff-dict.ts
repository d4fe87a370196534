/** INDEX and DICT data of a CFF font program (Adobe technical note 5176 §4, §5). */

export interface CffIndex {
  readonly count: number;
  /** Offset behind the INDEX. */
  readonly end: number;
  item(index: number): Uint8Array | undefined;
}

/** Throws RangeError when the data end too early. */
export function readIndex(data: Buffer, at: number): CffIndex {
  const count = data.readUInt16BE(at);
  if (count === 0) return { count, end: at + 2, item: () => undefined };
  const size = data.readUInt8(at + 2);
  if (size < 1 || size > 4) throw new RangeError('A CFF index has an impossible offset size');
  const offset = (index: number): number => data.readUIntBE(at + 3 + index * size, size);
  const base = at + 2 + (count + 1) * size;
  const end = base + offset(count);
  return {
    count,
    end,
    item(index) {
      if (index < 0 || index >= count) return undefined;
      return data.subarray(base + offset(index), base + offset(index + 1));
    },
  };
}

/** Operands by operator; an escaped operator `12 x` has the key 1200 + x. */
export function readDict(bytes: Uint8Array): Map<number, number[]> {
  const dict = new Map<number, number[]>();
  let operands: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte <= 21) {
      const isEscape = byte === 12;
      dict.set(isEscape ? 1200 + (bytes[at + 1] ?? 0) : byte, operands);
      operands = [];
      at += isEscape ? 2 : 1;
    } else {
      const { value, size } = operand(bytes, at);
      operands.push(value);
      at += size;
    }
  }
  return dict;
}

function operand(bytes: Uint8Array, at: number): { value: number; size: number } {
  const [byte = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  if (byte === 28) return { value: ((second << 24) >> 16) | third, size: 3 };
  if (byte === 29) {
    const [, , , fourth = 0, fifth = 0] = bytes.subarray(at, at + 5);
    return { value: (second << 24) | (third << 16) | (fourth << 8) | fifth, size: 5 };
  }
  if (byte === 30) return realOperand(bytes, at);
  if (byte >= 32 && byte <= 246) return { value: byte - 139, size: 1 };
  if (byte >= 247 && byte <= 250) return { value: (byte - 247) * 256 + second + 108, size: 2 };
  if (byte >= 251 && byte <= 254) return { value: -(byte - 251) * 256 - second - 108, size: 2 };
  return { value: 0, size: 1 };
}

const NIBBLES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', 'E', 'E-', '', '-'];

function realOperand(bytes: Uint8Array, from: number): { value: number; size: number } {
  let text = '';
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0xff;
    for (const nibble of [byte >> 4, byte & 15]) {
      if (nibble === 15) return { value: Number(text) || 0, size: at - from + 1 };
      text += NIBBLES[nibble] ?? '';
    }
  }
  return { value: 0, size: bytes.length - from };
}
