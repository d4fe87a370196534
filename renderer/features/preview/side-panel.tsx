import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { paintPage, releaseCanvas } from './paint-page.ts';
import type { OpenPdf, OutlineEntry } from './pdf-reader.ts';
import type { PreviewSession } from './preview-session.ts';
import type { SidePanel as PanelName } from './preview-store.ts';

const THUMBNAIL_WIDTH = 104;
/** Label and gap below a thumbnail. */
const THUMBNAIL_EXTRA = 32;
/** The pages themselves are drawn first. */
const THUMBNAIL_AFTER_MS = 250;

export function SidePanel({
  session,
  panel,
}: {
  readonly session: PreviewSession;
  readonly panel: Exclude<PanelName, 'none'>;
}): ReactElement {
  const pdf = useStore(session.store, ({ shown }) => shown?.pdf);
  return (
    <section className="preview-panel" aria-label={panel === 'outline' ? 'Outline' : 'Thumbnails'}>
      {pdf !== undefined && panel === 'thumbnails' && <Thumbnails session={session} pdf={pdf} />}
      {pdf !== undefined && panel === 'outline' && <Outline session={session} pdf={pdf} />}
    </section>
  );
}

interface PanelProps {
  readonly session: PreviewSession;
  readonly pdf: OpenPdf;
}

function Thumbnails({ session, pdf }: PanelProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const current = useStore(session.store, ({ page }) => page);
  const [ratio, setRatio] = useState(Math.SQRT2);
  const height = Math.round(THUMBNAIL_WIDTH * ratio);
  useEffect(() => {
    let isOld = false;
    pdf.size(0).then(
      (size) => !isOld && setRatio(size.height / size.width),
      () => undefined,
    );
    return () => {
      isOld = true;
    };
  }, [pdf]);
  // The virtualizer is read while rendering, by design.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: pdf.pages,
    getScrollElement: () => scroller.current,
    estimateSize: () => height + THUMBNAIL_EXTRA,
    overscan: 2,
  });
  useEffect(() => rows.measure(), [rows, height]);
  useEffect(() => rows.scrollToIndex(current - 1, { align: 'auto' }), [rows, current]);
  return (
    <div ref={scroller} className="preview-thumbnails">
      <ol style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <li key={index} style={{ transform: `translateY(${start}px)` }}>
            <button
              type="button"
              aria-current={index + 1 === current ? 'page' : undefined}
              onClick={() => session.viewer.goTo(index + 1)}
            >
              <Thumbnail pdf={pdf} index={index} height={height} />
              <span>
                <span className="visually-hidden">Page </span>
                {index + 1}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Thumbnail({
  pdf,
  index,
  height,
}: {
  readonly pdf: OpenPdf;
  readonly index: number;
  readonly height: number;
}): ReactElement {
  const paper = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let isOld = false;
    const paint = async (): Promise<void> => {
      const size = await pdf.size(index);
      const scale = THUMBNAIL_WIDTH / size.width;
      const { canvas, done } = paintPage(pdf, index, size, { scale, pixelRatio: devicePixelRatio });
      await done;
      if (isOld) return;
      const old = paper.current?.firstChild;
      paper.current?.replaceChildren(canvas);
      releaseCanvas(old instanceof HTMLCanvasElement ? old : undefined);
    };
    // A document that closes meanwhile is followed by another.
    const timer = setTimeout(() => void paint().catch(() => undefined), THUMBNAIL_AFTER_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [pdf, index]);
  return <span ref={paper} className="preview-thumbnail" style={{ width: THUMBNAIL_WIDTH, height }} />;
}

function Outline({ session, pdf }: PanelProps): ReactElement | undefined {
  const [entries, setEntries] = useState<readonly OutlineEntry[]>();
  useEffect(() => {
    let isOld = false;
    pdf.outline().then(
      (read) => !isOld && setEntries(read),
      () => undefined,
    );
    return () => {
      isOld = true;
    };
  }, [pdf]);
  if (entries === undefined) return undefined;
  if (entries.length === 0) {
    return (
      <p className="preview-panel-note">
        This document has no outline. Switch it on in the settings of the template; it is made from the
        headings.
      </p>
    );
  }
  const go = ({ dest }: OutlineEntry): void => {
    if (dest === null) return;
    void pdf.target(dest).then((target) => {
      if (target !== undefined) session.viewer.goTo(target.page + 1, target.y);
    });
  };
  return (
    <nav className="preview-outline" aria-label="Outline">
      <OutlineList entries={entries} onGo={go} />
    </nav>
  );
}

function OutlineList({
  entries,
  onGo,
}: {
  readonly entries: readonly OutlineEntry[];
  readonly onGo: (entry: OutlineEntry) => void;
}): ReactElement {
  return (
    <ul>
      {entries.map((entry, at) => (
        <li key={at}>
          <button type="button" onClick={() => onGo(entry)}>
            {entry.title}
          </button>
          {entry.items.length > 0 && <OutlineList entries={entry.items} onGo={onGo} />}
        </li>
      ))}
    </ul>
  );
}
