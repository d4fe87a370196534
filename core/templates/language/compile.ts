/**
 * From the syntax tree to closures. Handlebars' own compiler writes JavaScript source, which costs 100 µs a mustache,
 * knows no place for what fails at run time, and reaches every function it can find; closures over the tree are as
 * quick to run, are made in a tenth of the time, and can do exactly what is written here and nothing else.
 */
import { compileBlock } from './compile-block.ts';
import { bindHelper, unknownHelper } from './compile-expression.ts';
import { Compilation } from './compilation.ts';
import { asPath, compilePath, isBareName, namesBlockParam } from './compile-path.ts';
import { compileInline, compilePartial, compilePartialBlock } from './compile-partial.ts';
import { parseTemplate } from './parse.ts';
import type { TemplateText } from './place.ts';
import { print } from './print.ts';
import type { ScanLimits } from './scan.ts';
import { write, type BoundProgram, type Expression, type Program } from './scope.ts';
import { HELPERS } from '../helper-catalog.ts';
import { markSources, type MarkedSource } from '../references/source-marks.ts';

export interface CompiledTemplate {
  readonly text: TemplateText;
  readonly program: Program;
  readonly nodes: number;
}

class TemplateCompilation extends Compilation {
  readonly #marked: ReadonlyMap<hbs.AST.ContentStatement, string> | undefined;

  constructor(
    text: TemplateText,
    brace: string | undefined,
    marked: ReadonlyMap<hbs.AST.ContentStatement, string> | undefined,
  ) {
    super(text, brace);
    this.#marked = marked;
  }

  /** The statements of a block or text. */
  override program(node: hbs.AST.Program | undefined): Program {
    const inline = new Map<string, Program>();
    const statements: Program[] = [];
    for (const statement of node?.body ?? []) {
      if (statement.type === 'DecoratorBlock') {
        const { name, program } = compileInline(this, statement as hbs.AST.DecoratorBlock);
        inline.set(name, program);
      } else {
        const compiled = this.#statement(statement);
        if (compiled) statements.push(compiled);
      }
    }
    const run = sequence(statements);
    if (inline.size === 0) return run;
    return (scope) => {
      const byName = new Map<string, BoundProgram>();
      for (const [name, program] of inline) byName.set(name, { program, scope });
      run({ ...scope, inline: { byName, up: scope.inline } });
    };
  }

  #statement(node: hbs.AST.Statement): Program | undefined {
    switch (node.type) {
      case 'ContentStatement':
        return this.#content(node as hbs.AST.ContentStatement);
      case 'CommentStatement':
        return undefined;
      case 'MustacheStatement':
        return this.#mustache(node as hbs.AST.MustacheStatement);
      case 'BlockStatement':
        return compileBlock(this, node as hbs.AST.BlockStatement);
      case 'PartialStatement':
        return compilePartial(this, node as hbs.AST.PartialStatement);
      case 'PartialBlockStatement':
        return compilePartialBlock(this, node as hbs.AST.PartialBlockStatement);
      case 'Decorator':
        throw this.syntax(node, 'decorators are not supported.', 'Only {{#*inline "name"}} is.');
      default:
        throw this.syntax(node, `${node.type} is not supported.`);
    }
  }

  #content(node: hbs.AST.ContentStatement): Program | undefined {
    const value = this.literal(node.value);
    if (value === '') return undefined;
    const source = this.#marked?.get(node);
    if (source === undefined) return (scope) => write(scope.run, value);
    const marked = this.literal(source);
    return (scope) => write(scope.run, scope.run.unmarked > 0 ? value : marked);
  }

  #mustache(node: hbs.AST.MustacheStatement): Program {
    const { text } = this;
    const place = this.place(node);
    const written = this.written(node.path);
    const value = this.#mustacheValue(node, written);
    const escaped = node.escaped;
    return (scope) => print(scope.run, value(scope), escaped && scope.run.escape, text, place, written);
  }

  #mustacheValue(node: hbs.AST.MustacheStatement, written: string): Expression {
    const path = asPath(node.path);
    const hasArguments = node.params.length > 0 || (node.hash as hbs.AST.Hash | undefined) !== undefined;
    if (!hasArguments && (!isBareName(path) || namesBlockParam(this, path)))
      return compilePath(this, path, false);
    const helper = isBareName(path) ? HELPERS.get(path.parts[0] ?? '') : undefined;
    if (!hasArguments) {
      const field = compilePath(this, path, false);
      if (helper?.args[0] !== 0) return field;
      // A field of the data wins over a helper that needs no argument, so `{{today}}` can be either.
      const name = path.parts[0] ?? '';
      const call = bindHelper(this, helper, node, false);
      return (scope) =>
        typeof scope.context === 'object' && scope.context !== null && Object.hasOwn(scope.context, name)
          ? field(scope)
          : call(scope);
    }
    if (!helper) throw unknownHelper(this, node.path, written);
    return bindHelper(this, helper, node, false);
  }
}

/**
 * `markedAs`: what marks in the start tags name, for a preview (references/source-marks.ts).
 * Throws TEMPLATE_SYNTAX, TEMPLATE_TOO_COMPLEX, TEMPLATE_UNKNOWN_HELPER, TEMPLATE_HELPER_FAILED.
 */
export function compileTemplate(
  text: TemplateText,
  limits: ScanLimits,
  markedAs?: MarkedSource,
): CompiledTemplate {
  const { program, brace, nodes } = parseTemplate(text, limits);
  const marked = markedAs === undefined ? undefined : markSources(program, markedAs);
  const compilation = new TemplateCompilation(text, brace, marked);
  return {
    text,
    program: compilation.program(program),
    nodes,
  };
}

function sequence(statements: readonly Program[]): Program {
  const [first, second] = statements;
  if (!first) return () => undefined;
  if (!second) return first;
  return (scope) => {
    for (const statement of statements) statement(scope);
  };
}
