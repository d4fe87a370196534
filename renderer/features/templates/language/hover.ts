/** What stands under the pointer: a value of the sample or a helper. */
import { helperMarkdown } from './completion.ts';
import { partialsOf, type Project } from './project.ts';
import { parseExpression, scopeAt } from './scope-at.ts';
import { scanMustaches } from './scan.ts';
import { evaluate, type Scope } from './scope.ts';
import { fieldOf, shorten } from './values.ts';

export interface Hover {
  /** Offsets of what is explained. */
  readonly start: number;
  readonly end: number;
  /** Markdown. */
  readonly markdown: string;
}

const TOKEN = /[^\s(){}=|"'#^&>~]+/g;
const VALUE_LIMIT = 500;

/** `top` is the scope that the text starts with (see `analyse`). */
export function hoverAt(project: Project, text: string, offset: number, top: Scope): Hover | undefined {
  const mustache = scanMustaches(text).find(({ start, end }) => start <= offset && offset <= end);
  if (mustache === undefined) return undefined;
  const inner = text.slice(mustache.innerStart, mustache.end);
  for (const match of inner.matchAll(TOKEN)) {
    const start = mustache.innerStart + match.index;
    const end = start + match[0].length;
    if (offset < start || offset > end) continue;
    const token = {
      ...pointedAt(match[0], offset - start),
      before: inner.slice(0, match.index),
      after: text.slice(end, mustache.end),
    };
    const markdown = explain(project, text, token, mustache.start, top);
    return markdown === undefined ? undefined : { start, end, markdown };
  }
  return undefined;
}

interface Token {
  /** As far as the part that is pointed at: of `customer.name` over `customer` only that. */
  readonly path: string;
  readonly whole: string;
  readonly before: string;
  readonly after: string;
}

function pointedAt(whole: string, at: number): { path: string; whole: string } {
  const dot = whole.indexOf('.', at);
  const isUp = /^(?:\.\.?\/)*$/.test(whole.slice(0, dot + 1)) || whole.startsWith('..', dot);
  return { whole, path: dot < 0 || isUp ? whole : whole.slice(0, dot) };
}

function explain(
  project: Project,
  text: string,
  { path, whole, before, after }: Token,
  start: number,
  top: Scope,
): string | undefined {
  if (isQuoted(before)) return undefined;
  if (/^#?>\s*$/.test(before.trimStart())) {
    const file = partialsOf(project).get(whole);
    return file === undefined ? undefined : `Partial \`${file}\``;
  }
  const isCallee = /(?:^|\()\s*[#^/~&]*$/.test(before);
  const scope = scopeAt(text, start, top, new Set(project.helpers.keys()));
  const helper = isCallee ? project.helpers.get(whole) : undefined;
  const isAlone = (fieldOf(scope.context, whole)?.length ?? 0) > 0 && /^\s*~?\}\}/.test(after);
  if (helper !== undefined && !isAlone) return helperMarkdown(helper);
  if (whole === 'else' || whole === 'as' || whole.startsWith('/') || /^\d/.test(whole)) return undefined;
  const node = parseExpression(path);
  const values = node === undefined ? undefined : evaluate(node, scope);
  if (values === undefined) return undefined;
  if (values.length === 0) return `\`${path}\` is not in this sample.`;
  const rounds = values.length > 1 ? `\n\nThe first of ${values.length} values in this loop.` : '';
  return `\`${path}\`\n\n\`\`\`json\n${shorten(values[0], VALUE_LIMIT)}\n\`\`\`${rounds}`;
}

const isQuoted = (before: string): boolean => (before.match(/"/g)?.length ?? 0) % 2 === 1;
