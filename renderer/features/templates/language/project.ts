/** The texts of a template seen together: which partial is called with what. */
import { parseTemplate, type Parsed } from './parse.ts';
import { bareName, enterBlock, evaluate, partialContext, rootScope, type Scope } from './scope.ts';
import { blockParamsOf } from './scope-at.ts';
import { unite, type Values } from './values.ts';

export interface Helper {
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
  readonly example: string;
  readonly result: string;
  readonly isBlock: boolean;
}

/** Whether it means something without arguments: `{{today}}`, and not `{{number}}`, which then is a field. */
const standsAlone = ({ signature }: Helper): boolean => !/ (?!\[)/.test(signature);

/** What the language services look at. */
export interface Project {
  /** Texts that Handlebars reads, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The sample; undefined when it is not JSON or there is none. */
  readonly data: unknown;
  readonly hasData: boolean;
  readonly helpers: ReadonlyMap<string, Helper>;
}

const PARTIAL_PATH = /^partials\/(.+)\.(?:hbs|handlebars|html)$/;

/** The name that `{{> name}}` uses; undefined for a file that is no partial. */
export const partialName = (path: string): string | undefined => PARTIAL_PATH.exec(path)?.[1];

/** Partials by name with their paths. */
export function partialsOf(project: Project): Map<string, string> {
  const partials = new Map<string, string>();
  for (const path of project.texts.keys()) {
    const name = partialName(path);
    if (name !== undefined) partials.set(name, path);
  }
  return partials;
}

/** Whether a value has to be there: `asked` is one that is looked for, `listed` a list that may be empty. */
export type Need = 'must' | 'asked' | 'listed';

/** What is told of a syntax tree while it is walked. */
export interface Visitor {
  /** A field or variable. */
  readonly path?: (node: hbs.AST.PathExpression, scope: Scope, need: Need) => void;
  /** What must be a helper, for it has arguments. */
  readonly call?: (
    node: hbs.AST.Expression,
    name: string | undefined,
    scope: Scope,
    isBlock: boolean,
  ) => void;
  readonly partial?: (
    node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    names: Values,
    scope: Scope,
  ) => void;
}

/** These ask whether a value is there. */
const ASKS = new Set(['if', 'unless', 'with', 'and', 'or', 'not', 'default', 'count']);
/** Whole statements: an empty list is the usual reason for {{#each}} to show nothing. */
const LENIENT_BLOCKS = new Set(['each']);

function needOf(helper: string, isBlock: boolean): Need {
  if (ASKS.has(helper)) return 'asked';
  return isBlock && LENIENT_BLOCKS.has(helper) ? 'listed' : 'must';
}

export function walk(
  program: hbs.AST.Program,
  top: Scope,
  helpers: Project['helpers'],
  visit: Visitor,
): void {
  const inline = new Set<string>();

  const expression = (node: hbs.AST.Expression, scope: Scope, need: Need): void => {
    if (node.type === 'PathExpression') visit.path?.(node as hbs.AST.PathExpression, scope, need);
    else if (node.type === 'SubExpression') call(node as hbs.AST.SubExpression, scope, need, false);
  };

  const call = (
    node: Pick<hbs.AST.SubExpression, 'path' | 'params'> & { readonly hash?: hbs.AST.Hash | undefined },
    scope: Scope,
    need: Need,
    isBlock: boolean,
  ): void => {
    const name = bareName(node.path);
    visit.call?.(node.path, name, scope, isBlock);
    const ofParams = name === undefined || need !== 'must' ? need : needOf(name, isBlock);
    for (const param of node.params) expression(param, scope, ofParams);
    for (const pair of node.hash?.pairs ?? []) expression(pair.value, scope, need);
  };

  const partial = (
    node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    scope: Scope,
    hasFallback: boolean,
  ): void => {
    const { name } = node;
    const isDynamic = name.type === 'SubExpression';
    const names: Values = isDynamic
      ? evaluate(name, scope)?.filter((value) => typeof value === 'string')
      : [name.original];
    if (isDynamic) expression(name, scope, 'must');
    if (!hasFallback && names?.every((one) => inline.has(String(one)) || one === '@partial-block') !== true) {
      visit.partial?.(
        node,
        names?.filter((one) => !inline.has(String(one))),
        scope,
      );
    } else if (hasFallback) visit.partial?.(node, names, { ...scope, isReached: false });
    for (const param of node.params) expression(param, scope, 'must');
    for (const pair of (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [])
      expression(pair.value, scope, 'asked');
  };

  const body = (statements: hbs.AST.Program | undefined, scope: Scope): void => {
    for (const node of statements?.body ?? []) statement(node, scope);
  };

  const statement = (node: hbs.AST.Statement, scope: Scope): void => {
    switch (node.type) {
      case 'MustacheStatement': {
        const mustache = node as hbs.AST.MustacheStatement;
        const { path, params } = mustache;
        const hash = mustache.hash as hbs.AST.Hash | undefined;
        const name = bareName(path);
        if (params.length > 0 || hash !== undefined) {
          call(mustache as unknown as hbs.AST.SubExpression, scope, 'must', false);
        } else {
          // `{{today}}` is the field where the data has one, else the helper.
          const helper = name === undefined ? undefined : helpers.get(name);
          expression(path, scope, helper !== undefined && standsAlone(helper) ? 'asked' : 'must');
        }
        return;
      }
      case 'BlockStatement': {
        const block = node as hbs.AST.BlockStatement;
        const name = bareName(block.path);
        const isHelper = block.params.length > 0 || (name !== undefined && helpers.has(name));
        if (isHelper) call(block, scope, 'must', true);
        else expression(block.path, scope, 'asked');
        const opening = { path: block.path, params: block.params, blockParams: blockParamsOf(block.program) };
        const scopes = enterBlock(opening, scope, helpers);
        body(block.program, scopes.main);
        body(block.inverse, scopes.inverse);
        return;
      }
      case 'PartialStatement':
        partial(node as hbs.AST.PartialStatement, scope, false);
        return;
      case 'PartialBlockStatement': {
        const block = node as hbs.AST.PartialBlockStatement;
        body(block.program, scope);
        partial(block, scope, true);
        return;
      }
      case 'DecoratorBlock': {
        const { params, program: inlineBody } = node as hbs.AST.DecoratorBlock;
        const [name] = params;
        if (name?.type === 'StringLiteral') inline.add((name as hbs.AST.StringLiteral).value);
        // With what it is called is only known where it is called.
        body(inlineBody, { ...scope, context: undefined, up: undefined });
        return;
      }
    }
  };

  body(program, top);
}

export interface Analysis {
  readonly parsed: ReadonlyMap<string, Parsed>;
  /** The scope that each text starts with; of a partial that nothing calls its context is unknown. */
  readonly tops: ReadonlyMap<string, Scope>;
}

/** Calls of calls: as deep as partials are followed. */
const MAX_ROUNDS = 12;

/** Parses every text and follows the partials from the texts that are printed. */
export function analyse(project: Project): Analysis {
  const parsed = new Map<string, Parsed>();
  for (const [path, text] of project.texts) parsed.set(path, parseTemplate(text));
  const partials = partialsOf(project);
  const root: Values = project.hasData ? [project.data] : undefined;
  const tops = new Map<string, Scope>();
  /** By path, what each of its callers gives. */
  const contexts = new Map<string, Map<hbs.AST.Node, Values>>();
  let waiting: string[] = [];
  for (const path of project.texts.keys()) {
    if (partialName(path) !== undefined) continue;
    tops.set(path, rootScope(root));
    waiting.push(path);
  }
  for (let round = 0; round < MAX_ROUNDS && waiting.length > 0; round++) {
    const next = new Set<string>();
    for (const path of waiting) {
      const tree = parsed.get(path);
      const top = tops.get(path);
      if (tree?.ok !== true || top === undefined) continue;
      walk(tree.program, top, project.helpers, {
        partial: (node, names, scope) => {
          if (!scope.isReached) return;
          for (const name of names ?? []) {
            const target = partials.get(String(name));
            if (target === undefined) continue;
            const callers = contexts.get(target) ?? new Map<hbs.AST.Node, Values>();
            const context = partialContext(node, scope);
            if (callers.has(node) && sameSize(callers.get(node), context)) continue;
            callers.set(node, context);
            contexts.set(target, callers);
            tops.set(target, rootScope(unite([...callers.values()]), root));
            next.add(target);
          }
        },
      });
    }
    waiting = [...next];
  }
  for (const path of project.texts.keys()) {
    if (!tops.has(path)) tops.set(path, { ...rootScope(undefined, root), isReached: false });
  }
  return { parsed, tops };
}

const sameSize = (a: Values, b: Values): boolean => a?.length === b?.length;
