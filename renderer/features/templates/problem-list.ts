/** Everything that is to be mended, from wherever it was found out. */
import type { JobWarning } from '../../../contract/job.ts';
import type { PreviewConformance } from '../../../contract/studio/preview.ts';
import type { StudioFailure } from '../../../contract/studio/route.ts';
import { failurePath } from '../../ui/failure-text.ts';
import { standardName } from '../../ui/standard-name.ts';

export interface ListedProblem {
  /** Null: it has no place in a text. */
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Mends it. */
  readonly fix?: { readonly title: string; readonly run: () => void };
}

export interface FailurePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Where a failure of the preview points at; data is the sample that is shown. */
export function placeOfFailure(failure: StudioFailure, samplePath: string | null): FailurePlace | undefined {
  const { detail } = failure;
  if (detail?.line == null) return undefined;
  const path = failurePath(detail, samplePath ?? undefined);
  return path === undefined ? undefined : { path, line: detail.line, column: detail.column ?? 1 };
}

const RANK = { error: 0, warning: 1, info: 2 };

/** Errors first, then by text and line. A failure of the preview that the editor has found as well is told once. */
export function listProblems(
  found: readonly ListedProblem[],
  failure: StudioFailure | undefined,
  warnings: readonly JobWarning[],
  conformance: readonly PreviewConformance[],
  samplePath: string | null,
): ListedProblem[] {
  const problems = [...found];
  if (failure !== undefined) {
    const place = placeOfFailure(failure, samplePath);
    const isKnown = found.some(
      ({ path, line, severity }) => severity === 'error' && path === place?.path && line === place.line,
    );
    if (!isKnown) {
      problems.push({
        path: place?.path ?? null,
        line: place?.line ?? null,
        column: place?.column ?? null,
        severity: 'error',
        message: failure.hint === null ? failure.message : `${failure.message} ${failure.hint}`,
      });
    }
  }
  for (const { message, page } of warnings) {
    const where = page === undefined ? '' : ` (page ${page})`;
    problems.push({
      path: null,
      line: null,
      column: null,
      severity: 'warning',
      message: `${message}${where}`,
    });
  }
  for (const { violations } of conformance) {
    for (const { standard, rule, message, page, path, line } of violations) {
      const where = page === null ? '' : ` (page ${page})`;
      problems.push({
        path,
        line,
        column: null,
        severity: 'error',
        message: `${standardName(standard)}, rule ${rule}: ${message}${where}`,
      });
    }
  }
  return problems.sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      (a.path ?? '~').localeCompare(b.path ?? '~') ||
      (a.line ?? 0) - (b.line ?? 0),
  );
}
