/** What can be typed at a place inside of `{{ }}`. */
import { partialsOf, type Helper, type Project } from './project.ts';
import { parseExpression, openBlocksAt, scopeAt } from './scope-at.ts';
import { scanMustaches } from './scan.ts';
import { evaluate, type Scope } from './scope.ts';
import { describeType, fieldNames, fieldOf, isObject, itemsOf, shorten, type Values } from './values.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'variable' | 'helper' | 'partial' | 'keyword' | 'option';
  /** Takes the place of the `replace` characters before the cursor. */
  readonly insert: string;
  /** `insert` holds tab stops, as in `${1:name}`. */
  readonly isSnippet?: true;
  readonly detail: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Lower stands higher. */
  readonly rank: number;
}

export interface Completions {
  /** UTF-16 units before the cursor. */
  readonly replace: number;
  readonly items: readonly Completion[];
}

const NONE: Completions = { replace: 0, items: [] };
const VALUE_LIMIT = 60;
/** Fields of fields that are offered before a dot is typed. */
const MAX_NESTED = 150;
const PLAIN_NAME = /^[^\s!"#%&'()*+,./;<=>@[\\\]^`{|}~]+$/;

/** `top` is the scope that the text starts with (see `analyse`). Nothing is offered outside of mustaches. */
export function completeAt(project: Project, text: string, offset: number, top: Scope): Completions {
  const mustache = scanMustaches(text, offset).at(-1);
  if (mustache === undefined || mustache.isClosed) return NONE;
  const typed = mustache.inner.trimStart();
  const helpers = new Set(project.helpers.keys());
  if (/^\/[^\s]*$/.test(typed)) return closing(text, mustache.start, typed.length - 1);
  const scope = scopeAt(text, mustache.start, top, helpers);

  const partial = /^#?>\s*([^\s("'=]*)$/.exec(typed);
  if (partial) return partialNames(project, partial[1]?.length ?? 0);
  const quoted = /(["'])([^"']*)$/.exec(typed);
  if (quoted && isOpenQuote(typed)) return fieldsInQuotes(typed, quoted[2] ?? '', scope);

  const token = /[^\s(){}=|"']*$/.exec(typed)?.[0] ?? '';
  const word = token.replace(/^[#^]/, '');
  const before = typed.slice(0, typed.length - token.length);
  const isFirst = before === '' || /\($/.test(before.trimEnd());
  const isBlock = before === '' && typed.startsWith('#');
  const afterName = /^(?:else|[#^&]?>?\s*as)\s+\|/.test(before);
  if (afterName) return NONE;

  if (word.includes('.') || word.includes('/')) return memberFields(word, scope);
  const items = [
    ...variables(scope, word),
    ...contextFields(scope),
    ...outerFields(scope),
    ...(isFirst || isBlock ? helperItems(project, isBlock, before === '') : []),
    ...(isFirst ? [] : optionItems(project, before)),
    ...(before === '' && !isBlock ? keywords(text, mustache.start) : []),
  ];
  return { replace: word.length, items };
}

function isOpenQuote(typed: string): boolean {
  let quote: string | undefined;
  for (const char of typed) {
    if (quote === undefined && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = undefined;
  }
  return quote !== undefined;
}

function closing(text: string, start: number, replace: number): Completions {
  const name = openBlocksAt(text, start).findLast((block) => !block.isChained)?.name;
  if (name === undefined) return NONE;
  return {
    replace,
    items: [{ label: name, kind: 'keyword', insert: name, detail: 'closes the block', rank: 0 }],
  };
}

function partialNames(project: Project, replace: number): Completions {
  const items = [...partialsOf(project)].map(([name, path]): Completion => ({
    label: name,
    kind: 'partial',
    insert: PLAIN_NAME.test(name.replaceAll('/', '')) ? name : `"${name}"`,
    detail: path,
    rank: 0,
  }));
  return { replace, items };
}

/** Helpers that take the name of a field as text. */
const TAKES_FIELD = new Set(['sum', 'avg', 'min', 'max', 'sortBy', 'groupBy', 'join', 'median', 'lookup']);

/** `{{sum items "pr`: the fields of the items. */
function fieldsInQuotes(typed: string, started: string, scope: Scope): Completions {
  const call = /(?:^|[(\s#])([\w-]+)\s+(\([^()]*\)|[^\s"'()]+)(?:\s+[^()]*)?["'][^"']*$/.exec(typed);
  const [, name = '', subject = ''] = call ?? [];
  if (!TAKES_FIELD.has(name)) return NONE;
  const node = parseExpression(subject.startsWith('(') ? subject.slice(1, -1) : subject);
  if (node === undefined) return NONE;
  const values = evaluate(node, scope);
  const from = name === 'lookup' ? values : itemsOf(values);
  const parts = started.replace(/^-/, '').split('.');
  const last = parts.pop() ?? '';
  const owner = parts.reduce<Values>(fieldOf, from);
  return { replace: last.length, items: fieldItems(owner, 0) };
}

/** After `customer.` or `../`. */
function memberFields(word: string, scope: Scope): Completions {
  const cut = Math.max(word.lastIndexOf('.'), word.lastIndexOf('/')) + 1;
  const path = word.slice(0, cut).replace(/[./]$/, '');
  const replace = word.length - cut;
  let values: Values;
  if (path === '' || path === '.' || path === 'this') values = scope.context;
  else {
    const node = parseExpression(path);
    values = node === undefined ? undefined : evaluate(node, scope);
  }
  const items = fieldItems(values, 0);
  const isUp = word.slice(0, cut).endsWith('../');
  if (isUp && countUp(scope) > path.split('/').length) {
    items.push({ label: '../', kind: 'variable', insert: '../', detail: 'one block further out', rank: 8 });
  }
  return { replace, items };
}

function countUp(scope: Scope): number {
  let count = 0;
  for (let up = scope.up; up !== undefined; up = up.up) count++;
  return count;
}

const spell = (name: string): string => (PLAIN_NAME.test(name) ? name : `[${name}]`);

function fieldItem(name: string, values: Values, rank: number, insert = spell(name)): Completion {
  const [example] = values ?? [];
  return {
    label: name,
    kind: 'field',
    insert,
    detail:
      isObject(example) || Array.isArray(example) ? describeType(values) : shorten(example, VALUE_LIMIT),
    documentation: `\`\`\`json\n${shorten(example, 400)}\n\`\`\``,
    rank,
  };
}

const fieldItems = (owner: Values, rank: number): Completion[] =>
  fieldNames(owner).map((name) => fieldItem(name, fieldOf(owner, name), rank));

/** The fields of the context, then the fields of its objects as whole paths. */
function contextFields(scope: Scope): Completion[] {
  const items = fieldItems(scope.context, 1);
  const nested: Completion[] = [];
  const descend = (owner: Values, path: string, depth: number): void => {
    for (const name of fieldNames(owner)) {
      if (nested.length >= MAX_NESTED) return;
      const values = fieldOf(owner, name);
      const whole = path === '' ? spell(name) : `${path}.${spell(name)}`;
      if (path !== '') nested.push(fieldItem(whole, values, 5, whole));
      if (depth > 0) descend(values?.filter(isObject), whole, depth - 1);
    }
  };
  descend(scope.context, '', 2);
  return [...items, ...nested];
}

function outerFields(scope: Scope): Completion[] {
  const items: Completion[] = [];
  const seen = new Set<string>();
  let prefix = '../';
  for (let up = scope.up; up !== undefined; up = up.up, prefix += '../') {
    for (const name of fieldNames(up.context)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const insert = `${prefix}${spell(name)}`;
      items.push(fieldItem(insert, fieldOf(up.context, name), 6, insert));
    }
  }
  return items;
}

function variables(scope: Scope, word: string): Completion[] {
  const items: Completion[] = [];
  for (const [name, values] of scope.params) items.push({ ...fieldItem(name, values, 0), kind: 'variable' });
  const data = (label: string, detail: string): void => {
    items.push({ label, kind: 'variable', insert: label, detail, rank: word.startsWith('@') ? 0 : 7 });
  };
  if (scope.up !== undefined) {
    data('this', shorten(scope.context?.[0], VALUE_LIMIT));
    data('../', 'one block further out');
  }
  data('@root', 'the whole of the data');
  if (scope.inLoop) {
    data('@index', 'position, from 0');
    data('@key', 'position or field name');
    data('@first', 'true in the first round');
    data('@last', 'true in the last round');
  }
  return items;
}

export const helperMarkdown = ({ signature, summary, example, result }: Helper): string =>
  `\`{{${signature}}}\`\n\n${summary}\n\n\`\`\`handlebars\n${example}\n\`\`\`\n\n→ \`${result}\``;

/** The arguments of a signature as tab stops: `currency ${1:amount} ${2:code}`; those in brackets are left out. */
export function callSnippet({ name, signature }: Helper): string {
  const [form = ''] = signature.replace(/^#/, '').split(', or ');
  const args = form
    .replace(/\s*\[[^\]]*\]/g, '')
    .replace(/\s+as \|.*$/, '')
    .split(/\s+/)
    .slice(1)
    .filter((arg) => /^[a-z]\w*$/i.test(arg));
  return [name, ...args.map((arg, index) => `\${${index + 1}:${arg}}`)].join(' ');
}

function helperItems(project: Project, isBlock: boolean, isStart: boolean): Completion[] {
  const items: Completion[] = [];
  for (const helper of project.helpers.values()) {
    if (isBlock && !helper.isBlock) continue;
    const call = callSnippet(helper);
    const stops = call.split('${').length;
    items.push({
      label: helper.name,
      kind: 'helper',
      insert: isBlock ? `${call}}}\n  \${${stops}}\n{{/${helper.name}` : call,
      isSnippet: true,
      detail: helper.signature,
      documentation: helperMarkdown(helper),
      rank: isBlock ? 0 : 3,
    });
    if (isStart && !isBlock && helper.isBlock && ['if', 'unless', 'each', 'with'].includes(helper.name)) {
      items.push({
        label: `#${helper.name}`,
        kind: 'helper',
        insert: `#${call}}}\n  \${${stops}}\n{{/${helper.name}`,
        isSnippet: true,
        detail: 'block',
        documentation: helperMarkdown(helper),
        rank: 2,
      });
    }
  }
  return items;
}

/** `decimals=`, of the helper that is called. */
function optionItems(project: Project, before: string): Completion[] {
  const call = /(?:^[#^]?|\()\s*([\w-]+)(?:\s[^()]*)?$/.exec(before);
  const helper = project.helpers.get(call?.[1] ?? '');
  if (helper === undefined) return [];
  const options = [...helper.signature.matchAll(/\[(\w+)=("[^"]*"|[^\]]*)\]/g)];
  return options.map(([, name = '', example = '']): Completion => ({
    label: `${name}=`,
    kind: 'option',
    insert: `${name}=`,
    detail: `such as ${example}`,
    rank: 2,
  }));
}

function keywords(text: string, start: number): Completion[] {
  const block = openBlocksAt(text, start).at(-1);
  if (block === undefined) return [];
  const item = (label: string, detail: string): Completion => ({
    label,
    kind: 'keyword',
    insert: label,
    detail,
    rank: 2,
  });
  return [
    ...(block.isInverse ? [] : [item('else', 'the other part of the block')]),
    item(`/${block.name}`, 'closes the block'),
  ];
}
