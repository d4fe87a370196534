import type { Compilation } from './compilation.ts';
import { compileExpression } from './compile-expression.ts';
import { templateError } from './place.ts';
import {
  capture,
  enter,
  write,
  type BoundProgram,
  type Expression,
  type Frame,
  type InlinePartials,
  type Program,
  type Scope,
} from './scope.ts';
import { didYouMean } from '../nearest-name.ts';
import type { InfluxionError } from '../../error.ts';

type PartialNode = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;

/** `{{> name context key=value}}` */
export function compilePartial(compilation: Compilation, node: hbs.AST.PartialStatement): Program {
  const name = nameOf(compilation, node);
  const context = contextOf(compilation, node);
  const { indent } = node;
  return (scope) => {
    const called = name(scope);
    const run = () => call(compilation, node, scope, called, context(scope), scope.frame, undefined);
    if (indent === '') run();
    else write(scope.run, indentLines(capture(scope.run, run), indent));
  };
}

/** `{{#> layout}}…{{/layout}}`: the block is what `{{> @partial-block}}` inserts, and stands in for a missing partial. */
export function compilePartialBlock(compilation: Compilation, node: hbs.AST.PartialBlockStatement): Program {
  const name = nameOf(compilation, node);
  const context = contextOf(compilation, node);
  // The inline partials of the block are for the partial that is called, too.
  const inline = new Map<string, Program>();
  for (const statement of node.program.body) {
    if (statement.type !== 'DecoratorBlock') continue;
    const one = compileInline(compilation, statement as hbs.AST.DecoratorBlock);
    inline.set(one.name, one.program);
  }
  const block = compilation.program(node.program);
  return (scope) => {
    const byName = new Map<string, BoundProgram>();
    for (const [key, program] of inline) byName.set(key, { program, scope });
    const offered: Scope = inline.size === 0 ? scope : { ...scope, inline: { byName, up: scope.inline } };
    const frame: Frame = {
      parent: scope.frame,
      key: scope.frame?.key,
      index: scope.frame?.index,
      first: scope.frame?.first,
      last: scope.frame?.last,
      partialBlock: { program: block, scope },
    };
    call(compilation, node, offered, name(scope), context(scope), frame, block);
  };
}

/** `{{#*inline "name"}}…{{/inline}}` */
export function compileInline(
  compilation: Compilation,
  node: hbs.AST.DecoratorBlock,
): { name: string; program: Program } {
  const [param] = node.params;
  if ((node.path as { original?: unknown }).original !== 'inline') {
    throw compilation.syntax(node, 'decorators are not supported.', 'Only {{#*inline "name"}} is.');
  }
  if (param?.type !== 'StringLiteral') {
    throw compilation.syntax(node, '{{#*inline}} needs a name in quotes.', 'Write {{#*inline "name"}}.');
  }
  return { name: (param as hbs.AST.StringLiteral).value, program: compilation.program(node.program) };
}

function call(
  compilation: Compilation,
  node: PartialNode,
  scope: Scope,
  name: string,
  context: unknown,
  frame: Frame | undefined,
  fallback: Program | undefined,
): void {
  const { run } = scope;
  const bound = name === '@partial-block' ? scope.frame?.partialBlock : findInline(scope.inline, name);
  if (++run.partialDepth > run.partialDepthLimit)
    throw tooDeep(compilation, node, name, run.partialDepthLimit);
  if (name === '@partial-block' && bound) {
    const outer = bound.scope.frame?.partialBlock;
    const inner: Frame = { ...EMPTY_FRAME, ...scope.frame, parent: scope.frame, partialBlock: outer };
    bound.program(inDefinition(scope, bound, context, inner));
  } else if (bound) {
    bound.program(inDefinition(scope, bound, context, frame));
  } else {
    const compiled = run.partial(name);
    // As in Handlebars, `../` leads out of an inline partial but not out of one that is a file.
    if (compiled) compiled({ ...enter(scope, context, frame, undefined, undefined), up: undefined });
    else if (fallback) fallback(scope);
    else throw unknownPartial(compilation, node, scope, name);
  }
  run.partialDepth--;
}

