import type { Compilation } from './compilation.ts';
import {
  argumentsOf,
  callerOf,
  checkCount,
  compileExpression,
  helperFailed,
  namedArguments,
  unknownHelper,
  wrongCount,
} from './compile-expression.ts';
import { asPath, compilePath, isBareName, namesBlockParam } from './compile-path.ts';
import { templateError } from './place.ts';
import { print } from './print.ts';
import {
  captureArgument,
  enter,
  hasProperty,
  type Expression,
  type Frame,
  type Origin,
  type Program,
  type Scope,
} from './scope.ts';
import { HELPERS } from '../helper-catalog.ts';
import { isTruthy } from '../helpers/logic.ts';
import { describeValue } from '../helpers/arguments.ts';
import { HelperFault, type Helper } from '../helpers/helper.ts';

/** The two bodies of a block. */
interface Bodies {
  readonly main: Program;
  readonly inverse: Program;
  /** How many block parameters `main` names. */
  readonly params: number;
}

export function compileBlock(compilation: Compilation, node: hbs.AST.BlockStatement): Program {
  const path = asPath(node.path);
  const name = path.parts[0] ?? '';
  const hasArguments = node.params.length > 0 || (node.hash as hbs.AST.Hash | undefined) !== undefined;
  const helper = isBareName(path) && !namesBlockParam(compilation, path) ? HELPERS.get(name) : undefined;
  const isBare =
    helper !== undefined && !hasArguments && (helper.group === 'blocks' || helper.block === 'text');
  const isHelper = helper !== undefined && (hasArguments || isBare);
  if (!isHelper && hasArguments) throw unknownHelper(compilation, node.path, compilation.written(node.path));

  const bodies = bodiesOf(compilation, node);
  if (!isHelper) return section(compilation, path, bodies);
  if (name === 'if' || name === 'unless')
    return condition(compilation, helper, node, bodies, name === 'unless');
  if (name === 'each') return each(compilation, helper, node, bodies);
  if (name === 'with') return withValue(compilation, helper, node, bodies);
  const block = helperBlock(compilation, helper, node, bodies);
  if (!isBare || helper.group === 'blocks') return block;
  // `{{#upper}}` takes its block as the argument, but `{{#title}}` may well be a field of the data, and then it is.
  const field = section(compilation, path, bodies);
  return (scope) => (hasProperty(scope.context, name) ? field(scope) : block(scope));
}

function bodiesOf(compilation: Compilation, node: hbs.AST.BlockStatement): Bodies {
  // The types say that both bodies are always there; of {{^x}} and of a block without {{else}} one is not.
  const { program: main, inverse: other }: { program?: hbs.AST.Program; inverse?: hbs.AST.Program } = node;
  const params = (main as { blockParams?: string[] } | undefined)?.blockParams ?? [];
  if (params.length > 0) compilation.blockParams.push(params);
  const program = compilation.program(main);
  if (params.length > 0) compilation.blockParams.pop();
  const inverse = compilation.program(other);
  return { main: program, inverse, params: params.length };
}

/** The scope of a main body that keeps the context; block parameters without a value are still a level. */
function same(scope: Scope, bodies: Bodies): Scope {
  return bodies.params === 0 ? scope : { ...scope, params: { values: [], up: scope.params } };
}

function condition(
  compilation: Compilation,
  helper: Helper,
  node: hbs.AST.BlockStatement,
  bodies: Bodies,
  inverted: boolean,
): Program {
  const [param] = node.params;
  if (!param || node.params.length > 1)
    throw wrongCount(compilation, helper, node, node.params.length, [1, 1]);
  const value = compileExpression(compilation, param, true);
  const pair = (node.hash as hbs.AST.Hash | undefined)?.pairs[0];
  const named = namedArguments(compilation, helper, node);
  return (scope) => {
    const zeroCounts = pair !== undefined && named(scope)['includeZero'] === true;
    if (isTruthy(value(scope), zeroCounts) === inverted) bodies.inverse(scope);
    else bodies.main(same(scope, bodies));
  };
}

function each(
  compilation: Compilation,
  helper: Helper,
  node: hbs.AST.BlockStatement,
  bodies: Bodies,
): Program {
  checkCount(compilation, helper, node, node.params.length);
  const [param] = node.params;
  if (!param) return () => undefined;
  const list = compileExpression(compilation, param, false);
  const origin = originOf(compilation, param);
  return (scope) => {
    const value = list(scope);
    if (value === null || value === undefined || value === false) {
      bodies.inverse(scope);
    } else if (typeof value !== 'object') {
      const fault = new HelperFault(
        `needs a list, but "${compilation.written(param)}" is ${describeValue(value)}`,
      );
      throw helperFailed(compilation, helper, node, fault);
    } else {
      repeat(scope, value, bodies, origin);
    }
  };
}

