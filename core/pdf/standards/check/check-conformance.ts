/** Checks a PDF against document standards: the rules that a program can judge, each under its clause. */
import type { PdfStandard } from '../../../../contract/standard.ts';
import type { Conformance, Violation } from '../../../../contract/verify.ts';
import { InfluxionError } from '../../../error.ts';
import { memorySource } from '../../revision/byte-source.ts';
import { PdfReader } from '../../revision/reader.ts';
import { Budget, BudgetExceeded } from './budget.ts';
import { Facts } from './facts.ts';
import { levelOf, type Level } from './levels.ts';
import { notChecked } from './not-checked.ts';
import { clauseOf, type Place } from './rule.ts';
import { RULES } from './rules.ts';

const MILLISECONDS = 120_000;
const MOST_FILES_WITHIN = 4;

/**
 * One result a standard, in the order asked for. The graph is walked once for all. Never throws for a file that `reader` could open;
 * a file that is too large or too tangled does not conform, and the violation `limit` says so.
 */
export function checkConformance(
  reader: PdfReader,
  standards: readonly PdfStandard[],
  options: { readonly milliseconds?: number } = {},
): Conformance[] {
  return check(reader, standards, new Budget(options.milliseconds ?? MILLISECONDS), 0);
}

/** `depth`: of files within files. */
function check(
  reader: PdfReader,
  standards: readonly PdfStandard[],
  budget: Budget,
  depth: number,
): Conformance[] {
  const facts = new Facts(reader, budget, (bytes, others) => conforms(bytes, others, budget, depth + 1));
  return standards.map((name) => conformanceTo(facts, levelOf(name)));
}

function conforms(
  bytes: Uint8Array,
  standards: readonly PdfStandard[],
  budget: Budget,
  depth: number,
): boolean {
  if (depth > MOST_FILES_WITHIN) return false;
  try {
    const reader = PdfReader.open(memorySource(bytes));
    return check(reader, standards, budget, depth).some(({ conformant }) => conformant);
  } catch (error) {
    if (error instanceof InfluxionError) return false;
    throw error;
  }
}

function conformanceTo(facts: Facts, level: Level): Conformance {
  const found = new Map<string, Violation>();
  const add = (rule: string, message: string, place: Place = {}): void => {
    const known = found.get(rule);
    if (known !== undefined) known.count += 1;
    else {
      found.set(rule, {
        standard: level.name,
        rule,
        message,
        page: place.page ?? null,
        object: place.object ?? null,
        count: 1,
      });
    }
  };
  try {
    for (const rule of RULES) {
      const clause = clauseOf(rule, level);
      if (clause === undefined) continue;
      rule.check({ facts, level, report: (message, place, own = clause) => add(own, message, place) });
    }
  } catch (error) {
    if (error instanceof BudgetExceeded) add('limit', error.message);
    else if (error instanceof RangeError) add('limit', 'The file is nested too deeply to be checked.');
    else throw error;
  }
  const violations = [...found.values()];
  return {
    standard: level.name,
    conformant: violations.length === 0,
    violations,
    not_checked: notChecked(level),
  };
}
