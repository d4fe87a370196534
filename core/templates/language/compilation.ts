import { templateError, type Place, type TemplateText } from './place.ts';
import type { Program } from './scope.ts';

/** One text while it is compiled: what the parts of the compiler share. */
export abstract class Compilation {
  readonly text: TemplateText;
  /** Block parameters in scope, innermost last. */
  readonly blockParams: (readonly string[])[] = [];
  readonly #brace: string | undefined;

  constructor(text: TemplateText, brace: string | undefined) {
    this.text = text;
    this.#brace = brace;
  }

  /** The statements of a block or text. */
  abstract program(node: hbs.AST.Program | undefined): Program;

  /** The expression as the template writes it, shortened. */
  written(node: hbs.AST.Node): string {
    switch (node.type) {
      case 'PathExpression':
        return this.literal((node as hbs.AST.PathExpression).original);
      case 'StringLiteral':
        return JSON.stringify((node as hbs.AST.StringLiteral).value);
      case 'NumberLiteral':
      case 'BooleanLiteral':
        return String((node as hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral).value);
      case 'SubExpression':
        return `(${this.written((node as hbs.AST.SubExpression).path)} …)`;
      default:
        return node.type === 'NullLiteral' ? 'null' : 'undefined';
    }
  }

  /** Undoes what the scan did to literal braces. */
  literal(value: string): string {
    return this.#brace === undefined ? value : value.replaceAll(this.#brace, '}');
  }

  place(node: hbs.AST.Node): Place {
    return { line: node.loc.start.line, column: node.loc.start.column + 1 };
  }

  syntax(node: hbs.AST.Node, what: string, hint?: string) {
    return templateError('TEMPLATE_SYNTAX', this.text, this.place(node), what, hint);
  }
}
