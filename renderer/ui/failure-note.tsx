import type { ReactElement, ReactNode } from 'react';
import type { StudioFailure } from '../../contract/studio/route.ts';
import { HostFailure } from '../host/studio-host.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import './failure-note.css';
import { failureDetails, failurePath, failurePlace } from './failure-text.ts';

export interface FailureNoteProps {
  /** What the host said, or what was thrown on the way (a HostFailure, or any Error). */
  readonly failure: StudioFailure | Error;
  /** What was meant to happen: "The template was not saved". */
  readonly title?: string;
  /** Shows "Go to line" for a failure that has a place in a template. */
  readonly onGoTo?: (place: { readonly path: string; readonly line: number }) => void;
  /** The file that the data stands in, for a mistake in it. */
  readonly dataPath?: string | undefined;
  /** More ways out. */
  readonly actions?: ReactNode;
}

/** What went wrong, where, and the next step; the details can be copied. */
export function FailureNote({ failure, title, onGoTo, dataPath, actions }: FailureNoteProps): ReactElement {
  const known =
    failure instanceof HostFailure ? failure.failure : failure instanceof Error ? undefined : failure;
  const detail = known?.detail ?? undefined;
  const where = detail === undefined ? undefined : failurePlace(detail);
  const path = detail === undefined ? undefined : failurePath(detail, dataPath);
  const line = detail?.line ?? undefined;
  const hint = known?.hint ?? detail?.hint ?? undefined;
  return (
    <div className="ui-failure" role="alert">
      {title !== undefined && <h3>{title}</h3>}
      <p>{failure.message}</p>
      {where !== undefined && <p className="muted">In {where}.</p>}
      {detail?.source_line != null && (
        <pre>
          <code>{detail.source_line.trim()}</code>
        </pre>
      )}
      {known !== undefined && known.errors.length > 0 && (
        <ul>
          {known.errors.map((fault) => (
            <li key={`${fault.path} ${fault.message}`}>
              <code>{fault.path}</code>: {fault.message}
            </li>
          ))}
        </ul>
      )}
      {hint !== undefined && <p>{hint}</p>}
      <div className="ui-failure-actions">
        {onGoTo !== undefined && path !== undefined && line !== undefined && (
          <Button size="s" onClick={() => onGoTo({ path, line })}>
            Go to line {line}
          </Button>
        )}
        {actions}
        <CopyButton size="s" variant="quiet" label="Copy details" text={failureDetails(failure, title)} />
      </div>
    </div>
  );
}
