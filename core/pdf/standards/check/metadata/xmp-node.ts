/** The XMP data model (ISO 16684-1 §6) read from RDF/XML (§7). */
import { parseXml, XmlFault, type XmlAttribute, type XmlElement, type XmlNode } from './xml.ts';

export interface XmpNode {
  /** As written in the packet. */
  readonly prefix: string;
  readonly namespace: string;
  readonly name: string;
  value: string;
  form: 'simple' | 'struct' | 'bag' | 'seq' | 'alt';
  children: XmpNode[];
  /** `xml:lang`, normalised. */
  language: string | undefined;
}

export interface XmpPacket {
  readonly properties: readonly XmpNode[];
  /** Of the processing instruction `xpacket` that begins it. */
  readonly header: string;
}

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XML = 'http://www.w3.org/XML/1998/namespace';
const META = 'adobe:ns:meta/';
const OLD_DUBLIN_CORE = 'http://purl.org/dc/1.1/';
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';

/** Throws XmlFault when the text is not well formed, or no XMP. */
export function parseXmp(text: string): XmpPacket {
  const nodes = parseXml(text.replace(/[\s\0]*$/, ''));
  const found = findRdf(nodes, { header: '' });
  if (found?.rdf === undefined) return { properties: [], header: '' };
  return { properties: new RdfReader().read(found.rdf), header: found.header };
}

interface FoundRdf {
  readonly rdf: XmlElement | undefined;
  readonly header: string;
}

function findRdf(nodes: readonly XmlNode[], state: { header: string }): FoundRdf | undefined {
  for (const node of nodes) {
    if (node.kind === 'instruction' && node.target === 'xpacket') state.header = node.data;
    if (node.kind !== 'element') continue;
    const isMeta = node.namespace === META && (node.local === 'xmpmeta' || node.local === 'xapmeta');
    if (!isMeta && node.namespace === RDF && node.local === 'RDF') return { rdf: node, header: state.header };
    const inner = findRdf(node.children, state);
    if (inner !== undefined || isMeta) return inner;
  }
  return undefined;
}

/** Terms of RDF that name no property. */
const CORE_TERMS = new Set([
  'RDF',
  'ID',
  'about',
  'parseType',
  'resource',
  'nodeID',
  'datatype',
  'Description',
]);
const OLD_TERMS = new Set(['aboutEach', 'aboutEachPrefix', 'bagID']);

class RdfReader {
  readonly #properties: XmpNode[] = [];
  /** Names of the properties in a list of them. */
  readonly #names = new Map<readonly XmpNode[], Set<string>>();
  #about = '';

  read(rdf: XmlElement): XmpNode[] {
    for (const child of elementsOf(rdf.children, 'Something else than a description stands in RDF')) {
      if (!isRdf(child, 'Description')) throw new XmlFault('The RDF holds something else than descriptions');
      this.#nodeAttributes(child, undefined);
      this.#propertyElements(child, undefined);
    }
    return this.#properties;
  }

