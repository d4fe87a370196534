import { TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { formatBytes, formatDuration, formatPages } from '../../ui/quantity.ts';
import { ConformanceChip } from './conformance-chip.tsx';
import { fileSize } from './file-size.ts';
import { findOverflow } from './overflow.ts';
import type { SourceLine } from './places.ts';
import type { PreviewSession } from './preview-session.ts';
import type { Shown } from './preview-store.ts';

/** Above this an image is worth a word: 300 dots an inch over a whole A4 page are 8.7 million pixels. */
const LARGE_IMAGE_BYTES = 1_500_000;

interface Remark {
  readonly text: string;
  /** From 1. */
  readonly page: number | undefined;
}

function imageRemarks(bytes: Uint8Array): Remark[] {
  const { largestImage } = fileSize(bytes);
  if (largestImage === undefined || largestImage.bytes < LARGE_IMAGE_BYTES) return [];
  const { width, height, bytes: size } = largestImage;
  const text = `An image of ${width} × ${height} pixels takes ${formatBytes(size)} of the file. A smaller one prints as well.`;
  return [{ text, page: undefined }];
}

/** Looks for text beyond the paper when the document stands still. */
function useOverflow(shown: Shown | undefined): readonly Remark[] {
  const [found, setFound] = useState<{ readonly of: Shown; readonly remarks: readonly Remark[] }>();
  useEffect(() => {
    if (shown === undefined) return undefined;
    const abort = new AbortController();
    void findOverflow(shown.pdf, abort.signal).then((overflow) => {
      if (abort.signal.aborted) return;
      const remarks = overflow.map(({ page, text }) => ({
        text: `“${text}” runs over the edge of the paper and is cut off.`,
        page: page + 1,
      }));
      setFound({ of: shown, remarks });
    });
    return () => abort.abort();
  }, [shown]);
  return found?.of === shown ? (found?.remarks ?? []) : [];
}

export interface PreviewFooterProps {
  readonly session: PreviewSession;
  readonly onGoTo: (place: SourceLine) => void;
}

/** What came out, in one line: standards and warnings on the left, pages, size and time on the right; all open for more. */
export function PreviewFooter({ session, onGoTo }: PreviewFooterProps): ReactElement {
  const { store, viewer } = session;
  const shown = useStore(store, (state) => state.shown);
  const isBusy = useStore(store, (state) => state.isBusy);
  const overflow = useOverflow(shown);
  const remarks = useMemo(() => {
    if (shown === undefined) return [];
    const { warnings, bytes } = shown.output;
    return [
      ...warnings.map(({ message, page }): Remark => ({ text: message, page })),
      ...overflow,
      ...imageRemarks(bytes),
    ];
  }, [shown, overflow]);
  return (
    <footer className="preview-footer">
      {shown?.output.conformance.map((conformance) => (
        <ConformanceChip
          key={conformance.standard}
          conformance={conformance}
          onPage={(page) => viewer.goTo(page)}
          onLine={onGoTo}
        />
      ))}
      {remarks.length > 0 && <Remarks remarks={remarks} onPage={(page) => viewer.goTo(page)} />}
      <span className="preview-footer-gap" />
      {isBusy && <span className="preview-working" aria-hidden="true" />}
      {shown !== undefined && <Facts shown={shown} />}
    </footer>
  );
}

function Remarks({
  remarks,
  onPage,
}: {
  readonly remarks: readonly Remark[];
  readonly onPage: (page: number) => void;
}): ReactElement {
  const [first] = remarks;
  const more = remarks.length === 1 ? '' : ` and ${remarks.length - 1} more`;
  return (
    <Popover
      side="top"
      label="Warnings"
      trigger={
        <Button
          size="s"
          variant="quiet"
          className="preview-remark"
          icon={<TriangleAlert aria-hidden="true" />}
        >
          <span className="preview-remark-text">{first?.text}</span>
          {more !== '' && <span className="preview-remark-more">{more}</span>}
        </Button>
      }
    >
      <ul className="preview-remarks">
        {remarks.map(({ text, page }, at) => (
          <li key={at}>
            <TriangleAlert aria-hidden="true" />
            <span>{text}</span>
            {page !== undefined && (
              <Button size="s" variant="quiet" onClick={() => onPage(page)}>
                Page {page}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Popover>
  );
}

function Facts({ shown }: { readonly shown: Shown }): ReactElement {
  const { output, drawnMs, totalMs } = shown;
  const { timings_ms: times, bytes, passes } = output;
  const size = useMemo(() => fileSize(bytes), [bytes]);
  const rows: readonly (readonly [string, string])[] = [
    ['Template', formatDuration(times.render)],
    [passes > 1 ? `Print (${passes} passes, page references)` : 'Print', formatDuration(times.print)],
    ...(output.conformance.length === 0
      ? []
      : ([['Standard, made and checked', formatDuration(times.conform)]] as const)),
    ['Drawn here', formatDuration(drawnMs)],
    ['From the edit to its pixels', formatDuration(totalMs)],
  ];
  const sizes: readonly (readonly [string, number])[] = [
    ['Fonts', size.fonts],
    ['Images', size.images],
    ['Text, structure and the rest', size.other],
  ];
  return (
    <Popover
      side="top"
      align="end"
      label="Time and size"
      trigger={
        <Button size="s" variant="quiet" className="preview-facts">
          {formatPages(output.pages)} · {formatBytes(bytes.length)} · {formatDuration(totalMs)}
        </Button>
      }
    >
      <div className="preview-details">
        <h3>Time</h3>
        <dl>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <h3>Size of the file</h3>
        <dl>
          {sizes.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{formatBytes(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Popover>
  );
}
