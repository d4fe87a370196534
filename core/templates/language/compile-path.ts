import type { Compilation } from './compilation.ts';
import { templateError } from './place.ts';
import { hasProperty, joinPath, pathOf, property, type Frame, type Expression, type Scope } from './scope.ts';
import { nearestName } from '../nearest-name.ts';
import { describeValue } from '../helpers/arguments.ts';

/** `{{"a field"}}` and `{{12}}` name fields, as in Handlebars. */
export function asPath(node: hbs.AST.Expression): hbs.AST.PathExpression {
  if (node.type === 'PathExpression') return node as hbs.AST.PathExpression;
  const { value } = node as { value?: string | number | boolean };
  const original = String(value ?? node.type.replace('Literal', '').toLowerCase());
  return { type: 'PathExpression', data: false, depth: 0, parts: [original], original, loc: node.loc };
}

/** `name`, and not `this.name`, `../name`, `@name` or `a.b`: only such a name can mean a helper. */
export function isBareName(path: hbs.AST.PathExpression): boolean {
  return path.parts.length === 1 && path.depth === 0 && !path.data && !isScoped(path);
}

/** `this.name` and `./name` are fields, whatever helpers and block parameters are called. */
function isScoped(path: hbs.AST.PathExpression): boolean {
  return /^\.|^this(?=[./]|$)/.test(path.original);
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
    from: (scope) => above(scope, depth)?.context,
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
  if (name === 'root') return { consumed: 1, from: (scope) => scope.run.root };
  if (name === 'key' || name === 'index' || name === 'first' || name === 'last') {
    return { consumed: 1, from: (scope) => frameOf(scope)?.[name] };
  }
  return { consumed: 1, from: () => undefined };
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
  if (path.depth > 0 && !path.data && above(scope, path.depth) === undefined) {
    const what = `"${compilation.literal(path.original)}" leads out of the data.`;
    throw templateError('TEMPLATE_MISSING_FIELD', compilation.text, compilation.place(path), what);
  }
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
  const start = above(scope, path.depth);
  return start ? pathOf(start) : '';
}

/** The scope that so many `../` lead to. */
function above(scope: Scope, depth: number): Scope | undefined {
  let current: Scope | undefined = scope;
  for (let i = 0; i < depth; i++) current = current?.up;
  return current;
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
  for (let outer = scope.up; outer; outer = outer.up) {
    prefix += '../';
    if (hasProperty(outer.context, lost))
      return `It exists outside of the block: write {{${prefix}${lost}}}.`;
  }
  return undefined;
}
