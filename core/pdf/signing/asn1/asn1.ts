/**
 * Reads BER as certificates, PKCS #12 and CMS use it (X.690): low tag numbers, definite and indefinite lengths, strings in
 * pieces. Elements are views into the bytes that were given; what an element holds is read when it is asked for.
 */

/** The bytes are not what their place asks for. The message names the place, never the content. */
export class Asn1Error extends Error {
  override readonly name = 'Asn1Error';
}

/** Universal tags as identifier octets (X.690 §8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  universalString: 0x1c,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a context-specific tag. */
export const contextTag = (number: number, constructed = true): number =>
  0x80 | (constructed ? 0x20 : 0) | number;

const CONSTRUCTED = 0x20;
const HIGH_TAG = 0x1f;
const INDEFINITE = 0x80;
const END_OF_CONTENTS = 2;
/** Deeper than any structure that is read here; hostile bytes must not exhaust the stack. */
const DEEPEST = 48;
const MOST_CHILDREN = 100_000;

export class Asn1 {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  /** The whole element with its header. */
  readonly raw: Uint8Array;
  readonly content: Uint8Array;
  readonly #depth: number;
  #children: readonly Asn1[] | undefined;

  constructor(tag: number, raw: Uint8Array, content: Uint8Array, depth: number) {
    this.tag = tag;
    this.raw = raw;
    this.content = content;
    this.#depth = depth;
  }

  get isConstructed(): boolean {
    return (this.tag & CONSTRUCTED) !== 0;
  }

  /** Errors: Asn1Error when it holds no elements. */
  get children(): readonly Asn1[] {
    if (!this.isConstructed) throw new Asn1Error('A single value stands where a structure is expected.');
    return (this.#children ??= readAll(this.content, this.#depth + 1));
  }

  /** Its elements one after the other, without keeping them: a revocation list may have hundreds of thousands. */
  *walk(): Generator<Asn1> {
    if (!this.isConstructed) throw new Asn1Error('A single value stands where a structure is expected.');
    for (let at = 0; at < this.content.length;) {
      const element = readOne(this.content, at, this.#depth + 1);
      yield element;
      at += element.raw.length;
    }
  }

  /** The child at an index. Errors: Asn1Error when there is none, or with another tag. */
  at(index: number, tag?: number): Asn1 {
    const child = this.children[index];
    if (child === undefined) throw new Asn1Error('A structure is shorter than it has to be.');
    return tag === undefined ? child : child.expect(tag);
  }

  /** The first child of a tag, from an index on. */
  find(tag: number, from = 0): Asn1 | undefined {
    return this.children.find((child, index) => index >= from && child.tag === tag);
  }

  expect(tag: number): this {
    if (this.tag !== tag) {
      throw new Asn1Error(`An element of type ${hex(this.tag)} stands where ${hex(tag)} is expected.`);
    }
    return this;
  }

  get oid(): string {
    return readOid(this.expect(TAG.oid).content);
  }

  get integer(): bigint {
    if ((this.tag !== TAG.integer && this.tag !== TAG.enumerated) || this.content.length === 0) {
      throw new Asn1Error('A number is expected.');
    }
    const value = BigInt(`0x${Buffer.from(this.content).toString('hex')}`);
    const negative = ((this.content[0] ?? 0) & 0x80) !== 0;
    return negative ? value - (1n << BigInt(this.content.length * 8)) : value;
  }

  /** A count or a version. Errors: Asn1Error when it is negative or above 2³¹. */
  get count(): number {
    const value = this.content.length <= 5 ? this.integer : -1n;
    if (value < 0n || value > 0x7fff_ffffn) throw new Asn1Error('A number is out of range.');
    return Number(value);
  }

  get boolean(): boolean {
    return this.expect(TAG.boolean).content.some((byte) => byte !== 0);
  }

  /** The bytes of an octet string, put together when it comes in pieces; of an implicitly tagged one too. */
  get octets(): Uint8Array {
    if (!this.isConstructed) return this.content;
    return Buffer.concat(this.children.map((piece) => piece.octets));
  }

  /** The bytes of a bit string of whole bytes. */
  get bits(): Uint8Array {
    if (this.isConstructed || this.content.length === 0) throw new Asn1Error('A bit string is expected.');
    return this.content.subarray(1);
  }
}

const hex = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`;

/** The one element that the bytes hold. Errors: Asn1Error, also when something follows it. */
export function readAsn1(bytes: Uint8Array): Asn1 {
  const element = readOne(bytes, 0, 0);
  if (element.raw.length !== bytes.length) throw new Asn1Error('Something follows the end of the structure.');
  return element;
}

/** The first element that the bytes hold, whatever follows. Errors: Asn1Error. */
export const readFirstAsn1 = (bytes: Uint8Array): Asn1 => readOne(bytes, 0, 0);

function readAll(bytes: Uint8Array, depth: number): Asn1[] {
  const elements: Asn1[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = readOne(bytes, at, depth);
    elements.push(element);
    if (elements.length > MOST_CHILDREN) throw new Asn1Error('A structure has too many elements.');
    at += element.raw.length;
  }
  return elements;
}

function readOne(bytes: Uint8Array, start: number, depth: number): Asn1 {
  if (depth > DEEPEST) throw new Asn1Error('The structure is nested too deeply.');
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new Asn1Error('The structure is cut off.');
  if ((tag & HIGH_TAG) === HIGH_TAG) throw new Asn1Error('The structure has a tag that nothing here uses.');
  if (first === INDEFINITE) return readIndefinite(bytes, start, tag, depth);
  let header = 2;
  let length = first;
  if (first > INDEFINITE) {
    const octets = first & 0x7f;
    header += octets;
    length = 0;
    if (octets > 4) throw new Asn1Error('The structure has an impossible length.');
    for (let index = 0; index < octets; index++) length = length * 256 + (bytes[start + 2 + index] ?? 0);
  }
  const end = start + header + length;
  if (end > bytes.length) throw new Asn1Error('The structure is cut off.');
  return new Asn1(tag, bytes.subarray(start, end), bytes.subarray(start + header, end), depth);
}

/** An element that ends with two zero bytes (X.690 §8.1.5). */
function readIndefinite(bytes: Uint8Array, start: number, tag: number, depth: number): Asn1 {
  if ((tag & CONSTRUCTED) === 0) throw new Asn1Error('A single value has no length.');
  let at = start + 2;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) at += readOne(bytes, at, depth + 1).raw.length;
  const end = at + END_OF_CONTENTS;
  return new Asn1(tag, bytes.subarray(start, end), bytes.subarray(start + 2, at), depth);
}

function readOid(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 256) throw new Asn1Error('An object identifier is too large.');
    if ((byte & 0x80) !== 0) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first] = arcs;
  if (first === undefined) throw new Asn1Error('An object identifier is empty.');
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...arcs.slice(1)].join('.');
}
