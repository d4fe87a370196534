import type { JobWarning } from '../../contract/job.ts';

const KEPT = 50;
/** Told apart; a document with more faults than this may have some of them counted twice. */
const REMEMBERED = 2000;
const MESSAGE_LENGTH = 500;

/** What a document's owner should know, each thing once, at most fifty of them and then how many more there were. */
export class WarningList {
  readonly #warnings: JobWarning[] = [];
  readonly #seen = new Set<string>();
  readonly #things = new Set<string>();
  readonly #codes = new Set<JobWarning['code']>();
  #left: { readonly code: JobWarning['code']; count: number } | undefined;

  /** `thing`: the URL that it is about, so that a consequence of the same fault can be told from a fault of its own. */
  add(code: JobWarning['code'], text: string, thing?: string): void {
    const message = text.length > MESSAGE_LENGTH ? `${text.slice(0, MESSAGE_LENGTH - 1)}…` : text;
    this.#codes.add(code);
    if (thing !== undefined && this.#things.size < REMEMBERED) this.#things.add(thing);
    const key = `${code} ${message}`;
    if (this.#seen.has(key)) return;
    if (this.#seen.size < REMEMBERED) this.#seen.add(key);
    if (this.#warnings.length < KEPT) {
      this.#warnings.push({ code, message });
      return;
    }
    this.#left ??= { code, count: 0 };
    this.#left.count += 1;
  }

  has(code: JobWarning['code']): boolean {
    return this.#codes.has(code);
  }

  /** Whether a warning was about this URL already. */
  isKnown(thing: string): boolean {
    return this.#things.has(thing);
  }

  all(): JobWarning[] {
    if (!this.#left) return [...this.#warnings];
    const { code, count } = this.#left;
    return [...this.#warnings, { code, message: `There were ${count} more warnings.` }];
  }
}
