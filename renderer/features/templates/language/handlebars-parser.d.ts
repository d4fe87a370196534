/// <reference types="handlebars" />

/** The parser alone: the rest of Handlebars compiles with `new Function`, which the page's policy forbids. */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  export function parse(template: string): hbs.AST.Program;
  export const parser: {
    lexer: { yylloc?: { first_line: number; first_column: number; last_line: number; last_column: number } };
    parseError: (
      this: { lexer: { yylloc?: { first_line: number; first_column: number } } },
      sentence: string,
      fault: { text?: string; token?: string | null; line: number },
    ) => never;
  };
}
