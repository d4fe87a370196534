/** What the expressions of a template can see, worked out from the sample without rendering. */
import { fieldOf, isTruthy, itemsOf, unite, isObject, type Values } from './values.ts';

export interface Scope {
  readonly context: Values;
  readonly root: Values;
  /** Where `../` leads; undefined at the top and in a partial. */
  readonly up: Scope | undefined;
  /** Block parameters by name, those of outer blocks too. */
  readonly params: ReadonlyMap<string, Values>;
  /** Inside of a loop: `@index`, `@first` … mean something. */
  readonly inLoop: boolean;
  /** False where this sample never gets to, such as the body of `{{#if paid}}` when nothing is paid. */
  readonly isReached: boolean;
}

export const rootScope = (context: Values, root: Values = context): Scope => ({
  context,
  root,
  up: undefined,
  params: new Map(),
  inLoop: false,
  isReached: true,
});

/** What opens a block: of the syntax tree, or parsed from a tag that stands alone. */
export type BlockOpening = Pick<hbs.AST.BlockStatement, 'path' | 'params'> & {
  readonly blockParams: readonly string[];
};

export interface BlockScopes {
  readonly main: Scope;
  readonly inverse: Scope;
}

/** `{{this.name}}` and `{{./name}}` are fields, whatever helpers and block parameters are called. */
const isScoped = (path: hbs.AST.PathExpression): boolean => /^\.|^this(?=[./]|$)/.test(path.original);

/** Only such a name can mean a helper. */
export function bareName(node: hbs.AST.Expression): string | undefined {
  if (node.type !== 'PathExpression') return undefined;
  const path = node as hbs.AST.PathExpression;
  return path.parts.length === 1 && path.depth === 0 && !path.data && !isScoped(path)
    ? path.parts[0]
    : undefined;
}

/** Where a path begins and which of its parts come after that. */
export function pathStart(
  path: hbs.AST.PathExpression,
  scope: Scope,
): { readonly from: Values; readonly rest: readonly string[]; readonly isField: boolean } {
  const [first = ''] = path.parts;
  if (path.data) {
    if (first === 'root') return { from: scope.root, rest: path.parts.slice(1), isField: true };
    return { from: undefined, rest: [], isField: false };
  }
  if (path.depth === 0 && !isScoped(path) && scope.params.has(first)) {
    return { from: scope.params.get(first), rest: path.parts.slice(1), isField: true };
  }
  let from: Scope | undefined = scope;
  for (let i = 0; i < path.depth; i++) from = from?.up;
  return { from: from?.context, rest: path.parts, isField: true };
}

export function evaluatePath(path: hbs.AST.PathExpression, scope: Scope): Values {
  const { from, rest } = pathStart(path, scope);
  return rest.reduce<Values>(fieldOf, from);
}

export function evaluate(node: hbs.AST.Expression, scope: Scope): Values {
  switch (node.type) {
    case 'PathExpression':
      return evaluatePath(node as hbs.AST.PathExpression, scope);
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return [(node as hbs.AST.StringLiteral).value];
    case 'NullLiteral':
      return [null];
    case 'SubExpression':
      return callOf(node as hbs.AST.SubExpression, scope);
    default:
      return undefined;
  }
}

type Call = Pick<hbs.AST.SubExpression, 'path' | 'params'>;

/** What the helpers give whose result has fields of its own; of others nothing is known. */
function callOf(call: Call, scope: Scope): Values {
  const args = call.params.map((param) => evaluate(param, scope));
  const [first, second] = args;
  const helper = bareName(call.path) ?? '';
  switch (helper) {
    case 'lookup':
      return second === undefined ? undefined : unite(second.map((key) => fieldOf(first, String(key))));
    case 'default':
      return unite(args.map((values) => values?.filter((value) => isTruthy(value))));
    case 'sortBy':
      return first;
    case 'groupBy':
      return first === undefined ? undefined : [groups(first, second?.[0])];
    case 'chunk':
      return first === undefined ? undefined : [first];
    case 'range':
      return [[1]];
    default:
      return undefined;
  }
}

