/** What is wrong with the texts of a template, as far as it can be told without rendering. */
import { nearestName } from './nearest-name.ts';
import { analyse, partialsOf, walk, type Analysis, type Project } from './project.ts';
import { pathStart, type Scope } from './scope.ts';
import { spanOf, type TextSpan } from './text-place.ts';
import { fieldNames, fieldOf, type Values } from './values.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Problem {
  readonly path: string;
  readonly span: TextSpan;
  readonly severity: Severity;
  readonly message: string;
  /** Mends it when it takes the place of `span`. */
  readonly fix?: { readonly title: string; readonly text: string };
}

const MAX_PROBLEMS = 200;

/** In the order of the texts, at most 200. */
export function findProblems(project: Project, analysis: Analysis = analyse(project)): Problem[] {
  const problems: Problem[] = [];
  for (const path of project.texts.keys()) {
    const parsed = analysis.parsed.get(path);
    const top = analysis.tops.get(path);
    if (parsed === undefined || top === undefined) continue;
    if (!parsed.ok) {
      const end = { line: parsed.place.line, column: parsed.place.column + 1 };
      problems.push({ path, span: { start: parsed.place, end }, severity: 'error', message: parsed.message });
    } else problems.push(...problemsOf(project, path, parsed.program, top));
  }
  return problems.slice(0, MAX_PROBLEMS);
}

function problemsOf(project: Project, path: string, program: hbs.AST.Program, top: Scope): Problem[] {
  const problems: Problem[] = [];
  const text = project.texts.get(path) ?? '';
  const partials = partialsOf(project);
  const add = (
    loc: hbs.AST.SourceLocation,
    severity: Severity,
    message: string,
    written: string,
    fix?: string,
  ): void => {
    const span = narrow(text, spanOf(loc), written);
    problems.push({
      path,
      span,
      severity,
      message,
      ...(fix !== undefined && { fix: { title: `Change to "${fix}"`, text: fix } }),
    });
  };

  walk(program, top, project.helpers, {
    call: (node, name, _scope, isBlock) => {
      const written = (node as hbs.AST.PathExpression).original;
      const helper = name === undefined ? undefined : project.helpers.get(name);
      if (helper === undefined) {
        const nearest = nearestName(written, project.helpers.keys());
        add(node.loc, 'error', `There is no helper "${written}".${meant(nearest)}`, written, nearest);
      } else if (isBlock && !helper.isBlock) {
        add(node.loc, 'error', `${helper.name} has no block form: write {{${helper.signature}}}.`, written);
      }
    },
    partial: (node, names) => {
      for (const name of names ?? []) {
        const called = String(name);
        if (partials.has(called) || called.startsWith('@')) continue;
        const nearest = nearestName(called, partials.keys());
        const isDynamic = node.name.type === 'SubExpression';
        add(
          node.name.loc,
          node.type === 'PartialBlockStatement' ? 'info' : 'error',
          `There is no partial "${called}".${meant(nearest) || ` It would be the file partials/${called}.hbs.`}`,
          called,
          isDynamic ? undefined : nearest,
        );
      }
    },
    path: (node, scope, need) => {
      if (need === 'asked' || !scope.isReached || !project.hasData) return;
      const lost = missingPart(node, scope);
      if (lost === undefined) return;
      const { original } = node;
      const { known, fix } = suggestion(node, scope, lost);
      // An empty list is worth a word where its name looks misspelt.
      if (need === 'listed' && fix === undefined) return;
      add(node.loc, 'warning', `This sample has no "${original}".${known}`, original, fix);
    },
  });
  return problems;
}

const meant = (name: string | undefined): string => (name === undefined ? '' : ` Did you mean "${name}"?`);

interface Lost {
  readonly owner: Values;
  readonly name: string;
}

/** The first part of the path that no value has; undefined when it is there or cannot be known. */
function missingPart(node: hbs.AST.PathExpression, scope: Scope): Lost | undefined {
  const { from, rest, isField } = pathStart(node, scope);
  if (!isField) return undefined;
  let owner = from;
  for (const name of rest) {
    if (owner === undefined || owner.length === 0) return undefined;
    // An empty part of a document says nothing about what could be in it.
    if (owner.every((value) => value === null)) return undefined;
    const next = fieldOf(owner, name);
    if (next?.length === 0) return { owner, name };
    owner = next;
  }
  return undefined;
}

function suggestion(
  node: hbs.AST.PathExpression,
  scope: Scope,
  { owner, name }: Lost,
): { known: string; fix?: string } {
  const nearest = nearestName(name, fieldNames(owner));
  if (nearest !== undefined) {
    const at = node.original.lastIndexOf(name);
    const fix =
      at < 0 ? nearest : node.original.slice(0, at) + nearest + node.original.slice(at + name.length);
    return { known: ` Did you mean "${fix}"?`, fix };
  }
  let prefix = '';
  if (node.depth > 0 || node.data) return { known: '' };
  for (let up = scope.up; up !== undefined; up = up.up) {
    prefix += '../';
    if ((fieldOf(up.context, name)?.length ?? 0) > 0) {
      const fix = prefix + node.original;
      return { known: ` It exists outside of the block: write {{${fix}}}.`, fix };
    }
  }
  return { known: '' };
}

/** The part of a span that is the name itself: of a block Handlebars gives the whole tag. */
function narrow(text: string, span: TextSpan, written: string): TextSpan {
  const line = text.split(/\r\n?|\n/, span.start.line)[span.start.line - 1] ?? '';
  const at = line.indexOf(written, span.start.column - 1);
  if (written === '' || at < 0) return span;
  return {
    start: { line: span.start.line, column: at + 1 },
    end: { line: span.start.line, column: at + 1 + written.length },
  };
}
