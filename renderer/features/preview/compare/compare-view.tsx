import { X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { StudioHost } from '../../../host/studio-host.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureNote } from '../../../ui/failure-note.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import type { Shown } from '../preview-store.ts';
import './compare.css';
import type { DiffPictures } from './page-differ.ts';
import { useComparison, type Comparison } from './use-comparison.ts';

const MODES = [
  { value: 'overlay', label: 'Changes in red' },
  { value: 'sides', label: 'Side by side' },
  { value: 'blink', label: 'Blink' },
] as const;
type Mode = (typeof MODES)[number]['value'];
const BLINK_MS = 700;

export interface CompareViewProps {
  readonly host: StudioHost;
  readonly shown: Shown;
  readonly templateId: string;
  /** JSON text; both versions are printed with it. */
  readonly data: string;
  /** Texts of the version that is compared with, by path. */
  readonly baseline: Readonly<Record<string, string>>;
  /** The person wants to compare with what there is now from here on. */
  readonly onReset: () => void;
  readonly onClose: () => void;
}

/** What the edits change on paper, against the version that was opened. */
export function CompareView({
  host,
  shown,
  templateId,
  data,
  baseline,
  onReset,
  onClose,
}: CompareViewProps): ReactElement {
  const { comparison, failure } = useComparison(host, shown, templateId, baseline, data);
  const [mode, setMode] = useState<Mode>('overlay');
  const [chosen, setChosen] = useState<number>();
  const page = chosen ?? comparison?.changed[0]?.page ?? 0;
  return (
    <section className="compare" aria-label="Comparison with the version that was opened">
      <header className="compare-bar">
        <h2>Against the opened version</h2>
        <Button size="s" variant="quiet" onClick={onReset}>
          Start from now
        </Button>
        <Select size="s" aria-label="How to compare" value={mode} options={MODES} onValue={setMode} />
        <IconButton size="s" label="Close the comparison" icon={<X />} onClick={onClose} />
      </header>
      {failure !== undefined && (
        <div className="compare-note">
          <FailureNote failure={failure} title="The version that was opened cannot be printed" />
        </div>
      )}
      {failure === undefined && comparison === undefined && (
        <p className="compare-note">
          <Spinner /> Printing the version that was opened…
        </p>
      )}
      {comparison !== undefined && (
        <div className="compare-body">
          <ChangedPages comparison={comparison} page={page} onPage={setChosen} />
          <ComparedPage
            key={`${page}-${shown.output.bytes.length}`}
            comparison={comparison}
            page={page}
            mode={mode}
          />
        </div>
      )}
    </section>
  );
}

function summary({ changed, looked, differ }: Comparison): string {
  if (looked < differ.pages) return `Comparing page ${looked + 1} of ${differ.pages}…`;
  if (changed.length === 0) return 'No page differs';
  return changed.length === 1 ? '1 page differs' : `${changed.length} pages differ`;
}

function ChangedPages({
  comparison,
  page,
  onPage,
}: {
  readonly comparison: Comparison;
  readonly page: number;
  readonly onPage: (page: number) => void;
}): ReactElement {
  return (
    <nav className="compare-pages" aria-label="Changed pages">
      <p role="status">{summary(comparison)}</p>
      <ul>
        {comparison.changed.map((each) => (
          <li key={each.page}>
            <Button
              size="s"
              variant="quiet"
              aria-current={each.page === page ? 'page' : undefined}
              onClick={() => onPage(each.page)}
            >
              Page {each.page + 1}
            </Button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function ComparedPage({
  comparison: { differ },
  page,
  mode,
}: {
  readonly comparison: Comparison;
  readonly page: number;
  readonly mode: Mode;
}): ReactElement | undefined {
  const [pictures, setPictures] = useState<DiffPictures>();
  const [isAfter, setIsAfter] = useState(true);
  useEffect(() => {
    let isOld = false;
    differ.compare(page).then(
      (compared) => !isOld && setPictures(compared),
      () => undefined,
    );
    return () => {
      isOld = true;
    };
  }, [differ, page]);
  useEffect(() => {
    // It blinks slower than three times a second (WCAG 2.3.1) and not at all where motion is unwanted.
    if (mode !== 'blink' || matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    const timer = setInterval(() => setIsAfter((now) => !now), BLINK_MS);
    return () => clearInterval(timer);
  }, [mode]);
  if (pictures === undefined) return undefined;
  const { before, after, mask } = pictures;
  const alone =
    after === undefined ? 'Only the opened version has this page.' : 'Only the edited version has this page.';
  return (
    <div className="compare-stage" tabIndex={0} role="group" aria-label={`Page ${page + 1}`}>
      {(before === undefined || after === undefined) && <p className="compare-alone">{alone}</p>}
      {mode === 'sides' && (
        <div className="compare-sides">
          <Picture name="Opened" image={before} />
          <Picture name="Edited" image={after} />
        </div>
      )}
      {mode === 'overlay' && <Picture name="Changes" image={after ?? before} over={mask} />}
      {mode === 'blink' && (
        <>
          <Button size="s" aria-pressed={isAfter} onClick={() => setIsAfter(!isAfter)}>
            Shows: {isAfter ? 'edited' : 'opened'}
          </Button>
          <Picture name={isAfter ? 'Edited' : 'Opened'} image={isAfter ? after : before} />
        </>
      )}
    </div>
  );
}

function Picture({
  name,
  image,
  over,
}: {
  readonly name: string;
  readonly image: ImageData | undefined;
  readonly over?: ImageData | undefined;
}): ReactElement | undefined {
  if (image === undefined) return undefined;
  return (
    <figure className="compare-picture">
      <Pixels image={image} isFaded={over !== undefined} />
      {over !== undefined && <Pixels image={over} isFaded={false} />}
      <figcaption>{name}</figcaption>
    </figure>
  );
}

function Pixels({ image, isFaded }: { readonly image: ImageData; readonly isFaded: boolean }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => canvas.current?.getContext('2d')?.putImageData(image, 0, 0), [image]);
  return (
    <canvas
      ref={canvas}
      className={isFaded ? 'is-faded' : undefined}
      width={image.width}
      height={image.height}
    />
  );
}
