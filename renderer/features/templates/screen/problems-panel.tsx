import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useMemo, type ReactElement } from 'react';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { samplePath } from '../files/views.ts';
import { listProblems, type ListedProblem } from '../problem-list.ts';
import { moveInList } from './list-keys.ts';
import { useTemplates, useWorkspace } from './workspace-context.tsx';

function useProblems(): readonly ListedProblem[] {
  const found = useTemplates((state) => state.found);
  const failure = useTemplates((state) => state.failure);
  const warnings = useTemplates((state) => state.warnings);
  const conformance = useTemplates((state) => state.conformance);
  const sample = useTemplates((state) => (state.sample === null ? null : samplePath(state.sample)));
  return useMemo(
    () => listProblems(found, failure, warnings, conformance, sample),
    [found, failure, warnings, conformance, sample],
  );
}

interface ProblemsBarProps {
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

const ICONS = {
  error: <CircleAlert aria-hidden="true" />,
  warning: <TriangleAlert aria-hidden="true" />,
  info: <Info aria-hidden="true" />,
};

/** Their number and the first of them, while the list is closed; opens and closes it. */
export function ProblemsBar({ isOpen, onToggle }: ProblemsBarProps): ReactElement {
  const problems = useProblems();
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <button type="button" className="templates-problems-bar" aria-expanded={isOpen} onClick={onToggle}>
      Problems
      <Badge tone={errors > 0 ? 'bad' : problems.length > 0 ? 'warn' : 'plain'}>{problems.length}</Badge>
      {!isOpen && problems[0] !== undefined && (
        <span className="templates-problems-first muted">{problems[0].message}</span>
      )}
    </button>
  );
}

export function ProblemsPanel(): ReactElement {
  const workspace = useWorkspace();
  const problems = useProblems();
  return (
    <section className="templates-problems" aria-label="Problems">
      {problems.length === 0 && (
        <p className="templates-problems-none muted">
          <CircleCheck aria-hidden="true" /> No problems with this sample.
        </p>
      )}
      <ul onKeyDown={moveInList}>
        {problems.map((problem, index) => {
          const { path, line, column, severity, message, fix } = problem;
          return (
            <li key={index} className={`templates-problem templates-problem-${severity}`}>
              <button
                type="button"
                data-row
                disabled={path === null}
                onClick={() =>
                  path !== null &&
                  workspace.goTo({ path, line: line ?? 1, ...(column !== null && { column }) })
                }
              >
                {ICONS[severity]}
                <span className="visually-hidden">{severity}: </span>
                <span className="templates-problem-text">{message}</span>
                {path !== null && (
                  <span className="templates-problem-place">
                    {path}
                    {line !== null && ` ${line}:${column ?? 1}`}
                  </span>
                )}
              </button>
              {fix !== undefined && (
                <Button size="s" aria-label={`Fix: ${fix.title}`} title={fix.title} onClick={fix.run}>
                  Fix
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
