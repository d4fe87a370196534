import type { Compilation } from './compilation.ts';
import { asPath, compilePath, isBareName } from './compile-path.ts';
import { templateError } from './place.ts';
import { outputTooLarge, type Expression, type Scope } from './scope.ts';
import type { InfluxionError } from '../../error.ts';
import { HELPERS } from '../helper-catalog.ts';
import { HelperFault, type Helper, type HelperCall } from '../helpers/helper.ts';
import { didYouMean } from '../nearest-name.ts';

/** What can call a helper: a mustache, a block, a subexpression. */
export interface CallNode extends hbs.AST.Node {
  readonly params: readonly hbs.AST.Expression[];
  readonly hash: hbs.AST.Hash;
}

/** An argument: a field, a literal or a subexpression. */
export function compileExpression(
  compilation: Compilation,
  node: hbs.AST.Expression,
  mayMiss: boolean,
): Expression {
  switch (node.type) {
    case 'PathExpression':
      return compilePath(compilation, node as hbs.AST.PathExpression, mayMiss);
    case 'StringLiteral': {
      const value = compilation.literal((node as hbs.AST.StringLiteral).value);
      return () => value;
    }
    case 'NumberLiteral':
    case 'BooleanLiteral': {
      const { value } = node as hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral;
      return () => value;
    }
    case 'NullLiteral':
      return () => null;
    case 'SubExpression':
      return subExpression(compilation, node as hbs.AST.SubExpression, mayMiss);
    default:
      return () => undefined;
  }
}

function subExpression(compilation: Compilation, node: hbs.AST.SubExpression, mayMiss: boolean): Expression {
  const path = asPath(node.path);
  const helper = isBareName(path) ? HELPERS.get(path.parts[0] ?? '') : undefined;
  if (!helper) throw unknownHelper(compilation, node.path, compilation.written(node.path));
  return bindHelper(compilation, helper, node, mayMiss);
}

/** The call of a helper with its arguments checked as far as they can be beforehand. */
export function bindHelper(
  compilation: Compilation,
  helper: Helper,
  node: CallNode,
  mayMiss: boolean,
): Expression {
  checkCount(compilation, helper, node, node.params.length);
  const args = argumentsOf(compilation, helper, node, mayMiss);
  const call = callerOf(compilation, helper, node);
  const [first, second] = args;
  if (first && args.length === 1) return (scope) => call(scope, [first(scope)]);
  if (first && second && args.length === 2) return (scope) => call(scope, [first(scope), second(scope)]);
  return (scope) =>
    call(
      scope,
      args.map((arg) => arg(scope)),
    );
}

export function argumentsOf(
  compilation: Compilation,
  helper: Helper,
  node: CallNode,
  mayMiss: boolean,
): readonly Expression[] {
  const lenient = helper.asks === true || mayMiss;
  return node.params.map((param) => compileExpression(compilation, param, lenient));
}

/** Calls a helper with evaluated arguments; its complaints get the place. */
export function callerOf(
  compilation: Compilation,
  helper: Helper,
  node: CallNode,
): (scope: Scope, args: readonly unknown[]) => unknown {
  const named = namedArguments(compilation, helper, node);
  const written = node.params.map((param) => compilation.written(param));
  return (scope, args) => {
    const { locale, timeZone, strict, guardHeap, references } = scope.run;
    const call: HelperCall = {
      named: named(scope),
      locale,
      timeZone,
      strict,
      written,
      guardHeap,
      references,
    };
    try {
      const result = helper.call(args, call);
      if (typeof result === 'string' && result.length > scope.run.outputLimit) {
        throw outputTooLarge(scope.run.outputLimit);
      }
      return result;
    } catch (error) {
      throw helperFailed(compilation, helper, node, error);
    }
  };
}

export function helperFailed(
  compilation: Compilation,
  helper: Helper,
  node: hbs.AST.Node,
  error: unknown,
): unknown {
  const isFault = error instanceof HelperFault;
  // A full stack or heap is not this helper's doing.
  if (
    !isFault &&
    !(error instanceof RangeError && !/call stack/.test(error.message)) &&
    !(error instanceof TypeError)
  ) {
    return error;
  }
  return templateError(
    'TEMPLATE_HELPER_FAILED',
    compilation.text,
    compilation.place(node),
    `${helper.name} ${isFault ? error.message : 'cannot work with these values'}.`,
    isFault ? error.hint : `It is called as {{${helper.signature}}}.`,
    error,
  );
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze(
  Object.create(null) as Record<string, unknown>,
);

export function namedArguments(
  compilation: Compilation,
  helper: Helper,
  node: CallNode,
): (scope: Scope) => Readonly<Record<string, unknown>> {
  const pairs = ((node.hash as hbs.AST.Hash | undefined)?.pairs ?? []).map((pair) => {
    const known = helper.named ?? [];
    if (!known.includes(pair.key)) {
      throw templateError(
        'TEMPLATE_HELPER_FAILED',
        compilation.text,
        compilation.place(pair),
        `${helper.name} has no option "${pair.key}".`,
        didYouMean(pair.key, known) ?? (known.length > 0 ? `It has ${known.join(', ')}.` : undefined),
      );
    }
    return { key: pair.key, value: compileExpression(compilation, pair.value, helper.asks === true) };
  });
  if (pairs.length === 0) return () => NOTHING;
  return (scope) => {
    const named = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of pairs) named[key] = value(scope);
    return named;
  };
}

export function checkCount(compilation: Compilation, helper: Helper, node: CallNode, count: number): void {
  const [least, most] = helper.args;
  if (count < least || count > most) throw wrongCount(compilation, helper, node, count, helper.args);
}

export function wrongCount(
  compilation: Compilation,
  helper: Helper,
  node: hbs.AST.Node,
  count: number,
  [least, most]: readonly [number, number],
): InfluxionError {
  const range =
    least === most ? String(least) : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  return templateError(
    'TEMPLATE_HELPER_FAILED',
    compilation.text,
    compilation.place(node),
    `${helper.name} takes ${range} ${range === '1' ? 'value' : 'values'}, but gets ${count}.`,
    `It is called as {{${helper.signature}}}.`,
  );
}

export function unknownHelper(compilation: Compilation, node: hbs.AST.Node, name: string) {
  return templateError(
    'TEMPLATE_UNKNOWN_HELPER',
    compilation.text,
    compilation.place(node),
    `there is no helper "${name}".`,
    didYouMean(name, HELPERS.keys()),
  );
}
