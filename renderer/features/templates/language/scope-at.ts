/** The scope at a place in a text that need not parse. */
import { parseTemplate } from './parse.ts';
import { scanMustaches } from './scan.ts';
import { enterBlock, type BlockOpening, type Scope } from './scope.ts';

interface OpenBlock {
  /** `each items as |item|`; undefined for what only has to be closed, such as a partial block. */
  readonly opening: string | undefined;
  readonly name: string;
  isInverse: boolean;
  /** It came with `{{else if}}` and is closed together with the block before it. */
  readonly isChained: boolean;
}

const firstWord = (text: string): string => /^\S*/.exec(text)?.[0] ?? '';

/** The blocks that are open at an offset, the outermost first. */
export function openBlocksAt(text: string, offset: number): OpenBlock[] {
  const open: OpenBlock[] = [];
  for (const mustache of scanMustaches(text, offset)) {
    if (!mustache.isClosed) continue;
    const inner = mustache.inner.trim();
    const word = firstWord(inner);
    if (inner.startsWith('#>') || inner.startsWith('#*')) {
      const name = firstWord(inner.slice(2).trim());
      open.push({ opening: undefined, name, isInverse: false, isChained: false });
    } else if (inner.startsWith('#') || (inner.startsWith('^') && inner.length > 1)) {
      const opening = inner.slice(1).trim();
      const isInverse = inner.startsWith('^');
      open.push({ opening, name: firstWord(opening), isInverse, isChained: false });
    } else if (inner.startsWith('/')) {
      while (open.at(-1)?.isChained === true) open.pop();
      open.pop();
    } else if (inner === '^' || word === 'else') {
      const last = open.at(-1);
      if (last) last.isInverse = true;
      const chained = inner.slice(word.length).trim();
      if (word === 'else' && chained !== '') {
        open.push({ opening: chained, name: firstWord(chained), isInverse: false, isChained: true });
      }
    }
  }
  return open;
}

/** What the expressions at an offset can see. `top` is the scope of the whole text. */
export function scopeAt(text: string, offset: number, top: Scope, helpers: ReadonlySet<string>): Scope {
  return openBlocksAt(text, offset).reduce((scope, { opening, name, isInverse }) => {
    if (opening === undefined) return scope;
    const block = parseOpening(opening, name);
    if (block === undefined) return { ...scope, context: undefined, up: scope };
    const { main, inverse } = enterBlock(block, scope, helpers);
    return isInverse ? inverse : main;
  }, top);
}

function parseOpening(opening: string, name: string): BlockOpening | undefined {
  const parsed = parseTemplate(`{{#${opening}}}{{/${name}}}`);
  const node = parsed.ok ? parsed.program.body[0] : undefined;
  if (node?.type !== 'BlockStatement') return undefined;
  const { path, params, program } = node as hbs.AST.BlockStatement;
  return { path, params, blockParams: blockParamsOf(program) };
}

/** The types say that it is always there; a body without block parameters has none. */
export const blockParamsOf = (program: hbs.AST.Program | undefined): readonly string[] =>
  (program as { blockParams?: string[] } | undefined)?.blockParams ?? [];

/** An expression that stands alone, such as `customer.name` or `sortBy items "name"`; undefined when it is none. */
export function parseExpression(source: string): hbs.AST.Expression | undefined {
  const parsed = parseTemplate(`{{x (${source})}}`);
  if (parsed.ok) {
    const [call] = (parsed.program.body[0] as hbs.AST.MustacheStatement).params;
    if (call?.type === 'SubExpression' && (call as hbs.AST.SubExpression).params.length > 0) return call;
  }
  const alone = parseTemplate(`{{x ${source}}}`);
  return alone.ok ? (alone.program.body[0] as hbs.AST.MustacheStatement).params[0] : undefined;
}
