import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { StudioHost } from '../../host/studio-host.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { openDocument, type OpenDocument } from './pdf-document.ts';

/** Rows passed by with the arrow keys need no picture. */
const SETTLE_MS = 120;

type Shown =
  | { readonly kind: 'loading' }
  | { readonly kind: 'open'; readonly pdf: OpenDocument }
  | { readonly kind: 'failed'; readonly error: Error };

/** The finished document: its pages below each other, drawn when they come into view. */
export function JobDocument({ host, id }: { readonly host: StudioHost; readonly id: number }): ReactElement {
  const [shown, setShown] = useState<Shown>({ kind: 'loading' });
  useEffect(() => {
    const ended = new AbortController();
    let pdf: OpenDocument | undefined;
    const load = async (): Promise<void> => {
      try {
        const { bytes } = await host.request('jobs.download', { id }, ended.signal);
        pdf = await openDocument(bytes);
        if (ended.signal.aborted) pdf.close();
        else setShown({ kind: 'open', pdf });
      } catch (error) {
        if (!ended.signal.aborted) setShown({ kind: 'failed', error: error as Error });
      }
    };
    const timer = setTimeout(() => void load(), SETTLE_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
      pdf?.close();
      setShown({ kind: 'loading' });
    };
  }, [host, id]);

  if (shown.kind === 'failed') return <FailureNote failure={shown.error} title="The PDF cannot be shown" />;
  return (
    <section className="job-document" aria-label="Document">
      {shown.kind === 'loading' ? <Spinner label="Loading the document" /> : <Pages pdf={shown.pdf} />}
    </section>
  );
}

function Pages({ pdf }: { readonly pdf: OpenDocument }): ReactElement {
  const { pages, first } = pdf;
  return (
    <>
      {Array.from({ length: pages }, (_, index) => (
        <PageImage key={index} pdf={pdf} index={index} ratio={first.height / first.width} />
      ))}
    </>
  );
}

interface PageImageProps {
  readonly pdf: OpenDocument;
  readonly index: number;
  /** Height by width, until the page itself says. */
  readonly ratio: number;
}

function PageImage({ pdf, index, ratio }: PageImageProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    let drawn: { remove(): void } | undefined;
    const seen = new IntersectionObserver(
      ([entry]) => {
        // A page out of view gives its pixels back.
        drawn?.remove();
        drawn = entry?.isIntersecting === true ? pdf.draw(index, element) : undefined;
      },
      { rootMargin: '400px' },
    );
    seen.observe(element);
    return () => {
      seen.disconnect();
      drawn?.remove();
    };
  }, [pdf, index]);
  return (
    <div
      ref={holder}
      className="job-page"
      role="img"
      aria-label={`Page ${index + 1} of ${pdf.pages}`}
      style={{ aspectRatio: `1 / ${ratio}` }}
    />
  );
}
