import type { ReactElement } from 'react';
import type { JobStage } from '../../contract/job.ts';
import type { Problem } from '../../contract/problem.ts';
import { HostError } from '../host/host.ts';

const STAGES: Record<JobStage, string> = {
  queue: 'while waiting in the queue',
  render: 'while filling in the template',
  print: 'while printing',
  store: 'while storing the document',
};

const TEXTS: Readonly<Record<string, string>> = {
  html: 'template.html',
  css: 'style.css',
  header: 'the header',
  footer: 'the footer',
};

/** Where it happened, as a person says it: "template.html, line 12, column 4". */
function place(detail: NonNullable<Problem['error_detail']>): string | undefined {
  const parts = [
    detail.template === null ? undefined : (TEXTS[detail.template] ?? `partial ${detail.template}`),
    detail.line === null ? undefined : `line ${detail.line}`,
    detail.column === null ? undefined : `column ${detail.column}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What went wrong, where, and the next step. */
export function Failure({ error }: { readonly error: Error }): ReactElement {
  const problem = error instanceof HostError ? error.problem : undefined;
  const detail = problem?.error_detail ?? undefined;
  const where = detail === undefined ? undefined : place(detail);
  return (
    <div className="callout" role="alert">
      <h3>{problem?.title ?? 'That did not work'}</h3>
      <p>{error.message}</p>
      {where !== undefined && <p className="muted">In {where}.</p>}
      {detail?.source_line != null && (
        <pre className="source-line">
          <code>{detail.source_line.trim()}</code>
        </pre>
      )}
      {problem?.errors !== undefined && problem.errors.length > 0 && (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code>: {message}
            </li>
          ))}
        </ul>
      )}
      {detail?.hint != null && <p>{detail.hint}</p>}
      {detail !== undefined && (
        <p className="muted">
          It happened {STAGES[detail.stage]}. Code <code>{detail.code}</code>.
        </p>
      )}
    </div>
  );
}