  #nodeAttributes(element: XmlElement, parent: XmpNode | undefined): void {
    let exclusive = 0;
    for (const attribute of element.attributes) {
      const term = termOf(attribute, element);
      if (term === 'about' || term === 'ID' || term === 'nodeID') {
        exclusive += 1;
        if (exclusive > 1) throw new XmlFault('A description is named twice');
        if (term === 'about' && parent === undefined) this.#setAbout(attribute.value);
      } else if (term === undefined) this.#add(parent, attribute, attribute.value);
      else throw new XmlFault(`A description has the attribute rdf:${term}`);
    }
  }

  #setAbout(value: string): void {
    if (this.#about === '') this.#about = value;
    else if (value !== '' && value !== this.#about)
      throw new XmlFault('Descriptions are about different things');
  }

  #propertyElements(element: XmlElement, parent: XmpNode | undefined): void {
    for (const child of elementsOf(element.children, 'A property is no element'))
      this.#property(child, parent);
  }

  #property(element: XmlElement, parent: XmpNode | undefined): void {
    const isReserved =
      element.namespace === RDF && (CORE_TERMS.has(element.local) || OLD_TERMS.has(element.local));
    if (isReserved) throw new XmlFault(`rdf:${element.local} is no property`);
    if (element.attributes.length > 3) {
      this.#empty(element, parent);
      return;
    }
    for (const attribute of element.attributes) {
      if (isLanguage(attribute) || (attribute.namespace === RDF && attribute.local === 'ID')) continue;
      if (attribute.namespace === RDF && attribute.local === 'datatype') this.#literal(element, parent);
      else if (attribute.namespace !== RDF || attribute.local !== 'parseType') this.#empty(element, parent);
      else if (attribute.value === 'Resource') this.#resource(element, parent);
      else throw new XmlFault(`rdf:parseType "${attribute.value.slice(0, 40)}" is not allowed`);
      return;
    }
    if (element.children.length === 0) this.#empty(element, parent);
    else if (element.children.some(({ kind }) => kind !== 'text')) this.#compound(element, parent);
    else this.#literal(element, parent);
  }

  #literal(element: XmlElement, parent: XmpNode | undefined): void {
    const text = element.children.map((child) => {
      if (child.kind !== 'text') throw new XmlFault('A text holds something else than text');
      return child.text;
    });
    const node = this.#add(parent, element, text.join(''));
    for (const attribute of element.attributes) {
      if (isLanguage(attribute)) node.language = normalised(attribute.value);
      else if (attribute.namespace !== RDF) throw new XmlFault('A text has an attribute that it cannot have');
    }
  }

  /** `rdf:parseType="Resource"`: a structure without its description. */
  #resource(element: XmlElement, parent: XmpNode | undefined): void {
    const node = this.#add(parent, element, '');
    node.form = 'struct';
    for (const attribute of element.attributes) {
      if (isLanguage(attribute)) node.language = normalised(attribute.value);
      else if (attribute.namespace !== RDF)
        throw new XmlFault('A structure has an attribute that it cannot have');
    }
    this.#propertyElements(element, node);
    fixValue(node);
  }

  #compound(element: XmlElement, parent: XmpNode | undefined): void {
    const node = this.#add(parent, element, '');
    for (const attribute of element.attributes) {
      if (isLanguage(attribute)) node.language = normalised(attribute.value);
      else if (attribute.namespace !== RDF || attribute.local !== 'ID') {
        throw new XmlFault('A property has an attribute that it cannot have');
      }
    }
    const [inner, ...more] = elementsOf(element.children, 'A property holds text beside elements');
    if (inner === undefined || more.length > 0) throw new XmlFault('A property does not hold one element');
    node.form = formOf(inner);
    if (inner.namespace === undefined) throw new XmlFault('An element has no namespace');
    if (inner.namespace === RDF && !['Description', 'Bag', 'Seq', 'Alt'].includes(inner.local)) {
      if (CORE_TERMS.has(inner.local) || OLD_TERMS.has(inner.local) || inner.local === 'li') {
        throw new XmlFault(`rdf:${inner.local} stands where it cannot stand`);
      }
    }
    this.#nodeAttributes(inner, node);
    this.#propertyElements(inner, node);
    fixValue(node);
  }

  /** An element without content, whose value is in its attributes. */
  #empty(element: XmlElement, parent: XmpNode | undefined): void {
    if (element.children.length > 0) throw new XmlFault('A property has both content and attributes');
    const value = element.attributes.find(
      ({ namespace, local }) => namespace === RDF && (local === 'value' || local === 'resource'),
    );
    const node = this.#add(parent, element, value?.value ?? '');
    const others = element.attributes.filter(
      (attribute) => attribute !== value && !isLanguage(attribute) && attribute.namespace !== RDF,
    );
    for (const attribute of element.attributes) {
      const term = termOf(attribute, element);
      if (term !== undefined && !['ID', 'resource', 'nodeID'].includes(term) && attribute !== value) {
        throw new XmlFault(`An empty property has the attribute rdf:${term}`);
      }
      if (isLanguage(attribute)) node.language = normalised(attribute.value);
    }
    if (value !== undefined || others.length === 0) return;
    node.form = 'struct';
    for (const attribute of others) this.#add(node, attribute, attribute.value);
  }

  #add(parent: XmpNode | undefined, source: XmlElement | XmlAttribute, value: string): XmpNode {
    const { prefix, local } = source;
    if (source.namespace === undefined) throw new XmlFault(`"${local.slice(0, 40)}" has no namespace`);
    const namespace = source.namespace === OLD_DUBLIN_CORE ? DUBLIN_CORE : source.namespace;
    const isItem = namespace === RDF && local === 'li';
    const isArray = parent !== undefined && parent.form !== 'simple' && parent.form !== 'struct';
    if (isItem && !isArray) throw new XmlFault('rdf:li stands outside of an array');
    const siblings = parent?.children ?? this.#properties;
    if (!isItem) {
      const names = this.#names.get(siblings) ?? new Set<string>();
      this.#names.set(siblings, names);
      const key = `${local} ${namespace}`;
      if (names.has(key)) throw new XmlFault(`${prefix}:${local.slice(0, 40)} is there twice`);
      names.add(key);
    }
    const node: XmpNode = {
      prefix,
      namespace,
      name: isItem ? '[]' : local,
      value,
      form: 'simple',
      children: [],
      language: undefined,
    };
    siblings.push(node);
    return node;
  }
}

function formOf(element: XmlElement): XmpNode['form'] {
  if (element.namespace !== RDF) return 'struct';
  return ({ Bag: 'bag', Seq: 'seq', Alt: 'alt' } as const)[element.local] ?? 'struct';
}

/** A structure with rdf:value is that value; the rest qualifies it (ISO 16684-1 §7.8). */
function fixValue(node: XmpNode): void {
  const value = node.children.find(({ namespace, name }) => namespace === RDF && name === 'value');
  if (value === undefined || node.form !== 'struct') return;
  node.form = value.form;
  node.value = value.value;
  node.children = value.children;
  node.language ??= value.language;
}

function elementsOf(nodes: readonly XmlNode[], problem: string): XmlElement[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'element') return [node];
    if (node.kind === 'text' && /^\s*$/.test(node.text)) return [];
    throw new XmlFault(problem);
  });
}

const isRdf = ({ namespace, local }: XmlElement, name: string): boolean =>
  namespace === RDF && local === name;

const isLanguage = ({ namespace, local }: XmlAttribute): boolean => namespace === XML && local === 'lang';

/** The RDF term of an attribute, undefined for a property. */
function termOf(attribute: XmlAttribute, owner: XmlElement): string | undefined {
  const { namespace, local } = attribute;
  const isPlain = namespace === undefined && (local === 'about' || local === 'ID') && owner.namespace === RDF;
  if (!isPlain && namespace !== RDF) return undefined;
  return CORE_TERMS.has(local) || OLD_TERMS.has(local) || local === 'li' ? local : undefined;
}

function normalised(language: string): string {
  if (language === 'x-default') return language;
  return language
    .replaceAll(' ', '')
    .split(/[-_]/)
    .map((part, index) => (index === 1 ? part.toUpperCase() : part.toLowerCase()))
    .join('-');
}
