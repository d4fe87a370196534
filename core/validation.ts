/** zod schemas as the gate of every request: what passes is typed, what fails names each field. */
import type { z } from 'zod';
import { InfluxionError } from './error.ts';

interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Errors: VALIDATION_FAILED with one entry a fault. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: 'body' | 'query' | 'input' | 'id',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => faultsOf(issue, []));
  const [first] = errors;
  const place = first === undefined || first.path === '' ? `The ${what}` : `"${first.path}" in the ${what}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new InfluxionError(
    'VALIDATION_FAILED',
    `${place} does not have the expected form: ${first?.message ?? 'it cannot be used'}${more}.`,
    { errors },
  );
}

type Issue = z.core.$ZodIssue;

function faultsOf(issue: Issue, base: readonly PropertyKey[]): FieldError[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: dotted([...path, key]),
      message: 'There is no such field here',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closestBranch(issue.errors).flatMap((inner) => faultsOf(inner, path));
  }
  return [{ path: dotted(path), message: issue.message }];
}

/** The alternative whose type fits and only its content does not says most about what was meant. */
function closestBranch(branches: readonly Issue[][]): Issue[] {
  const fitting = branches.find(
    (issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'),
  );
  return fitting ?? branches[0] ?? [];
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');
