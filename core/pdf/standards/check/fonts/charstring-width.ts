/** The width that a Type 2 charstring states before its first path (Adobe technical note 5177 §3.1). */
import type { CffIndex } from './cff-dict.ts';

export interface CharstringContext {
  readonly global: CffIndex;
  readonly local: CffIndex | undefined;
  readonly nominalWidth: number;
  readonly defaultWidth: number;
}

const MOST_CALLS = 10;
const MOST_STEPS = 4_096;

/** Stem hints take pairs, so an odd number means a width; moves take a fixed number of operands. */
const STEMS = new Set([1, 3, 18, 19, 20, 23]);
const MOVES: ReadonlyMap<number, number> = new Map([
  [21, 2],
  [22, 1],
  [4, 1],
]);

export function charstringWidth(charstring: Uint8Array, context: CharstringContext): number {
  const stack: number[] = [];
  const state = { steps: 0 };
  const delta = run(charstring, context, stack, 0, state);
  return delta === undefined || delta === 'none' ? context.defaultWidth : context.nominalWidth + delta;
}

/** The width's difference, 'none' when the charstring has none, undefined when it ended without telling. */
function run(
  bytes: Uint8Array,
  context: CharstringContext,
  stack: number[],
  calls: number,
  state: { steps: number },
): number | 'none' | undefined {
  for (let at = 0; at < bytes.length;) {
    state.steps += 1;
    if (state.steps > MOST_STEPS) return undefined;
    const byte = bytes[at] ?? 0;
    if (byte >= 32 || byte === 28) {
      const { value, size } = number(bytes, at);
      stack.push(value);
      at += size;
      continue;
    }
    at += byte === 12 ? 2 : 1;
    if (byte === 10 || byte === 29) {
      const index = byte === 10 ? context.local : context.global;
      const routine = index?.item((stack.pop() ?? 0) + bias(index.count));
      if (routine === undefined || calls > MOST_CALLS) return undefined;
      const found = run(routine, context, stack, calls + 1, state);
      if (found !== undefined) return found;
    } else if (byte === 11) return undefined;
    else if (byte !== 12) return widthAt(byte, stack);
    else stack.length = 0;
  }
  return undefined;
}

function widthAt(operator: number, stack: readonly number[]): number | 'none' {
  const first = stack[0] ?? 0;
  if (STEMS.has(operator)) return stack.length % 2 === 1 ? first : 'none';
  const taken = MOVES.get(operator);
  if (taken !== undefined) return stack.length > taken ? first : 'none';
  if (operator === 14) return stack.length === 1 || stack.length === 5 ? first : 'none';
  return 'none';
}

const bias = (count: number): number => (count < 1_240 ? 107 : count < 33_900 ? 1_131 : 32_768);

function number(bytes: Uint8Array, at: number): { value: number; size: number } {
  const [byte = 0, second = 0, third = 0, fourth = 0, fifth = 0] = bytes.subarray(at, at + 5);
  if (byte === 28) return { value: ((second << 24) >> 16) | third, size: 3 };
  if (byte <= 246) return { value: byte - 139, size: 1 };
  if (byte <= 250) return { value: (byte - 247) * 256 + second + 108, size: 2 };
  if (byte <= 254) return { value: -(byte - 251) * 256 - second - 108, size: 2 };
  const fixed = (second << 24) | (third << 16) | (fourth << 8) | fifth;
  return { value: fixed / 65_536, size: 5 };
}
