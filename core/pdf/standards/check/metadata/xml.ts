/** A small XML 1.0 reader with namespaces for XMP packets. It knows no document types: entities of others are an attack. */

export class XmlFault extends Error {}

export interface XmlAttribute {
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string | undefined;
  readonly value: string;
}

export interface XmlElement {
  readonly kind: 'element';
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string | undefined;
  /** Without declarations of namespaces. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}

export type XmlNode =
  | XmlElement
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'instruction'; readonly target: string; readonly data: string };

const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*/uy;
const SPACE = /[ \t\r\n]*/y;
const MOST_DEPTH = 256;
/** In force at one place; each element that adds one copies those around it. */
const MOST_NAMESPACES = 1_000;
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

type Bindings = ReadonlyMap<string, string>;

/** The nodes of the document in order. Throws XmlFault. */
export function parseXml(text: string): XmlNode[] {
  return new XmlReader(text).document();
}

class XmlReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    // Beyond these, XML 1.0 knows no control characters.

    if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text))
      throw new XmlFault('It holds a control character');
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  document(): XmlNode[] {
    const nodes: XmlNode[] = [];
    let roots = 0;
    if (this.#text.startsWith('<?xml ', this.#at)) this.#instruction();
    while (this.#at < this.#text.length) {
      const node = this.#node(new Map([['xml', XML_NAMESPACE]]), 0);
      if (node === undefined) continue;
      if (node.kind === 'text' && /\S/.test(node.text))
        throw new XmlFault('It holds text outside of the root');
      if (node.kind === 'element') roots += 1;
      nodes.push(node);
    }
    if (roots !== 1) throw new XmlFault(roots === 0 ? 'It has no element' : 'It has more than one root');
    return nodes;
  }

  #node(bindings: Bindings, depth: number): XmlNode | undefined {
    if (depth > MOST_DEPTH) throw new XmlFault('It is nested too deeply');
    const text = this.#text;
    if (text[this.#at] !== '<') return this.#characters();
    if (text.startsWith('<!--', this.#at)) {
      this.#comment();
      return;
    }
    if (text.startsWith('<![CDATA[', this.#at)) return this.#cdata();
    if (text.startsWith('<?', this.#at)) return this.#instruction();
    if (text.startsWith('<!', this.#at)) throw new XmlFault('It has a document type');
    return this.#element(bindings, depth);
  }

  #characters(): XmlNode {
    const end = this.#text.indexOf('<', this.#at);
    const raw = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end;
    if (raw.includes(']]>')) throw new XmlFault('It has "]]>" in its text');
    return { kind: 'text', text: unescape(raw.replaceAll(/\r\n?/g, '\n')) };
  }

  #until(mark: string, from: number): string {
    const end = this.#text.indexOf(mark, from);
    if (end < 0) throw new XmlFault(`"${mark}" is missing`);
    this.#at = end + mark.length;
    return this.#text.slice(from, end);
  }

  #comment(): undefined {
    if (this.#until('-->', this.#at + 4).includes('--')) throw new XmlFault('A comment has "--" in it');
    return undefined;
  }

  #cdata(): XmlNode {
    return { kind: 'text', text: this.#until(']]>', this.#at + 9) };
  }

  #instruction(): XmlNode {
    const body = this.#until('?>', this.#at + 2);
    const match = /^([\p{L}_:][\p{L}\p{N}_:.-]*)(?:[ \t\r\n]+([^]*))?$/u.exec(body);
    if (match === null) throw new XmlFault('A processing instruction is broken');
    return { kind: 'instruction', target: match[1] ?? '', data: match[2] ?? '' };
  }

  #element(outer: Bindings, depth: number): XmlElement {
    this.#at += 1;
    const name = this.#name();
    const raw: { name: string; value: string }[] = [];
    for (;;) {
      const hadSpace = this.#space();
      const next = this.#text[this.#at];
      if (next === '>' || next === '/') break;
      if (!hadSpace) throw new XmlFault('Attributes are not parted by a space');
      raw.push(this.#attribute());
    }
    if (new Set(raw.map((attribute) => attribute.name)).size < raw.length) {
      throw new XmlFault('An element has an attribute twice');
    }
    const bindings = bound(outer, raw);
    const attributes = raw
      .filter(({ name: key }) => !isDeclaration(key))
      .map((attribute) => {
        const { prefix, local } = split(attribute.name);
        return {
          prefix,
          local,
          namespace: prefix === '' ? undefined : need(bindings, prefix),
          value: attribute.value,
        };
      });
    const { prefix, local } = split(name);
    const namespace = prefix === '' ? bindings.get('') : need(bindings, prefix);
    const children = this.#content(name, bindings, depth);
    return {
      kind: 'element',
      prefix,
      local,
      namespace: namespace === '' ? undefined : namespace,
      attributes,
      children,
    };
  }

  #content(name: string, bindings: Bindings, depth: number): XmlNode[] {
    if (this.#text.startsWith('/>', this.#at)) {
      this.#at += 2;
      return [];
    }
    this.#expect('>');
    const children: XmlNode[] = [];
    while (!this.#text.startsWith('</', this.#at)) {
      if (this.#at >= this.#text.length) throw new XmlFault(`<${name}> is not closed`);
      const node = this.#node(bindings, depth + 1);
      const last = children.at(-1);
      if (node?.kind === 'text' && last?.kind === 'text') {
        children[children.length - 1] = { kind: 'text', text: last.text + node.text };
      } else if (node !== undefined) children.push(node);
    }
    this.#at += 2;
    if (this.#name() !== name) throw new XmlFault(`<${name}> is closed by another name`);
    this.#space();
    this.#expect('>');
    return children;
  }

  #attribute(): { name: string; value: string } {
    const name = this.#name();
    this.#space();
    this.#expect('=');
    this.#space();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") throw new XmlFault('A value has no quotes');
    const value = this.#until(quote, this.#at + 1);
    if (value.includes('<')) throw new XmlFault('A value has "<" in it');
    return { name, value: unescape(value.replaceAll(/[\t\r\n]/g, ' ')) };
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const match = NAME.exec(this.#text);
    if (match === null) throw new XmlFault('A name is missing');
    this.#at += match[0].length;
    return match[0];
  }

  #space(): boolean {
    SPACE.lastIndex = this.#at;
    const length = SPACE.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #expect(mark: string): void {
    if (!this.#text.startsWith(mark, this.#at)) throw new XmlFault(`"${mark}" is missing`);
    this.#at += mark.length;
  }
}

const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');

function bound(outer: Bindings, attributes: readonly { name: string; value: string }[]): Bindings {
  const own = attributes.filter(({ name }) => isDeclaration(name));
  if (own.length === 0) return outer;
  const bindings = new Map(outer);
  for (const { name, value } of own) bindings.set(name === 'xmlns' ? '' : name.slice(6), value);
  if (bindings.size > MOST_NAMESPACES) throw new XmlFault('It has too many namespaces');
  return bindings;
}

function need(bindings: Bindings, prefix: string): string {
  const namespace = bindings.get(prefix);
  if (namespace === undefined || namespace === '')
    throw new XmlFault(`The prefix "${prefix}" has no namespace`);
  return namespace;
}

function split(name: string): { prefix: string; local: string } {
  const at = name.indexOf(':');
  return at < 0 ? { prefix: '', local: name } : { prefix: name.slice(0, at), local: name.slice(at + 1) };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));|&/g, (whole: string, hex, decimal, name) => {
    const code =
      hex !== undefined ? parseInt(String(hex), 16) : decimal !== undefined ? Number(decimal) : undefined;
    const character =
      code === undefined ? ENTITIES[String(name)] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (character === undefined) throw new XmlFault(`"${whole.slice(0, 20)}" is no reference`);
    return character;
  });
}
