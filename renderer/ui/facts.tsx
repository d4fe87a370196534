import type { ReactElement } from 'react';
import './facts.css';

export interface FactsProps {
  /** Names and values; those without a value are left out. */
  readonly facts: readonly (readonly [name: string, value: string | null | undefined])[];
}

/** Short facts in columns, each under its name. */
export function Facts({ facts }: FactsProps): ReactElement {
  return (
    <dl className="ui-facts">
      {facts.map(([name, value]) =>
        value == null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
