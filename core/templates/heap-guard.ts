/**
 * V8 ends the whole process, not only the worker, when one native operation (parsing JSON, growing a table, flattening a
 * text) allocates much more than is left below a worker's limit: the limit can only interrupt JavaScript. So before such
 * an operation the heap is looked at, and the worker's real limit lies well above the one that is checked here.
 */
import { getHeapStatistics } from 'node:v8';
import { InfluxionError } from '../error.ts';

const BYTES_PER_MB = 1024 * 1024;
/** Data below this cannot fill a heap: JSON grows at most about twentyfold, by `{},{},`. */
const SMALL_JSON = 8_000_000;
/** Measured on V8 14 without pointer compression. */
const OBJECT_BYTES = 64;
const ARRAY_BYTES = 48;
const SLOT_BYTES = 8;
const STRING_BYTES = 24;

/** What a worker's heap may really grow to, in megabytes. */
export const hardHeapMb = (heapMb: number): number => heapMb * 2 + 256;

export function outOfMemory(heapMb: number): InfluxionError {
  return new InfluxionError(
    'TEMPLATE_OUT_OF_MEMORY',
    `The template and its data needed more than ${heapMb} MB of memory.`,
    { hint: 'Send less data, or split the document.' },
  );
}

/** Throws TEMPLATE_OUT_OF_MEMORY when so many bytes more would not fit. */
export function guardHeap(heapMb: number, bytes: number): void {
  if (getHeapStatistics().used_heap_size + bytes > heapMb * BYTES_PER_MB) throw outOfMemory(heapMb);
}

/** Throws TEMPLATE_OUT_OF_MEMORY when the values of a JSON text would not fit. */
export function guardJson(heapMb: number, text: string): void {
  if (text.length >= SMALL_JSON) guardHeap(heapMb, estimateJson(text));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const COLON = 0x3a;

/** Bytes on the heap, rather too many than too few. */
function estimateJson(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OPEN_BRACE:
        bytes += OBJECT_BYTES;
        break;
      case OPEN_BRACKET:
        bytes += ARRAY_BYTES;
        break;
      case COMMA:
        bytes += SLOT_BYTES;
        break;
      case COLON:
        // The text before it was a key, and the keys of like objects are shared.
        bytes -= STRING_BYTES;
        break;
      case QUOTE: {
        const end = endOfString(text, at + 1);
        bytes += STRING_BYTES + (end - at);
        at = end;
        break;
      }
      default:
    }
  }
  return bytes;
}

function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from);
  for (; end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
