/** A list of things beside the details of the one that is shown; both stand in an element of the class `ui-list-and-details`. */
import type { ReactElement, ReactNode } from 'react';
import { Badge, type Tone } from './badge.tsx';
import './list-and-details.css';

interface State {
  readonly tone: Tone;
  readonly label: string;
}

export interface EntryListProps {
  /** What is listed, for screen readers; absent where something around it says so. */
  readonly label?: string;
  readonly children: ReactNode;
}

export function EntryList({ label, children }: EntryListProps): ReactElement {
  return (
    <ul className="ui-entries" aria-label={label}>
      {children}
    </ul>
  );
}

export interface EntryProps {
  readonly name: string;
  /** The whole name, where it is cut off. */
  readonly tooltip?: string;
  readonly state: State;
  readonly isShown: boolean;
  readonly onOpen: () => void;
  /** A line under the name. */
  readonly children: ReactNode;
}

export function Entry({ name, tooltip, state, isShown, onOpen, children }: EntryProps): ReactElement {
  return (
    <li>
      <button type="button" aria-current={isShown ? 'true' : undefined} onClick={onOpen}>
        <strong title={tooltip}>{name}</strong>
        <Badge tone={state.tone}>{state.label}</Badge>
        <span className="muted">{children}</span>
      </button>
    </li>
  );
}

export interface DetailsProps {
  /** For screen readers: "Key office-2026". */
  readonly label: string;
  readonly title: string;
  readonly state: State;
  /** Buttons. */
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

export function Details({ label, title, state, actions, children }: DetailsProps): ReactElement {
  return (
    <section className="ui-details" aria-label={label}>
      <div className="ui-details-head">
        <h3>{title}</h3>
        <Badge tone={state.tone}>{state.label}</Badge>
        <span className="ui-details-space" />
        {actions}
      </div>
      {children}
    </section>
  );
}
