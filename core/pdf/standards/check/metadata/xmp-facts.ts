/** An XMP metadata stream: its text, its properties, or why it cannot be read. */
import type { PdfStream } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import { parseXmp, type XmpNode, type XmpPacket } from './xmp-node.ts';
import { isLanguageAlternative } from './xmp-types.ts';
import { XmlFault } from './xml.ts';
import { NAMESPACE } from './xmp-schemas.ts';

export interface XmpFacts {
  readonly object: number | undefined;
  /** Undefined when the packet cannot be read. */
  readonly packet: XmpPacket | undefined;
  readonly problem: string | undefined;
  readonly encoding: string;
  /** /pdfaExtension:schemas */
  readonly extensions: XmpNode | undefined;
  /** Without the extension schemas. */
  readonly properties: readonly XmpNode[];
}

const MOST_BYTES = 16 * 1024 * 1024;

export function xmpFacts(file: CheckedFile, stream: PdfStream, object: number | undefined): XmpFacts {
  const bytes = file.decode(stream, MOST_BYTES);
  if (bytes === undefined) return unreadable(object, 'It cannot be decoded');
  const { encoding, text } = decoded(bytes);
  try {
    const packet = parseXmp(text);
    const isExtension = ({ namespace, name }: XmpNode): boolean =>
      namespace === NAMESPACE.pdfaExtension && name === 'schemas';
    return {
      object,
      packet,
      problem: undefined,
      encoding,
      extensions: packet.properties.find(isExtension),
      properties: packet.properties.filter((node) => !isExtension(node)),
    };
  } catch (error) {
    if (error instanceof XmlFault) return unreadable(object, error.message);
    throw error;
  }
}

const unreadable = (object: number | undefined, problem: string): XmpFacts => ({
  object,
  packet: undefined,
  problem,
  encoding: 'UTF-8',
  extensions: undefined,
  properties: [],
});

function decoded(bytes: Uint8Array): { encoding: string; text: string } {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  const as = (encoding: string, label = encoding): { encoding: string; text: string } => ({
    encoding,
    text: new TextDecoder(label).decode(bytes),
  });
  if (first === 0 && second !== 0) return as('UTF-16BE', 'utf-16be');
  if (first === 0xfe && second === 0xff) return as('UTF-16BE', 'utf-16be');
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0)
    return { encoding: 'UTF-32', text: utf32(bytes) };
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && third !== 0))
    return as('UTF-16LE', 'utf-16le');
  if (first === 0 || second === 0) return { encoding: 'UTF-32', text: utf32(bytes) };
  try {
    return { encoding: 'UTF-8', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    // Old writers mixed Latin-1 into what they called UTF-8.
    return { encoding: 'UTF-8', text: Buffer.from(bytes).toString('latin1') };
  }
}

function utf32(bytes: Uint8Array): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength & ~3);
  const isBig = data[0] === 0;
  let text = '';
  for (let at = 0; at + 4 <= data.length; at += 4) {
    const code = isBig ? data.readUInt32BE(at) : data.readUInt32LE(at);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

export const propertyOf = (
  facts: XmpFacts | undefined,
  namespace: string,
  name: string,
): XmpNode | undefined =>
  facts?.properties.find((node) => node.namespace === namespace && node.name === name);

/** The value of a simple property. */
export function simpleValue(
  facts: XmpFacts | undefined,
  namespace: string,
  name: string,
): string | undefined {
  const node = propertyOf(facts, namespace, name);
  return node?.form === 'simple' ? node.value : undefined;
}

/** Of a language alternative: the default text. */
export function defaultText(node: XmpNode | undefined): string | undefined {
  if (node === undefined || !isLanguageAlternative(node)) return undefined;
  const { children } = node;
  return (children.find(({ language }) => language === 'x-default') ?? children[0])?.value;
}