/** Of an object with very many fields, which V8 keeps as a table. */
const BYTES_PER_KEY = 64;

const EMPTY_FRAME = { key: undefined, index: undefined, first: undefined, last: undefined };

/** An inline partial or a block sees the block parameters and the `../` of where it was written. */
function inDefinition(scope: Scope, bound: BoundProgram, context: unknown, frame: Frame | undefined): Scope {
  const { inline } = scope;
  return { ...enter(bound.scope, context, frame, bound.scope.params, undefined), inline };
}

function findInline(inline: InlinePartials | undefined, name: string): BoundProgram | undefined {
  for (let level = inline; level; level = level.up) {
    const found = level.byName.get(name);
    if (found) return found;
  }
  return undefined;
}

function nameOf(compilation: Compilation, node: PartialNode): (scope: Scope) => string {
  if (node.name.type === 'SubExpression') {
    const value = compileExpression(compilation, node.name, false);
    return (scope) => {
      const name = value(scope);
      if (typeof name === 'string' && name !== '') return name;
      throw templateError(
        'TEMPLATE_UNKNOWN_PARTIAL',
        compilation.text,
        compilation.place(node),
        'the name of the partial is not a text.',
        'The expression in {{> (…)}} must give the name of a partial.',
      );
    };
  }
  const { original, value } = node.name as { original?: unknown; value?: unknown };
  const name = compilation.literal(String(original ?? value));
  return () => name;
}

/** The context of the partial: the current one or the one given, with the named values added. */
function contextOf(compilation: Compilation, node: PartialNode): Expression {
  if (node.params.length > 1) {
    throw compilation.syntax(
      node,
      `a partial takes one context, but gets ${node.params.length}.`,
      'Name the others: key=value.',
    );
  }
  const [param] = node.params;
  const base: Expression = param ? compileExpression(compilation, param, false) : (scope) => scope.context;
  const pairs = ((node.hash as hbs.AST.Hash | undefined)?.pairs ?? []).map((pair) => ({
    key: pair.key,
    value: compileExpression(compilation, pair.value, false),
  }));
  if (pairs.length === 0) return base;
  return (scope) => {
    const context = Object.create(null) as Record<string, unknown>;
    const from = base(scope);
    if (typeof from === 'object' && from !== null) {
      // Not Object.assign to a plain object: a key "__proto__" of the data must stay a key.
      const keys = Object.keys(from);
      scope.run.guardHeap(keys.length * BYTES_PER_KEY);
      for (const key of keys) context[key] = (from as Record<string, unknown>)[key];
    }
    for (const { key, value } of pairs) context[key] = value(scope);
    return context;
  };
}

/** As Handlebars does for a partial that stands alone on an indented line. */
function indentLines(text: string, indent: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => (line === '' && index === lines.length - 1 ? line : indent + line))
    .join('\n');
}

function unknownPartial(
  compilation: Compilation,
  node: PartialNode,
  scope: Scope,
  name: string,
): InfluxionError {
  const names = new Set(scope.run.partialNames());
  for (let level = scope.inline; level; level = level.up)
    for (const key of level.byName.keys()) names.add(key);
  const hint =
    name === '@partial-block'
      ? 'It is what {{#> name}}…{{/name}} passes to its partial.'
      : (didYouMean(name, names) ??
        (names.size === 0
          ? `Add the file partials/${name}.hbs.`
          : `There are: ${[...names].slice(0, 10).join(', ')}.`));
  return templateError(
    'TEMPLATE_UNKNOWN_PARTIAL',
    compilation.text,
    compilation.place(node),
    `there is no partial "${name}".`,
    hint,
  );
}

function tooDeep(compilation: Compilation, node: PartialNode, name: string, limit: number): InfluxionError {
  return templateError(
    'TEMPLATE_TOO_COMPLEX',
    compilation.text,
    compilation.place(node),
    `partials call one another more than ${limit} deep, the last one is "${name}".`,
    `Does "${name}" include itself without an end?`,
  );
}
