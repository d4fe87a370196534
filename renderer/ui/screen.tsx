import type { ReactElement, ReactNode } from 'react';
import './screen.css';

export interface ScreenHeadProps {
  /** The way back, before the title. */
  readonly back?: ReactNode;
  readonly title: string;
  /** One sentence beside the title. */
  readonly description?: string;
  /** Buttons, at the far end. */
  readonly actions?: ReactNode;
}

/** The head of a screen, whose outermost element has the class `ui-screen`. */
export function ScreenHead({ back, title, description, actions }: ScreenHeadProps): ReactElement {
  return (
    <header className="ui-screen-head">
      {back}
      <h2>{title}</h2>
      {description !== undefined && <p className="muted">{description}</p>}
      <span className="ui-screen-space" />
      {actions}
    </header>
  );
}
