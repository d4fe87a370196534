import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import './screen-boundary.css';

export interface ScreenBoundaryProps {
  /** "Jobs": for the note that stands in its place. */
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | undefined;
}

/** A fault in one screen leaves the others usable. */
export class ScreenBoundary extends Component<ScreenBoundaryProps, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="screen-failed">
        <FailureNote
          title={`${this.props.name} cannot be shown`}
          failure={error}
          actions={
            <Button size="s" onClick={() => this.setState({ error: undefined })}>
              Try again
            </Button>
          }
        />
        <p className="muted">Nothing that was saved is lost. If it happens again, reload the page.</p>
      </div>
    );
  }
}
