import type { Compilation } from './compilation.ts';
import { templateError } from './place.ts';
import { hasProperty, joinPath, pathOf, property, type Frame, type Expression, type Scope } from './scope.ts';
import { didYouMean, nearestName } from '../nearest-name.ts';
import { describeValue } from '../helpers/arguments.ts';

/** `{{"a field"}}` and `{{12}}` name fields, as in Handlebars. */
export function asPath(node: hbs.AST.Expression): hbs.AST.PathExpression {
  if (node.type === 'PathExpression') return node as hbs.AST.PathExpression;
  const original = String(
    (node as { value?: unknown }).value ?? node.type.replace('Literal', '').toLowerCase(),
  );
  return { type: 'PathExpression', data: false, depth: 0, parts: [original], original, loc: node.loc };
}

/** `name`, and not `this.name`, `../name`, `@name` or `a.b`: only such a name can mean a helper. */
export function isBareName(path: hbs.AST.PathExpression): boolean {
  return path.parts.length === 1 && path.depth === 0 && !path.data && !isScoped(path);
}

/** `this.name` and `./name` are fields, whatever helpers and block parameters are called. */
function isScoped(path: hbs.AST.PathExpression): boolean {
  return /^\.|this\b/.test(path.original);
}

export function namesBlockParam(compilation: Compilation, path: hbs.AST.PathExpression): boolean {
  return blockParam(compilation, path) !== undefined;
}

function blockParam(
  compilation: Compilation,
  path: hbs.AST.PathExpression,
): { up: number; index: number } | undefined {
  const name = path.parts[0];
  if (name === undefined || path.depth > 0 || path.data || isScoped(path)) return undefined;
  for (let up = 0; up < compilation.blockParams.length; up++) {
    const index = compilation.blockParams.at(-1 - up)?.indexOf(name) ?? -1;
    if (index >= 0) return { up, index };
  }
  return undefined;
}

/** A field of the data. `mayMiss`: whoever asks can do without, so it is no error when `strict` either. */
export function compilePath(
  compilation: Compilation,
  path: hbs.AST.PathExpression,
  mayMiss: boolean,
): Expression {
  const parts = path.parts.map((part) => compilation.literal(part));
  const start = startOf(compilation, path);
  const rest = parts.slice(start.consumed);
  const { from } = start;
  const [only] = rest;
  const read: Expression =
    only === undefined
      ? from
      : rest.length === 1
        ? (scope) => property(from(scope), only)
        : (scope) => {
            let value = from(scope);
            for (const part of rest) {
              if (value === undefined) return undefined;
              value = property(value, part);
            }
            return value;
          };
  if (mayMiss) return read;
  return (scope) => {
    const value = read(scope);
    return value === undefined && scope.run.strict
      ? missing(compilation, path, scope, from(scope), start.consumed, rest)
      : value;
  };
}

interface PathStart {
  readonly from: Expression;
  /** How many parts of the path the start has used up. */
  readonly consumed: number;
}

function startOf(compilation: Compilation, path: hbs.AST.PathExpression): PathStart {
  const { depth } = path;
  if (path.data) return dataStart(path);
  const param = blockParam(compilation, path);
  if (param) {
    return {
      consumed: 1,
      from: (scope) => {
        let params = scope.params;
        for (let i = 0; i < param.up; i++) params = params?.up;
        return params?.values[param.index];
      },
    };
  }
  if (depth === 0) return { consumed: 0, from: (scope) => scope.context };
  return {
    consumed: 0,
    from: (scope) => {
      let above: Scope | undefined = scope;
      for (let i = 0; i < depth; i++) above = above?.up;
      return above?.context;
    },
  };
}

function dataStart(path: hbs.AST.PathExpression): PathStart {
  const [name] = path.parts;
  const { depth } = path;
  const frameOf = (scope: Scope): Frame | undefined => {
    let frame = scope.frame;
    for (let i = 0; i < depth; i++) frame = frame?.parent;
    return frame;
  };
  switch (name) {
    case 'root':
      return { consumed: 1, from: (scope) => scope.run.root };
    case 'key':
    case 'index':
    case 'first':
    case 'last':
      return { consumed: 1, from: (scope) => frameOf(scope)?.[name] };
    default:
      return { consumed: 1, from: () => undefined };
  }
}

function missing(
  compilation: Compilation,
  path: hbs.AST.PathExpression,
  scope: Scope,
  start: unknown,
  consumed: number,
  rest: readonly string[],
): never {
  let value = start;
  let known = 0;
  while (known < rest.length && hasProperty(value, rest[known] ?? ''))
    value = property(value, rest[known++] ?? '');
  const base = basePath(path, scope, consumed);
  const asPathText = (parts: readonly string[]) => parts.reduce(joinPath, base);
  const whole = asPathText(rest) || compilation.literal(path.original);
  const lost = rest[known];
  const owner = asPathText(rest.slice(0, known)) || 'the data';
  const because =
    lost === undefined || rest.length === 1
      ? ''
      : typeof value === 'object' && value !== null
        ? `: "${owner}" has no "${lost}"`
        : `: "${owner}" is ${describeValue(value)}`;
  throw templateError(
    'TEMPLATE_MISSING_FIELD',
    compilation.text,
    compilation.place(path),
    `the data has no "${whole}"${because}.`,
    lost === undefined
      ? undefined
      : hintFor(lost, value, scope, (key) =>
          asPathText([...rest.slice(0, known), key, ...rest.slice(known + 1)]),
        ),
  );
}

function basePath(path: hbs.AST.PathExpression, scope: Scope, consumed: number): string {
  if (path.data) return `@${path.parts[0] ?? ''}`;
  if (consumed === 1) return path.parts[0] ?? '';
  let above: Scope | undefined = scope;
  for (let i = 0; i < path.depth; i++) above = above?.up;
  return above ? pathOf(above) : '';
}

function hintFor(
  lost: string,
  owner: unknown,
  scope: Scope,
  spell: (key: string) => string,
): string | undefined {
  if (typeof owner === 'object' && owner !== null) {
    const nearest = Array.isArray(owner) ? undefined : nearestName(lost, Object.keys(owner));
    if (nearest !== undefined) return `Did you mean "${spell(nearest)}"?`;
  }
  let prefix = '';
  for (let above = scope.up; above; above = above.up) {
    prefix += '../';
    if (hasProperty(above.context, lost))
      return `It exists outside of the block: write {{${prefix}${lost}}}.`;
  }
  return didYouMean(lost, []);
}
