/** What a helper is: a row of the catalog. */
import type { ReferenceRecord } from '../references/page-numbers.ts';

/** Markup that a helper made and that is printed as it is. */
export class SafeHtml {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

export interface HelperCall {
  /** Named arguments, `decimals=2`. */
  readonly named: Readonly<Record<string, unknown>>;
  readonly locale: string;
  readonly timeZone: string;
  readonly strict: boolean;
  /** Throws when there is no room for an operation on so many bytes; to be asked before one on very much data. */
  readonly guardHeap: (bytes: number) => void;
  /** Page numbers of the document. */
  readonly references: ReferenceRecord;
  /** The arguments as the template writes them, for the words of an error. */
  readonly written: readonly string[];
}

export interface Helper {
  readonly name: string;
  /** Group in the reference. */
  readonly group: 'numbers' | 'dates' | 'text' | 'logic' | 'lists' | 'pictures' | 'references' | 'blocks';
  /** As one would write it, `currency amount code [display="code"]`. */
  readonly signature: string;
  /** One sentence. */
  readonly doc: string;
  /** `output` is for locale en, time zone UTC. */
  readonly example: { readonly template: string; readonly data: unknown; readonly output: string };
  /** Fewest and most positional arguments. */
  readonly args: readonly [number, number];
  readonly named?: readonly string[];
  /**
   * What `{{#name …}}` does: repeat for every item of the result, show or hide by it, or take the block's text as the
   * first argument. Without it there is no block form.
   */
  readonly block?: 'list' | 'condition' | 'text';
  /** It asks whether a value is there, so a missing field is no error even when `strict`. */
  readonly asks?: true;
  /** Throws HelperFault. */
  readonly call: (args: readonly unknown[], call: HelperCall) => unknown;
}

/** A helper's complaint; whoever calls the helper adds its name and the place. */
export class HelperFault extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
