import { Tabs as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import './tabs.css';

export interface Tab<Id extends string = string> {
  readonly id: Id;
  readonly label: ReactNode;
  /** After the label: a count, a sign that something is unsaved. */
  readonly badge?: ReactNode;
}

export interface TabsProps<Id extends string> {
  /** What the tabs are of, for screen readers. */
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly value: Id;
  readonly onValue: (id: Id) => void;
  /** `TabPanel`s, one a tab. */
  readonly children: ReactNode;
  /** At the end of the row of tabs. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Tabs with their panels. Arrow keys move between tabs, Tab goes on into the panel. */
export function Tabs<Id extends string>({
  label,
  tabs,
  value,
  onValue,
  children,
  actions,
  className,
}: TabsProps<Id>): ReactElement {
  return (
    <Radix.Root
      className={cx('ui-tabs', className)}
      value={value}
      onValueChange={(id) => onValue(id as Id)}
      activationMode="automatic"
    >
      <div className="ui-tab-row">
        <Radix.List className="ui-tab-list" aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.id} value={tab.id} className="ui-tab">
              {tab.label}
              {tab.badge}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {actions !== undefined && <div className="ui-tab-actions">{actions}</div>}
      </div>
      {children}
    </Radix.Root>
  );
}

export interface TabPanelProps {
  readonly id: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** Stays mounted (an editor, a preview) while another tab is shown. */
  readonly keep?: boolean;
}

export function TabPanel({ id, children, className, keep = false }: TabPanelProps): ReactElement {
  return (
    <Radix.Content
      value={id}
      className={cx('ui-tab-panel', className)}
      {...(keep && { forceMount: true as const })}
    >
      {children}
    </Radix.Content>
  );
}
