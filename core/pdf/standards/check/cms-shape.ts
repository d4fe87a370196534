/** The outer shape of a CMS signature (RFC 5652 §5.1): how many certificates and signers it has. */

export interface CmsShape {
  readonly certificates: number;
  readonly signers: number;
}

const SIGNED_DATA = '06092a864886f70d010702';
const MOST_ITEMS = 10_000;

/** Undefined for what is no SignedData. */
export function cmsShape(bytes: Uint8Array): CmsShape | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const [content] = items(data, 0, data.length, 1);
    if (content?.tag !== 0x30) return undefined;
    const [type, wrapped] = items(data, content.start, content.end);
    if (
      type === undefined ||
      data.toString('hex', type.at, type.end) !== SIGNED_DATA ||
      wrapped === undefined
    ) {
      return undefined;
    }
    const [signed] = items(data, wrapped.start, wrapped.end);
    if (signed?.tag !== 0x30) return undefined;
    const parts = items(data, signed.start, signed.end);
    const certificates = parts.find(({ tag }) => tag === 0xa0);
    const signers = parts.findLast(({ tag }) => tag === 0x31);
    const isAlone = parts.filter(({ tag }) => tag === 0x31).length < 2;
    return {
      certificates: certificates === undefined ? 0 : items(data, certificates.start, certificates.end).length,
      signers: signers === undefined || isAlone ? 0 : items(data, signers.start, signers.end).length,
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Item {
  readonly tag: number;
  readonly at: number;
  /** Of the content. */
  readonly start: number;
  readonly end: number;
  /** Behind the item, past the mark that ends one of indefinite length. */
  readonly behind: number;
}

/** The items of a constructed one. Throws RangeError when the data end too early. */
function items(data: Buffer, from: number, to: number, most = MOST_ITEMS): Item[] {
  const found: Item[] = [];
  for (let at = from; at < to && found.length < most;) {
    const item = itemAt(data, at, 0);
    if (item.tag === 0 && item.start === item.end) break;
    found.push(item);
    at = item.behind;
  }
  return found;
}

function itemAt(data: Buffer, at: number, depth: number): Item {
  if (depth > 64) throw new RangeError('nested too deeply');
  const tag = data.readUInt8(at);
  const first = data.readUInt8(at + 1);
  if (first === 0x80) return indefinite(data, tag, at, depth);
  const size = first < 0x80 ? 0 : first & 0x7f;
  if (size > 4) throw new RangeError('too long');
  const length = size === 0 ? first : data.readUIntBE(at + 2, size);
  const start = at + 2 + size;
  if (start + length > data.length) throw new RangeError('ends too early');
  return { tag, at, start, end: start + length, behind: start + length };
}

function indefinite(data: Buffer, tag: number, at: number, depth: number): Item {
  let inner = at + 2;
  while (data.readUInt16BE(inner) !== 0) inner = itemAt(data, inner, depth + 1).behind;
  return { tag, at, start: at + 2, end: inner, behind: inner + 2 };
}
