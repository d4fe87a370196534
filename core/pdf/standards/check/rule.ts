/** What a rule is: its clauses, and the function that finds where a file breaks it. */
import type { Facts } from './facts.ts';
import type { Level, Series } from './levels.ts';

/** Where a rule is broken. */
export interface Place {
  /** From 1. */
  readonly page?: number | undefined;
  /** Number of the object. */
  readonly object?: number | undefined;
}

/** Clause and test number, by part; `a23` stands for parts 2 and 3 of ISO 19005, which share most. */
export type Clauses = Partial<Record<Series | 'a23', string>>;

export interface Check {
  readonly facts: Facts;
  readonly level: Level;
  /** `message` says in words what is wrong; `rule` replaces the clause of the rule for one with many numbers. */
  readonly report: (message: string, place?: Place, rule?: string) => void;
}

export interface Rule {
  readonly clauses: Clauses;
  /** Narrower than `clauses`, such as level A alone. */
  readonly applies?: (level: Level) => boolean;
  readonly check: (check: Check) => void;
}

/** The number that a rule has in a level, or undefined when the level has no such rule. */
export function clauseOf({ clauses, applies }: Rule, level: Level): string | undefined {
  const { series } = level;
  const shared = series === 'a2' || series === 'a3' ? clauses.a23 : undefined;
  const clause = clauses[series] ?? shared;
  return clause !== undefined && (applies === undefined || applies(level)) ? clause : undefined;
}

/** A rule as its clauses and a function; see `Rule`. */
export const rule = (clauses: Clauses, check: Rule['check'], applies?: Rule['applies']): Rule =>
  applies === undefined ? { clauses, check } : { clauses, check, applies };
