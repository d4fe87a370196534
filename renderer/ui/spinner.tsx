import type { ReactElement } from 'react';
import './spinner.css';

/** Something is under way. With `label` it is told to screen readers; without it stands beside a text that says so. */
export function Spinner({ label }: { readonly label?: string }): ReactElement {
  return label === undefined ? (
    <span className="ui-spinner" aria-hidden="true" />
  ) : (
    <span className="ui-spinner" role="status" aria-label={label} />
  );
}
