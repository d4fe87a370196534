import type { ReactElement, ReactNode } from 'react';
import './badge.css';

export type Tone = 'plain' | 'ok' | 'run' | 'warn' | 'bad';

export interface BadgeProps {
  readonly tone?: Tone;
  /** Colour alone says nothing: use an icon, a word or both. */
  readonly icon?: ReactNode;
  readonly children?: ReactNode;
  readonly title?: string;
}

/** A state in a word. */
export function Badge({ tone = 'plain', icon, children, title }: BadgeProps): ReactElement {
  return (
    <span className={`ui-badge ui-badge-${tone}`} title={title}>
      {icon}
      {children}
    </span>
  );
}

export interface ChipProps {
  readonly pressed: boolean;
  readonly onPressed: (pressed: boolean) => void;
  readonly count?: number;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}

/** A filter that is on or off. */
export function Chip({ pressed, onPressed, count, icon, children }: ChipProps): ReactElement {
  return (
    <button type="button" className="ui-chip" aria-pressed={pressed} onClick={() => onPressed(!pressed)}>
      {icon}
      {children}
      {count !== undefined && <span className="ui-chip-count">{count.toLocaleString('en')}</span>}
    </button>
  );
}
