import { Ban, CircleAlert, CircleCheck, Clock3, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import type { StateTone, StateWords } from './job-words.ts';
import './state-mark.css';

const ICONS: Record<StateTone, LucideIcon> = {
  waiting: Clock3,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleAlert,
  cancelled: Ban,
};

/** A state as icon, word and colour: no one of them alone tells it. */
export function StateMark({ tone, label }: StateWords): ReactElement {
  const Icon = ICONS[tone];
  return (
    <span className={`state-mark ${tone}`}>
      <Icon size={14} aria-hidden />
      {label}
    </span>
  );
}
