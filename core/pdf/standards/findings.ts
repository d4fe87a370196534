/** What the steps of `conform` find: warnings for the job, and rules that cannot be met. */
import type { JobWarning } from '../../../contract/job.ts';
import type { Violation } from '../../../contract/verify.ts';
import { InfluxionError } from '../../error.ts';

export interface Fault {
  /** Such as `pdf/a-2b`. */
  readonly standard: string;
  /** Clause and test number as veraPDF counts them. */
  readonly rule: string;
  /** A sentence. */
  readonly message: string;
  /** From 1. */
  readonly page?: number | undefined;
  readonly object?: number | undefined;
  /** What to do about it, one sentence. */
  readonly hint?: string;
}

const MOST_VIOLATIONS = 100;

export class Findings {
  readonly warnings: JobWarning[] = [];
  readonly #violations = new Map<string, Violation>();
  /** Of the first violation. */
  #hint: string | undefined;

  warn(warning: JobWarning): void {
    this.warnings.push(warning);
  }

  /** A rule that is broken again on the same page is counted; the first message stands for all. */
  violate({ standard, rule, message, page, object, hint }: Fault): void {
    const key = `${standard} ${rule} ${page ?? ''}`;
    const known = this.#violations.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#violations.size < MOST_VIOLATIONS) {
      const violation = { standard, rule, message, page: page ?? null, object: object ?? null, count: 1 };
      if (this.#violations.size === 0) this.#hint = hint;
      this.#violations.set(key, violation);
    }
  }

  /** Throws STANDARD_NOT_MET that names the first fault and carries all. */
  verify(): void {
    const violations = [...this.#violations.values()];
    if (violations.length > 0) throw standardNotMet(violations, this.#hint);
  }
}

/** STANDARD_NOT_MET for at least one violation. */
export function standardNotMet(violations: readonly Violation[], hint?: string): InfluxionError {
  const [first] = violations;
  if (first === undefined) throw new Error('No rule is broken');
  const where = first.page === null ? '' : `Page ${first.page}: `;
  const more = violations.length === 1 ? '' : ` ${violations.length - 1} more can be found in the details.`;
  return new InfluxionError(
    'STANDARD_NOT_MET',
    `The document cannot be ${first.standard} (rule ${first.rule}). ${where}${first.message}${more}`,
    {
      rule: first.rule,
      ...(first.page !== null && { page: first.page }),
      violations,
      ...(hint !== undefined && { hint }),
    },
  );
}
