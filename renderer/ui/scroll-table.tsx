import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx.ts';
import './scroll-table.css';

export interface ScrollTableProps {
  /** Makes it a region that can be scrolled by keyboard; for a table without controls of its own. */
  readonly label?: string;
  readonly className?: string;
  /** A `<table>`. */
  readonly children: ReactNode;
}

/** A table that scrolls within a frame, its head always in sight. */
export function ScrollTable({ label, className, children }: ScrollTableProps): ReactElement {
  return (
    <div
      className={cx('ui-scroll-table', className)}
      {...(label !== undefined && { tabIndex: 0, role: 'region', 'aria-label': label })}
    >
      {children}
    </div>
  );
}