function groups(lists: readonly unknown[], path: unknown): unknown {
  const items = itemsOf(lists) ?? [];
  const key = typeof path === 'string' ? path.split('.').reduce<Values>(fieldOf, items)?.[0] : undefined;
  return items.length === 0 ? [] : [{ key: key ?? null, items }];
}

const inner = (scope: Scope, context: Values, changes: Partial<Scope> = {}): Scope => ({
  ...scope,
  context,
  up: scope,
  ...changes,
});

const withParams = (scope: Scope, names: readonly string[], values: readonly Values[]): Scope['params'] =>
  names.length === 0
    ? scope.params
    : new Map([...scope.params, ...names.map((name, index) => [name, values[index]] as const)]);

const anyTruthy = (values: Values): boolean => values === undefined || values.some(isTruthy);
const anyFalsy = (values: Values): boolean =>
  values === undefined || values.length === 0 || !values.every(isTruthy);

/** The scopes of the two bodies of a block. */
export function enterBlock(
  opening: BlockOpening,
  scope: Scope,
  helpers: Pick<ReadonlySet<string>, 'has'>,
): BlockScopes {
  const { params, blockParams } = opening;
  const name = bareName(opening.path);
  const [param] = params;
  const subject = param === undefined ? undefined : evaluate(param, scope);
  const reached = (scope_: Scope, isReached: boolean): Scope => ({
    ...scope_,
    isReached: scope_.isReached && isReached,
  });

  if (name === 'if' || name === 'unless') {
    const whenTrue = reached(scope, anyTruthy(subject));
    const whenFalse = reached(scope, anyFalsy(subject));
    return name === 'if' ? { main: whenTrue, inverse: whenFalse } : { main: whenFalse, inverse: whenTrue };
  }
  if (name === 'with' && param !== undefined) {
    const main = inner(scope, subject, { params: withParams(scope, blockParams, [subject]) });
    return { main: reached(main, anyTruthy(subject)), inverse: reached(scope, anyFalsy(subject)) };
  }
  if (name !== undefined && helpers.has(name) && (params.length > 0 || name === 'raw')) {
    const list = name === 'each' ? subject : callOf(opening, scope);
    if (name === 'each' || list !== undefined) return loop(scope, list, blockParams);
    // A block of another helper keeps the context.
    return { main: scope, inverse: scope };
  }
  return section(opening, scope);
}

function loop(scope: Scope, list: Values, blockParams: readonly string[]): BlockScopes {
  const items = itemsOf(list);
  const params = withParams(scope, blockParams, [items, undefined]);
  const isReached = scope.isReached && (items === undefined || items.length > 0);
  return { main: inner(scope, items, { params, inLoop: true, isReached }), inverse: scope };
}

/** `{{#field}}…{{/field}}`: for every item of a list, else with the value as context. */
function section(opening: BlockOpening, scope: Scope): BlockScopes {
  const values = evaluate(opening.path, scope);
  if (values?.some(Array.isArray)) return loop(scope, values, opening.blockParams);
  const main = values?.every((value) => value === true)
    ? { ...scope, isReached: scope.isReached && values.length > 0 }
    : inner(scope, values, { isReached: scope.isReached && anyTruthy(values) });
  return { main, inverse: { ...scope, isReached: scope.isReached && anyFalsy(values) } };
}

/** The context of a partial: `{{> line item currency="EUR"}}`. */
export function partialContext(
  node: Pick<hbs.AST.PartialStatement, 'params'> & { readonly hash?: hbs.AST.Hash | undefined },
  scope: Scope,
): Values {
  const [param] = node.params;
  const base = param === undefined ? scope.context : evaluate(param, scope);
  const pairs = node.hash?.pairs ?? [];
  if (pairs.length === 0 || base === undefined) return base;
  const added: Record<string, unknown> = {};
  for (const { key, value } of pairs) {
    const [first] = evaluate(value, scope) ?? [undefined];
    // The name is there even when its value cannot be known.
    added[key] = first ?? null;
  }
  const contexts = base.length === 0 ? [{}] : base;
  return contexts.map((value) => (isObject(value) ? { ...value, ...added } : added));
}
