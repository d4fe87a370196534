/** What a template sees while it is rendered. */
import { InfluxionError } from '../../error.ts';
import type { ReferenceRecord } from '../references/page-numbers.ts';

/** One rendering of one text. */
export interface Run {
  /** The end of the output; what came before is in `chunks`. */
  out: string;
  chunks: string[];
  /** UTF-16 units in `chunks`. */
  written: number;
  /** UTF-16 units. */
  readonly outputLimit: number;
  /** Throws TEMPLATE_OUT_OF_MEMORY when there is no room for an operation on so many bytes. */
  readonly guardHeap: (bytes: number) => void;
  readonly escape: boolean;
  readonly strict: boolean;
  readonly locale: string;
  readonly timeZone: string;
  readonly root: unknown;
  readonly references: ReferenceRecord;
  /** Above 0 where the output is the argument of a helper, which must not find marks in it. */
  unmarked: number;
  readonly partialDepthLimit: number;
  partialDepth: number;
  /** Compiles a partial of the template; undefined when there is none of that name. */
  readonly partial: (name: string) => Program | undefined;
  readonly partialNames: () => string[];
}

/** The `@` variables. */
export interface Frame {
  readonly parent: Frame | undefined;
  readonly key: unknown;
  readonly index: number | undefined;
  readonly first: boolean | undefined;
  readonly last: boolean | undefined;
  readonly partialBlock: BoundProgram | undefined;
}

export interface BoundProgram {
  readonly program: Program;
  readonly scope: Scope;
}

export interface BlockParams {
  readonly values: readonly unknown[];
  readonly up: BlockParams | undefined;
}

export interface InlinePartials {
  readonly byName: ReadonlyMap<string, BoundProgram>;
  readonly up: InlinePartials | undefined;
}

/** How a context was reached from the one above it, for the words of an error. */
export interface Origin {
  /** As the template says it, `items` or `../customer`. */
  readonly path: string;
  readonly key: string | number | undefined;
  /** Where `path` starts. */
  readonly from: Scope;
}

/** A compiled part of a template that writes, or has a value. */
export type Program = (scope: Scope) => void;
export type Expression = (scope: Scope) => unknown;

export interface Scope {
  readonly run: Run;
  readonly context: unknown;
  /** What `../` means. */
  readonly up: Scope | undefined;
  readonly frame: Frame | undefined;
  readonly params: BlockParams | undefined;
  readonly inline: InlinePartials | undefined;
  readonly origin: Origin | undefined;
}

export function rootScope(run: Run): Scope {
  return {
    run,
    context: run.root,
    up: undefined,
    frame: undefined,
    params: undefined,
    inline: undefined,
    origin: undefined,
  };
}

/** The scope of a block with a context of its own; the same context again is no level for `../`, as in Handlebars. */
export function enter(
  scope: Scope,
  context: unknown,
  frame: Frame | undefined,
  params: BlockParams | undefined,
  origin: Origin | undefined,
): Scope {
  const same = context === scope.context;
  return {
    run: scope.run,
    context,
    up: same ? scope.up : scope,
    frame,
    params,
    inline: scope.inline,
    origin: same ? scope.origin : origin,
  };
}

/** Appending makes a rope, 32 bytes for every piece, so it is made flat before it gets long. */
const CHUNK = 65_536;

export function write(run: Run, text: string): void {
  run.out += text;
  if (run.out.length >= CHUNK) flush(run);
}

function flush(run: Run): void {
  run.written += run.out.length;
  if (run.written > run.outputLimit) throw outputTooLarge(run.outputLimit);
  // Reading a character is what makes V8 flatten a rope.
  run.out.charCodeAt(0);
  run.chunks.push(run.out);
  run.out = '';
}

/** The whole output. */
export function finish(run: Run): string {
  if (run.written + run.out.length > run.outputLimit) throw outputTooLarge(run.outputLimit);
  if (run.chunks.length === 0) return run.out;
  run.chunks.push(run.out);
  return run.chunks.join('');
}

/** What `body` writes, as a text of its own. */
export function capture(run: Run, body: () => void): string {
  const { out, chunks, written } = run;
  run.out = '';
  run.chunks = [];
  body();
  const captured = finish(run);
  run.out = out;
  run.chunks = chunks;
  run.written = written;
  return captured;
}

/** What `body` writes for a helper to read. */
export function captureArgument(run: Run, body: () => void): string {
  run.unmarked++;
  const captured = capture(run, body);
  run.unmarked--;
  return captured;
}

export function outputTooLarge(limit: number): InfluxionError {
  return new InfluxionError(
    'TEMPLATE_OUTPUT_TOO_LARGE',
    `The template produced more than ${Math.floor(limit / 1_000_000)} MB of HTML.`,
    { hint: 'Look for an {{#each}} over more data than was meant, or split the document.' },
  );
}

/** The value behind one step of a path: own properties of JSON values and nothing else. */
export function property(value: unknown, key: string | number): unknown {
  if (typeof value === 'object' && value !== null) {
    return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  }
  return typeof value === 'string' && key === 'length' ? value.length : undefined;
}

export function hasProperty(value: unknown, key: string | number): boolean {
  if (typeof value === 'object' && value !== null) return Object.hasOwn(value, key);
  return typeof value === 'string' && key === 'length';
}

/** The path of a scope's context from the root of the data, such as `items[2].price`; empty for the root. */
export function pathOf(scope: Scope): string {
  const parts: string[] = [];
  let current: Scope | undefined = scope;
  while (current?.origin) {
    const origin: Origin = current.origin;
    const { key } = origin;
    let { path } = origin;
    let above: Scope | undefined = origin.from;
    while (path.startsWith('../')) {
      path = path.slice(3);
      above = above?.up;
    }
    parts.unshift(typeof key === 'number' ? `${path}[${String(key)}]` : joinPath(path, key ?? ''));
    current = above;
  }
  return parts.reduce(joinPath, '');
}

export function joinPath(left: string, right: string): string {
  if (left === '' || right === '') return left + right;
  return right.startsWith('[') ? left + right : `${left}.${right}`;
}
