/** The boxes of a JPEG 2000 file that rules ask about (ISO/IEC 15444-1 Annex I). */
import type { PdfStream } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';

export interface Jpeg2000Facts {
  readonly channels: number;
  readonly depth: number | undefined;
  /** The channels have depths of their own. */
  readonly hasDepths: boolean;
  /** Colour specifications, and those marked as the one to use. */
  readonly specs: number;
  readonly approximate: number;
  /** Of the specification to use. */
  readonly method: number | undefined;
  readonly enumerated: number | undefined;
}

const MOST_BOXES = 1_000;

/** Undefined for an image that is none. */
export function jpeg2000Facts(file: CheckedFile, stream: PdfStream): Jpeg2000Facts | undefined {
  const filter = file.resolve(stream.dict.get('Filter'));
  const filters = Array.isArray(filter) ? filter : [filter];
  if (file.name(filters.at(-1)) !== 'JPXDecode') return undefined;
  const bytes = file.rawBytes(stream);
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = [...boxes(data, 0, data.length)].find(({ type }) => type === 'jp2h');
  if (header === undefined) return codestreamFacts(data);
  let channels = 0;
  let depth: number | undefined;
  let hasDepths = false;
  const specs: { method: number; approximate: number; enumerated: number | undefined }[] = [];
  for (const { type, start, end } of boxes(data, header.start, header.end)) {
    if (type === 'ihdr' && end - start >= 11) {
      channels = data.readUInt16BE(start + 8);
      depth = (data.readUInt8(start + 10) & 0x7f) + 1;
    } else if (type === 'bpcc') hasDepths = true;
    else if (type === 'colr' && end - start >= 3) {
      const method = data.readUInt8(start);
      const enumerated = method === 1 && end - start >= 7 ? data.readUInt32BE(start + 3) : undefined;
      specs.push({ method, approximate: data.readUInt8(start + 2), enumerated });
    }
  }
  const chosen = specs.find(({ approximate }) => approximate === 1) ?? specs[0];
  return {
    channels,
    depth,
    hasDepths,
    specs: specs.length,
    approximate: specs.filter(({ approximate }) => approximate === 1).length,
    method: chosen?.method,
    enumerated: chosen?.enumerated,
  };
}

/** A bare codestream says nothing of its colours. */
function codestreamFacts(data: Buffer): Jpeg2000Facts {
  const isCodestream = data.length > 43 && data.readUInt32BE(0) === 0xff4fff51;
  return {
    channels: isCodestream ? data.readUInt16BE(40) : 0,
    depth: isCodestream ? (data.readUInt8(42) & 0x7f) + 1 : undefined,
    hasDepths: false,
    specs: 0,
    approximate: 0,
    method: undefined,
    enumerated: undefined,
  };
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function* boxes(data: Buffer, from: number, to: number): Generator<Box> {
  let at = from;
  for (let count = 0; at + 8 <= to && count < MOST_BOXES; count += 1) {
    const size = data.readUInt32BE(at);
    const type = data.toString('latin1', at + 4, at + 8);
    const isLong = size === 1 && at + 16 <= to;
    const head = isLong ? 16 : 8;
    const length = isLong ? Number(data.readBigUInt64BE(at + 8)) : size === 0 ? to - at : size;
    if (length < head || at + length > to) return;
    yield { type, start: at + head, end: at + length };
    at += length;
  }
}
