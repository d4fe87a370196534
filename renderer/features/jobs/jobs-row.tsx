import { Check, TriangleAlert } from 'lucide-react';
import { memo, type MouseEvent, type ReactElement } from 'react';
import type { JobRow } from '../../../contract/studio/jobs.ts';
import { cx } from '../../ui/cx.ts';
import { formatBytes, formatDuration } from '../../ui/quantity.ts';
import { standardNames } from '../../ui/standard-name.ts';
import { CANCELLED, fullTime, isEnded, ranMs, shortTime, stateWords, waitedMs } from './job-words.ts';
import { StateMark } from './state-mark.tsx';
import { useNow } from './use-now.ts';

export const rowElementId = (index: number): string => `jobs-row-${index}`;

export interface JobsRowProps {
  readonly row: JobRow | undefined;
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly selected: boolean;
  readonly atCursor: boolean;
  readonly opened: boolean;
  onPress(index: number, event: MouseEvent): void;
  onTick(index: number, event: MouseEvent): void;
}

const duration = (milliseconds: number | null): string =>
  milliseconds === null ? '' : formatDuration(milliseconds);

export const JobsRow = memo(function JobsRow(props: JobsRowProps): ReactElement {
  const { row, index, top, selected, atCursor, opened } = props;
  return (
    // The grid has the focus and the keys; aria-activedescendant names the row.
    <div
      role="row"
      id={rowElementId(index)}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={cx('jobs-row', selected && 'selected', atCursor && 'at-cursor', opened && 'opened')}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => props.onPress(index, event)}
    >
      <div role="gridcell" className="tick" onClick={(event) => props.onTick(index, event)}>
        <span className="tick-box" aria-hidden>
          {selected && <Check size={11} strokeWidth={3} />}
        </span>
      </div>
      {row === undefined ? <LoadingCells /> : <Cells row={row} />}
    </div>
  );
});

function LoadingCells(): ReactElement {
  return (
    <div role="gridcell" className="loading" aria-label="Loading">
      <span />
    </div>
  );
}

function Cells({ row }: { readonly row: JobRow }): ReactElement {
  const now = useNow(!isEnded(row.status));
  return (
    <>
      <div role="gridcell" className="number">
        {row.id}
      </div>
      <div role="gridcell" className="state">
        <StateMark {...stateWords(row.status, null, row.error_code)} />
        {row.warnings > 0 && (
          <span className="warnings" title={row.warnings === 1 ? '1 warning' : `${row.warnings} warnings`}>
            <TriangleAlert size={13} aria-hidden />
            <span className="visually-hidden">with warnings:</span> {row.warnings}
          </span>
        )}
      </div>
      <div role="gridcell" className="document" title={row.error ?? row.document_id ?? undefined}>
        {row.document_id ?? <span className="muted">no name</span>}
        {row.error !== null && row.error_code !== CANCELLED && <span className="why"> {row.error}</span>}
      </div>
      <div role="gridcell" className="template" title={row.template_id ?? undefined}>
        {row.template_id ?? <span className="muted">sent along</span>}
      </div>
      <div role="gridcell" className="standard">
        {standardNames(row.pdf_standard)}
      </div>
      <div role="gridcell" className="signed" title={row.signed_by ?? undefined}>
        {row.signed_by}
      </div>
      <div role="gridcell" className="number">
        {row.pages}
      </div>
      <div role="gridcell" className="number">
        {row.size === null ? '' : formatBytes(row.size)}
      </div>
      <div role="gridcell" className="number waited">
        {duration(waitedMs(row, now))}
      </div>
      <div role="gridcell" className="number took">
        {duration(ranMs(row, now))}
      </div>
      <div role="gridcell" className="caller" title={row.client_id}>
        {row.client_name}
      </div>
      <div role="gridcell" className="number time" title={fullTime(row.created_at)}>
        {shortTime(row.created_at, now)}
      </div>
    </>
  );
}
