/** Reads XMP packets (ISO 16684-1 §7) of any file: what they say, and which standards they claim. */
import { parseXml, XmlError, type XmlElement } from '../../xml/xml-tree.ts';
import type { Standards } from './model.ts';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XML = 'http://www.w3.org/XML/1998/namespace';
const PDFAID = 'http://www.aiim.org/pdfa/ns/id/';
const PDFUAID = 'http://www.aiim.org/pdfua/ns/id/';

export type XmpValue =
  | { readonly kind: 'text'; readonly text: string; readonly language: string | undefined }
  | { readonly kind: 'Bag' | 'Seq' | 'Alt'; readonly items: readonly XmpValue[] }
  | { readonly kind: 'structure'; readonly fields: readonly XmpProperty[] };

export interface XmpProperty {
  readonly namespace: string;
  readonly name: string;
  readonly value: XmpValue;
}

/** The properties of a packet in their order. Throws XmlError for what is not XMP in RDF. */
export function readXmp(packet: Uint8Array): XmpProperty[] {
  const root = parseXml(decoded(packet));
  const rdf = isRdf(root, 'RDF') ? root : root.children.find((child) => isRdf(child, 'RDF'));
  if (rdf === undefined) throw new XmlError('It holds no RDF');
  return rdf.children.filter((child) => isRdf(child, 'Description')).flatMap(propertiesOf);
}

/** The text of a simple property, or of the first item of an array. */
export function xmpText(
  properties: readonly XmpProperty[],
  namespace: string,
  name: string,
): string | undefined {
  let value = properties.find((each) => each.namespace === namespace && each.name === name)?.value;
  if (value !== undefined && 'items' in value) value = value.items[0];
  return value?.kind === 'text' ? value.text.trim() : undefined;
}

/** Undefined parts are not claimed, or in a way that names no level. */
export function claimedStandards(properties: readonly XmpProperty[]): Standards {
  const part = Number(xmpText(properties, PDFAID, 'part'));
  const conformance = xmpText(properties, PDFAID, 'conformance')?.toUpperCase();
  const ua = Number(xmpText(properties, PDFUAID, 'part'));
  const isPart = part === 1 || part === 2 || part === 3 || part === 4;
  return {
    pdfa: isPart ? { part, conformance: CONFORMANCES.find((each) => each === conformance) } : undefined,
    ua: ua === 1 || ua === 2 ? ua : undefined,
  };
}

const CONFORMANCES = ['A', 'B', 'U', 'E', 'F'] as const;

/** UTF-8, or UTF-16 and UTF-32 as their byte order marks say (ISO 16684-1 §7.1). */
function decoded(packet: Uint8Array): string {
  const [first, second] = packet;
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(packet);
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(packet);
  if (first === 0 && second !== 0) return new TextDecoder('utf-16be').decode(packet);
  if (first !== 0 && second === 0) return new TextDecoder('utf-16le').decode(packet);
  return new TextDecoder('utf-8').decode(packet);
}

const isRdf = ({ namespace, name }: XmlElement, wanted: string): boolean =>
  namespace === RDF && name === wanted;

/** Properties are elements, or attributes for short. */
function propertiesOf(description: XmlElement): XmpProperty[] {
  const short = description.attributes.flatMap(({ namespace, name, value }) =>
    namespace === RDF || namespace === XML || namespace === ''
      ? []
      : [{ namespace, name, value: { kind: 'text' as const, text: value, language: undefined } }],
  );
  const long = description.children.map((child) => ({
    namespace: child.namespace,
    name: child.name,
    value: valueOf(child),
  }));
  return [...short, ...long];
}

function valueOf(element: XmlElement): XmpValue {
  const attribute = (namespace: string, name: string): string | undefined =>
    element.attributes.find((each) => each.namespace === namespace && each.name === name)?.value;
  const [only] = element.children;
  if (only !== undefined && only.namespace === RDF) {
    const kind = (['Bag', 'Seq', 'Alt'] as const).find((name) => name === only.name);
    if (kind !== undefined) return { kind, items: only.children.map(valueOf) };
    if (only.name === 'Description') return { kind: 'structure', fields: propertiesOf(only) };
  }
  if (attribute(RDF, 'parseType') === 'Resource' || only !== undefined) {
    return { kind: 'structure', fields: propertiesOf(element) };
  }
  const resource = attribute(RDF, 'resource');
  const fields = propertiesOf(element);
  if (resource === undefined && fields.length > 0 && element.text.trim() === '') {
    return { kind: 'structure', fields };
  }
  return { kind: 'text', text: resource ?? element.text, language: attribute(XML, 'lang') };
}