function repeat(scope: Scope, value: object, bodies: Bodies, origin: string | undefined): void {
  if (Array.isArray(value)) {
    const last = value.length - 1;
    if (last < 0) bodies.inverse(scope);
    for (let index = 0; index <= last; index++) {
      item(scope, value[index], index, index, last, bodies, origin);
    }
    return;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) bodies.inverse(scope);
  for (const [index, key] of keys.entries()) {
    item(scope, (value as Record<string, unknown>)[key], key, index, keys.length - 1, bodies, origin);
  }
}

function item(
  scope: Scope,
  value: unknown,
  key: string | number,
  index: number,
  last: number,
  bodies: Bodies,
  path: string | undefined,
): void {
  const frame: Frame = {
    parent: scope.frame,
    key,
    index,
    first: index === 0,
    last: index === last,
    partialBlock: scope.frame?.partialBlock,
  };
  const params = bodies.params > 0 ? { values: [value, key], up: scope.params } : scope.params;
  const origin: Origin | undefined = path === undefined ? undefined : { path, key, from: scope };
  bodies.main(enter(scope, value, frame, params, origin));
}

function withValue(
  compilation: Compilation,
  helper: Helper,
  node: hbs.AST.BlockStatement,
  bodies: Bodies,
): Program {
  checkCount(compilation, helper, node, node.params.length);
  const [param] = node.params;
  if (!param) return () => undefined;
  const read = compileExpression(compilation, param, false);
  const path = originOf(compilation, param);
  return (scope) => {
    const value = read(scope);
    if (!isTruthy(value, true)) bodies.inverse(scope);
    else inContext(scope, value, bodies, path);
  };
}

function inContext(scope: Scope, value: unknown, bodies: Bodies, path: string | undefined): void {
  const params = bodies.params > 0 ? { values: [value], up: scope.params } : scope.params;
  const origin = path === undefined ? undefined : { path, key: undefined, from: scope };
  bodies.main(enter(scope, value, scope.frame, params, origin));
}

/** `{{#field}}…{{/field}}`: for every item of a list, else with the value as context, else the inverse. */
function section(compilation: Compilation, path: hbs.AST.PathExpression, bodies: Bodies): Program {
  const read = compilePath(compilation, path, true);
  const origin = originOf(compilation, path);
  return (scope) => {
    const value = read(scope);
    if (value === true) bodies.main(same(scope, bodies));
    else if (value === false || value === null || value === undefined) bodies.inverse(scope);
    else if (Array.isArray(value)) repeat(scope, value, bodies, origin);
    else inContext(scope, value, bodies, origin);
  };
}

function helperBlock(
  compilation: Compilation,
  helper: Helper,
  node: hbs.AST.BlockStatement,
  bodies: Bodies,
): Program {
  if (!helper.block) {
    throw templateError(
      'TEMPLATE_HELPER_FAILED',
      compilation.text,
      compilation.place(node),
      `${helper.name} has no block form.`,
      `Write {{${helper.signature}}}, or use it inside of {{#if}} or {{#each}}.`,
    );
  }
  const takesText = helper.block === 'text';
  checkCount(compilation, helper, node, node.params.length + (takesText ? 1 : 0));
  const args: readonly Expression[] = argumentsOf(compilation, helper, node, false);
  const call = callerOf(compilation, helper, node);
  const { text } = compilation;
  const place = compilation.place(node);
  return (scope) => {
    const values = args.map((arg) => arg(scope));
    if (takesText) {
      const body = captureArgument(scope.run, () => bodies.main(same(scope, bodies)));
      print(scope.run, call(scope, [body, ...values]), false, text, place, helper.name);
      return;
    }
    const value = call(scope, values);
    if (helper.block === 'condition') {
      if (isTruthy(value, false)) bodies.main(same(scope, bodies));
      else bodies.inverse(scope);
    } else repeat(scope, value as object, bodies, undefined);
  };
}

function originOf(compilation: Compilation, node: hbs.AST.Expression): string | undefined {
  if (node.type !== 'PathExpression') return undefined;
  const path = node as hbs.AST.PathExpression;
  if (path.data || namesBlockParam(compilation, path)) return undefined;
  return '../'.repeat(path.depth) + path.parts.join('.');
}
