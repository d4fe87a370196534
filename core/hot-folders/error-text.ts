/** What lies beside a data file that did not become all its documents: why, in words. */
import type { BatchRow } from '../../contract/batch.ts';

export type RowFault = Pick<BatchRow, 'row' | 'line' | 'state' | 'error' | 'error_detail'>;

interface Counts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function why({ error, error_detail: detail, state }: RowFault): string {
  const reason = error ?? (state === 'cancelled' ? 'It was cancelled.' : 'It became no document.');
  const place = detail?.line == null ? '' : ` (${detail.template ?? 'template'}, line ${detail.line})`;
  return [`${reason}${place}`, detail?.hint].filter((part) => part != null).join(' ');
}

/** One sentence for lists. */
export function faultInWords(first: RowFault | undefined, { total, failed }: Counts): string {
  if (first === undefined) return 'The file holds no rows.';
  if (total === 1) return why(first);
  return `${plural(failed, 'row')} of ${total} became no document; row ${first.row}: ${why(first)}`;
}

/** `reason`: why the whole file was given up; null where only rows failed. */
export function errorText(
  name: string,
  reason: string | null,
  counts: Counts,
  faults: readonly RowFault[],
): string {
  const { total, done, failed } = counts;
  const lines = [
    reason === null && total > 1
      ? `${name}: ${failed} of ${plural(total, 'row')} became no document.`
      : `${name} became no document.`,
    '',
  ];
  if (reason !== null) lines.push(reason, '');
  for (const fault of faults) {
    const line = fault.line === null || fault.line === fault.row ? '' : ` (line ${fault.line})`;
    lines.push(total > 1 ? `Row ${fault.row}${line}: ${why(fault)}` : why(fault));
  }
  if (failed > faults.length && faults.length > 0) lines.push(`… and ${failed - faults.length} more.`);
  lines.push(
    '',
    done > 0
      ? `The documents of ${plural(done, 'row')} are in "out". Put a file with only the other rows into the folder again.`
      : 'Mend it, and put it into the folder again.',
    '',
  );
  return lines.join('\n');
}
