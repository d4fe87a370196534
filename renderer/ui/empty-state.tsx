import type { ReactElement, ReactNode } from 'react';
import './empty-state.css';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** What this place is for and how it gets filled. */
  readonly children: ReactNode;
  /** Buttons. */
  readonly action?: ReactNode;
}

/** A list or pane with nothing in it. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps): ReactElement {
  return (
    <div className="ui-empty">
      {icon}
      <h2>{title}</h2>
      <p>{children}</p>
      {action !== undefined && <div className="ui-empty-actions">{action}</div>}
    </div>
  );
}
