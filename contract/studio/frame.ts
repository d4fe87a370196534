/**
 * How a call travels over HTTP. Without zod, so that the page's first script stays small.
 *
 * A value with bytes as one body: the length of the JSON (4 bytes, big endian), the JSON, the bytes. The bytes are the
 * field `bytes` of the value or of its `data`; everything else is JSON. Over IPC values are cloned and need no frame.
 */
export const FRAME_TYPE = 'application/vnd.influxion.frame';

/**
 * Every request to `/studio` carries it. A page of another site cannot send it without a CORS preflight, which is never
 * answered (Fetch standard, "CORS-safelisted request-header").
 */
export const STUDIO_HEADER = 'x-influxion-studio';

/** Of the Encoding standard: Node and the page both have them, the contract is written for either. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

const LENGTH_BYTES = 4;

interface Holder {
  readonly bytes?: unknown;
}

const holds = (value: unknown): value is { readonly bytes: Uint8Array } =>
  typeof value === 'object' && value !== null && (value as Holder).bytes instanceof Uint8Array;

/** The length and JSON of a frame, and the bytes that follow them: together the body, without a copy of the bytes. */
export function encodeFrameParts(value: object): readonly [head: Uint8Array, bytes: Uint8Array] {
  const inner = (value as { readonly data?: unknown }).data;
  const place = holds(value) ? 'self' : holds(inner) ? 'data' : null;
  const bytes = holds(value) ? value.bytes : holds(inner) ? inner.bytes : new Uint8Array();
  // Taken out before: a Buffer writes itself as JSON, number by number, before any replacer is asked.
  const rest =
    place === 'self'
      ? { ...value, bytes: null }
      : place === 'data'
        ? { ...value, data: { ...(inner as object), bytes: null } }
        : value;
  const json = new TextEncoder().encode(JSON.stringify({ place, value: rest }));
  const head = new Uint8Array(LENGTH_BYTES + json.length);
  new DataView(head.buffer).setUint32(0, json.length);
  head.set(json, LENGTH_BYTES);
  return [head, bytes];
}

export function encodeFrame(value: object): Uint8Array {
  const [head, bytes] = encodeFrameParts(value);
  const frame = new Uint8Array(head.length + bytes.length);
  frame.set(head);
  frame.set(bytes, head.length);
  return frame;
}

/** Throws a RangeError or SyntaxError for what is no frame. */
export function decodeFrame(frame: Uint8Array): unknown {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const end = LENGTH_BYTES + view.getUint32(0);
  if (end > frame.length) throw new RangeError('The frame is cut off');
  const { place, value } = JSON.parse(new TextDecoder().decode(frame.subarray(LENGTH_BYTES, end))) as {
    place: 'self' | 'data' | null;
    value: Record<string, unknown>;
  };
  const bytes = frame.subarray(end);
  if (place === 'self') return { ...value, bytes };
  if (place === 'data') return { ...value, data: { ...(value['data'] as object), bytes } };
  return value;
}
