import type { ReactElement } from 'react';
import type { JobWarning } from '../../../contract/job.ts';
import { Failure } from '../../ui/failure.tsx';
import { formatBytes, formatDuration, formatPages } from '../../ui/quantity.ts';
import type { Generation } from './use-generate.ts';

export interface ResultPaneProps {
  readonly generation: Generation;
  /** Facts from the job's row, once it is there. */
  readonly pages: number | null | undefined;
  readonly warnings: readonly JobWarning[];
  /** Where the job stands while it runs, in a word. */
  readonly progress: string;
  /** The desktop app opens no further windows. */
  readonly canOpenTab: boolean;
}

function Warnings({ warnings }: { readonly warnings: readonly JobWarning[] }): ReactElement | null {
  if (warnings.length === 0) return null;
  return (
    <details className="callout warn">
      <summary>
        {warnings.length === 1 ? '1 thing deserves a look' : `${warnings.length} things deserve a look`}
      </summary>
      <ul>
        {warnings.map((warning, index) => (
          <li key={index}>
            {warning.message}
            {warning.page !== undefined && <span className="muted"> (page {warning.page})</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Viewer({ url, filename }: { readonly url: string; readonly filename: string }): ReactElement {
  if (!navigator.pdfViewerEnabled) {
    return <p className="on-desk">This browser does not show PDFs in a page. Open or download the file.</p>;
  }
  return <iframe src={url} title={`The generated PDF, ${filename}`} />;
}

function announcement(generation: Generation, pages: number | null | undefined): string {
  switch (generation.state) {
    case 'idle':
      return '';
    case 'running':
      return 'Generating the PDF';
    case 'failed':
      return '';
    case 'done':
      return [
        pages == null ? 'PDF ready' : formatPages(pages),
        formatBytes(generation.size),
        formatDuration(generation.milliseconds),
      ].join(' · ');
  }
}

export function ResultPane(props: ResultPaneProps): ReactElement {
  const { generation } = props;
  return (
    <section className="result-pane" aria-label="Result" aria-busy={generation.state === 'running'}>
      <div className="pane-bar">
        <span role="status">{announcement(generation, props.pages)}</span>
        <span className="grow" />
        {generation.state === 'done' && (
          <>
            {props.canOpenTab && (
              <a className="button" href={generation.url} target="_blank" rel="noreferrer">
                Open
              </a>
            )}
            <a className="button" href={generation.url} download={generation.filename}>
              Download
            </a>
          </>
        )}
      </div>
      <div className="desk">
        {generation.state === 'idle' && (
          <p className="on-desk">
            Choose a template, look at its data, and press <b>Generate PDF</b>. The document appears here.
          </p>
        )}
        {generation.state === 'running' && (
          <div className="on-desk">
            <progress aria-label="Generating the PDF" />
            <p>{props.progress}</p>
          </div>
        )}
        {generation.state === 'failed' && <Failure error={generation.error} />}
        {generation.state === 'done' && (
          <>
            <Warnings warnings={props.warnings} />
            <Viewer url={generation.url} filename={generation.filename} />
          </>
        )}
      </div>
    </section>
  );
}
