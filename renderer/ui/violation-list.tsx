import type { ReactElement } from 'react';
import type { Violation } from '../../contract/verify.ts';
import { Button } from './button.tsx';
import { standardName } from './standard-name.ts';
import './violation-list.css';

/** `path` and `line`: where in the template, as far as that is known. */
export type ListedViolation = Violation & {
  readonly path?: string | null;
  readonly line?: number | null;
};

export interface ViolationListProps {
  readonly violations: readonly ListedViolation[];
  /** Says of which standard each rule is, where the place does not. */
  readonly withStandard?: boolean;
  /** Makes buttons of pages. From 1. */
  readonly onPage?: (page: number) => void;
  /** Makes buttons of lines of the template. */
  readonly onLine?: (place: { readonly path: string; readonly line: number }) => void;
}

/** Rules that a document breaks: what is wrong, under which clause, and where. */
export function ViolationList({
  violations,
  withStandard = false,
  onPage,
  onLine,
}: ViolationListProps): ReactElement {
  return (
    <ul className="ui-violations">
      {violations.map((violation, index) => {
        const { standard, rule, message, page, count, path, line } = violation;
        const hasLine = path != null && line != null;
        return (
          <li key={index}>
            <p>{message}</p>
            <p className="ui-violation-where">
              <span>
                {withStandard ? standardName(standard) : 'Rule'} <code>{rule}</code>
              </span>
              {count > 1 && <span>{count} times</span>}
              {page !== null &&
                (onPage === undefined ? (
                  <span>Page {page}</span>
                ) : (
                  <Button size="s" onClick={() => onPage(page)}>
                    Page {page}
                  </Button>
                ))}
              {hasLine &&
                (onLine === undefined ? (
                  <span>{`${path}, line ${line}`}</span>
                ) : (
                  <Button size="s" onClick={() => onLine({ path, line })}>
                    {path}, line {line}
                  </Button>
                ))}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
