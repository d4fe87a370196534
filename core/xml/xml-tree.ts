/**
 * A strict reader of small XML documents (XML 1.0, Namespaces in XML 1.0) from anywhere: no document type, so no entities but the
 * five of XML; depth, size and count are bounded.
 */

export interface XmlAttribute {
  /** Empty for an attribute without prefix. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Of the element itself, without that of its children. */
  readonly text: string;
}

/** `message` says what is wrong and at which character. */
export class XmlError extends Error {}

const MOST_DEPTH = 100;
const MOST_ELEMENTS = 1_000_000;
/** In force at one place; each element that adds one copies those around it. */
const MOST_NAMESPACES = 1_000;
const XML = 'http://www.w3.org/XML/1998/namespace';

const NAME = /[A-Za-z_:\u{c0}-\u{10ffff}][\w:.\-\u{b7}-\u{10ffff}]*/uy;
const SPACE = /[ \t\r\n]*/y;
const ATTRIBUTE_VALUE = /"([^"<]*)"|'([^'<]*)'/y;

interface Open {
  readonly qualified: string;
  readonly namespaces: ReadonlyMap<string, string>;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  text: string;
}

/** The root element. Throws XmlError. */
export function parseXml(source: string): XmlElement {
  return new Parser(source.replace(/^\u{feff}/u, '')).parse();
}

class Parser {
  readonly #source: string;
  readonly #open: Open[] = [];
  #at = 0;
  #elements = 0;
  #root: XmlElement | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): XmlElement {
    const source = this.#source;
    while (this.#at < source.length) {
      const next = source.indexOf('<', this.#at);
      this.#addText(unescape(source.slice(this.#at, next < 0 ? source.length : next), this.#at));
      this.#at = next < 0 ? source.length : next;
      if (next >= 0) this.#markup();
    }
    if (this.#open.length > 0 || this.#root === undefined) throw this.#fail('It ends too early');
    return this.#root;
  }

  #markup(): void {
    const source = this.#source;
    if (source.startsWith('<!--', this.#at)) this.#skipTo('-->');
    else if (source.startsWith('<?', this.#at)) this.#skipTo('?>');
    else if (source.startsWith('<![CDATA[', this.#at)) {
      const start = this.#at + '<![CDATA['.length;
      this.#skipTo(']]>');
      this.#addText(source.slice(start, this.#at - 3));
    } else if (source.startsWith('<!', this.#at)) throw this.#fail('A document type is not taken');
    else if (source.startsWith('</', this.#at)) this.#close();
    else this.#element();
  }

  #element(): void {
    this.#at += 1;
    const qualified = this.#name();
    const raw: { readonly qualified: string; readonly value: string }[] = [];
    for (;;) {
      const spaced = this.#skip(SPACE);
      const rest = this.#source.slice(this.#at, this.#at + 2);
      if (rest.startsWith('>') || rest === '/>') break;
      if (!spaced) throw this.#fail('A space is missing in a tag');
      raw.push(this.#attribute());
    }
    const isEmpty = this.#source[this.#at] === '/';
    this.#at += isEmpty ? 2 : 1;
    this.#start(qualified, raw);
    if (isEmpty) this.#end();
  }

  #attribute(): { qualified: string; value: string } {
    const qualified = this.#name();
    this.#skip(SPACE);
    if (this.#source[this.#at] !== '=') throw this.#fail('A "=" is missing');
    this.#at += 1;
    this.#skip(SPACE);
    ATTRIBUTE_VALUE.lastIndex = this.#at;
    const match = ATTRIBUTE_VALUE.exec(this.#source);
    if (match === null) throw this.#fail('The value of an attribute is broken');
    this.#at = ATTRIBUTE_VALUE.lastIndex;
    return { qualified, value: unescape(match[1] ?? match[2] ?? '', this.#at) };
  }

  #start(qualified: string, raw: readonly { readonly qualified: string; readonly value: string }[]): void {
    this.#elements += 1;
    if (this.#elements > MOST_ELEMENTS || this.#open.length >= MOST_DEPTH) {
      throw this.#fail('It has too many elements, or they are nested too deeply');
    }
    if (this.#open.length === 0 && this.#root !== undefined) throw this.#fail('It has two roots');
    const inherited = this.#open.at(-1)?.namespaces ?? new Map([['xml', XML]]);
    const declared = raw.flatMap(({ qualified: name, value }): [string, string][] =>
      name === 'xmlns' ? [['', value]] : name.startsWith('xmlns:') ? [[name.slice(6), value]] : [],
    );
    const namespaces = declared.length === 0 ? inherited : new Map([...inherited, ...declared]);
    if (namespaces.size > MOST_NAMESPACES) throw this.#fail('It has too many namespaces');
    const attributes = raw
      .filter(({ qualified: name }) => name !== 'xmlns' && !name.startsWith('xmlns:'))
      .map(({ qualified: name, value }) => ({ ...this.#resolve(name, namespaces, false), value }));
    const keys = new Set(attributes.map(({ namespace, name }) => `${namespace} ${name}`));
    if (keys.size < attributes.length) throw this.#fail('An attribute is given twice');
    this.#open.push({ qualified, namespaces, attributes, children: [], text: '' });
  }

  #close(): void {
    this.#at += 2;
    const qualified = this.#name();
    this.#skip(SPACE);
    if (this.#source[this.#at] !== '>') throw this.#fail('An end tag is broken');
    if (this.#open.at(-1)?.qualified !== qualified) throw this.#fail(`"</${qualified}>" closes nothing`);
    this.#at += 1;
    this.#end();
  }

  #end(): void {
    const open = this.#open.pop();
    if (open === undefined) return;
    const { namespaces, attributes, children, text, qualified } = open;
    const element = { ...this.#resolve(qualified, namespaces, true), attributes, children, text };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #resolve(
    qualified: string,
    namespaces: ReadonlyMap<string, string>,
    hasDefault: boolean,
  ): { namespace: string; name: string } {
    const colon = qualified.indexOf(':');
    if (colon < 0) return { namespace: hasDefault ? (namespaces.get('') ?? '') : '', name: qualified };
    const namespace = namespaces.get(qualified.slice(0, colon));
    if (namespace === undefined) throw this.#fail(`The prefix of "${qualified}" is not declared`);
    return { namespace, name: qualified.slice(colon + 1) };
  }

  #addText(text: string): void {
    const open = this.#open.at(-1);
    if (open !== undefined) open.text += text;
    else if (text.trim() !== '') throw this.#fail('There is text outside the root');
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const match = NAME.exec(this.#source);
    if (match === null) throw this.#fail('A name is missing');
    this.#at = NAME.lastIndex;
    return match[0];
  }

  /** Whether there was something to skip. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    pattern.test(this.#source);
    const moved = pattern.lastIndex > this.#at;
    this.#at = Math.max(this.#at, pattern.lastIndex);
    return moved;
  }

  #skipTo(end: string): void {
    const at = this.#source.indexOf(end, this.#at);
    if (at < 0) throw this.#fail(`"${end}" is missing`);
    this.#at = at + end.length;
  }

  #fail(what: string): XmlError {
    return new XmlError(`${what} (at character ${this.#at})`);
  }
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescape(text: string, at: number): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&([^;&]{0,12});?/g, (whole, name: string) => {
    const known = ENTITIES.get(name);
    if (known !== undefined && whole.endsWith(';')) return known;
    const number = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const code = number === null ? -1 : Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10);
    if (code > 0 && code <= 0x10ffff && whole.endsWith(';')) return String.fromCodePoint(code);
    throw new XmlError(`"${whole}" is not an entity of XML (at character ${at})`);
  });
}
