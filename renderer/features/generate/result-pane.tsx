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
    <ul className="callout warn" aria-label="Warnings">
      {warnings.map((warning, index) => (
        <li key={index}>
          {warning.message}
          {warning.page !== undefined && <span className="muted"> Page {warning.page}.</span>}
        </li>
      ))}
    </ul>
  );
}

function Viewer({ url, filename }: { readonly url: string; readonly filename: string }): ReactElement {
  if (!navigator.pdfViewerEnabled) {
    return <p className="on-desk">This browser does not show PDFs in a page. Open or download the file.</p>;
  }
  // Parameters of Chromium's viewer: no thumbnails, whole width (PDF 2.0 open parameters, ISO 32000-2 Annex O).
  return <iframe src={`${url}#navpanes=0&view=FitH`} title={`The generated PDF, ${filename}`} />;
}

function announcement(generation: Generation, pages: number | null | undefined): string {
  switch (generation.state) {
    case 'idle':
      return 'No document yet';
    case 'running':
      return 'Generating the PDF';
    case 'failed':
      return 'No document';
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
        <span role="status" className={generation.state === 'done' ? undefined : 'muted'}>
          {announcement(generation, props.pages)}
        </span>
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
