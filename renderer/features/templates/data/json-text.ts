/**
 * Edits JSON as text: only what changes is rewritten, so that layout, the order of keys and long numbers stay as the
 * person wrote them.
 */

export type JsonPath = readonly (string | number)[];

interface Span {
  readonly start: number;
  readonly end: number;
}
interface Member extends Span {
  readonly key: string;
  readonly value: JsonNode;
}
export type JsonNode = Span &
  (
    | { readonly kind: 'object'; readonly members: readonly Member[] }
    | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
    | { readonly kind: 'scalar' }
  );

export class JsonMistake extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const SPACE = /[\s\uFEFF]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const MAX_DEPTH = 500;

/** Throws a JsonMistake with the offset where the text stops being JSON. */
export function parseJson(text: string): JsonNode {
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const expected = (what: string): JsonMistake => {
    const found = at >= text.length ? 'the text ends' : `"${text[at] ?? ''}" stands`;
    return new JsonMistake(`${what} is expected where ${found}.`, at);
  };
  const value = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH) throw new JsonMistake('The data is nested too deeply.', at);
    match(SPACE);
    const start = at;
    if (text[at] === '{') return object(start, depth);
    if (text[at] === '[') return array(start, depth);
    if (match(STRING) === undefined && match(WORD) === undefined) throw expected('A value');
    return { kind: 'scalar', start, end: at };
  };
  const object = (start: number, depth: number): JsonNode => {
    const members: Member[] = [];
    at++;
    match(SPACE);
    while (text[at] !== '}') {
      if (members.length > 0) {
        if (text[at] !== ',') throw expected('A comma or "}"');
        at++;
        match(SPACE);
      }
      const memberStart = at;
      const key = match(STRING);
      if (key === undefined) throw expected('A name in quotes');
      match(SPACE);
      if (text[at] !== ':') throw expected('A colon');
      at++;
      const node = value(depth + 1);
      members.push({ key: JSON.parse(key) as string, value: node, start: memberStart, end: at });
      match(SPACE);
    }
    at++;
    return { kind: 'object', members, start, end: at };
  };
  const array = (start: number, depth: number): JsonNode => {
    const items: JsonNode[] = [];
    at++;
    match(SPACE);
    while (text[at] !== ']') {
      if (items.length > 0) {
        if (text[at] !== ',') throw expected('A comma or "]"');
        at++;
      }
      items.push(value(depth + 1));
      match(SPACE);
    }
    at++;
    return { kind: 'array', items, start, end: at };
  };
  const root = value(0);
  match(SPACE);
  if (at < text.length) throw expected('The end');
  return root;
}

export function nodeAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) {
    // As JSON.parse: the last of equal names counts.
    if (node?.kind === 'object') node = node.members.findLast(({ key }) => key === step)?.value;
    else if (node?.kind === 'array' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

const unitOf = (text: string): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';

const indentOf = (text: string, offset: number): string => {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '';
};

const written = (text: string, value: unknown, indent: string): string =>
  JSON.stringify(value, null, unitOf(text)).replaceAll('\n', `\n${indent}`);

const splice = (text: string, { start, end }: Span, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** Puts a value where the path leads; objects on the way are made. Undefined takes it away. Throws a JsonMistake. */
export function setJson(text: string, path: JsonPath, value: unknown): string {
  const root = parseJson(text);
  const node = nodeAt(root, path);
  if (value === undefined) return node === undefined ? text : removeJson(text, path);
  if (node !== undefined) return splice(text, node, written(text, value, indentOf(text, node.start)));
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(root, parentPath);
  const key = path.at(-1);
  if (parent === undefined)
    return setJson(text, parentPath, typeof key === 'number' ? [value] : { [key ?? '']: value });
  if (parent.kind === 'array') return addPart(text, parent, (indent) => written(text, value, indent));
  if (parent.kind === 'object') {
    return addPart(
      text,
      parent,
      (indent) => `${JSON.stringify(String(key))}: ${written(text, value, indent)}`,
    );
  }
  return setJson(text, parentPath, typeof key === 'number' ? [value] : { [key ?? '']: value });
}

/** At the end of a list or object. */
function addPart(
  text: string,
  parent: Extract<JsonNode, { kind: 'object' | 'array' }>,
  part: (indent: string) => string,
): string {
  const last = parent.kind === 'object' ? parent.members.at(-1) : parent.items.at(-1);
  const inner = indentOf(text, parent.start) + unitOf(text);
  if (last === undefined) {
    const closing = indentOf(text, parent.start);
    return splice(
      text,
      { start: parent.start + 1, end: parent.end - 1 },
      `\n${inner}${part(inner)}\n${closing}`,
    );
  }
  const isOneLine = !text.slice(parent.start, parent.end).includes('\n');
  const at = { start: last.end, end: last.end };
  return isOneLine ? splice(text, at, `, ${part('')}`) : splice(text, at, `,\n${inner}${part(inner)}`);
}

/** Takes a member or item away, with its comma. */
function removeJson(text: string, path: JsonPath): string {
  const parent = nodeAt(parseJson(text), path.slice(0, -1));
  const step = path.at(-1);
  if (parent === undefined || parent.kind === 'scalar') return text;
  const parts: readonly Span[] = parent.kind === 'object' ? parent.members : parent.items;
  const index =
    parent.kind === 'object' ? parent.members.findLastIndex(({ key }) => key === step) : Number(step);
  const part = parts[index];
  if (part === undefined) return text;
  const before = parts[index - 1];
  const after = parts[index + 1];
  if (after !== undefined) return splice(text, { start: part.start, end: after.start }, '');
  if (before !== undefined) return splice(text, { start: before.end, end: part.end }, '');
  return splice(text, { start: parent.start + 1, end: parent.end - 1 }, '');
}

/** Puts an item of a list at another position. */
export function moveItem(text: string, path: JsonPath, from: number, to: number): string {
  const list = nodeAt(parseJson(text), path);
  if (list?.kind !== 'array') return text;
  const sources = list.items.map(({ start, end }) => text.slice(start, end));
  const [moved] = sources.splice(from, 1);
  if (moved === undefined || to < 0 || to > sources.length) return text;
  sources.splice(to, 0, moved);
  let result = text;
  for (let index = list.items.length - 1; index >= 0; index--) {
    const item = list.items[index];
    if (item !== undefined) result = splice(result, item, sources[index] ?? '');
  }
  return result;
}
