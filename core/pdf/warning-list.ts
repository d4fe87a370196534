import type { JobWarning } from '../../contract/job.ts';

const KEPT = 50;
const MESSAGE_LENGTH = 500;

/** What a document's owner should know, each thing once, at most fifty of them and then how many more there were. */
export class WarningList {
  readonly #warnings: JobWarning[] = [];
  readonly #seen = new Set<string>();
  readonly #codes = new Set<JobWarning['code']>();
  #left: { readonly code: JobWarning['code']; count: number } | undefined;

  add(code: JobWarning['code'], text: string): void {
    const message = text.length > MESSAGE_LENGTH ? `${text.slice(0, MESSAGE_LENGTH - 1)}…` : text;
    this.#codes.add(code);
    if (this.#warnings.length >= KEPT) {
      this.#left ??= { code, count: 0 };
      this.#left.count += 1;
      return;
    }
    const key = `${code} ${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#warnings.push({ code, message });
  }

  has(code: JobWarning['code']): boolean {
    return this.#codes.has(code);
  }

  /** Whether a warning names this thing already. */
  mentions(thing: string): boolean {
    return this.#warnings.some(({ message }) => message.includes(thing));
  }

  get size(): number {
    return this.#warnings.length;
  }

  all(): JobWarning[] {
    if (!this.#left) return [...this.#warnings];
    const { code, count } = this.#left;
    return [...this.#warnings, { code, message: `There were ${count} more warnings.` }];
  }
}
