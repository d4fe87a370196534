import { FilePenLine, Terminal } from 'lucide-react';
import type { ReactElement } from 'react';
import { useRoute } from '../../host/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { formatBytes } from '../../ui/quantity.ts';
import { Spinner } from '../../ui/spinner.tsx';
import { copyAsCurl, runWithChanges } from './job-actions.ts';
import type { JobsStore } from './jobs-store.ts';

/** Longer than a person reads; what is copied is whole. */
const MOST_SHOWN = 200_000;

/** The request as it came. */
export function JobRequest({ store, id }: { readonly store: JobsStore; readonly id: number }): ReactElement {
  const { data: inputs, failure } = useRoute('jobs.inputs', { id });
  const { host } = store;
  if (failure !== undefined) return <FailureNote failure={failure} title="The request cannot be shown" />;
  if (inputs === undefined) return <Spinner label="Loading the request" />;
  const text = JSON.stringify(inputs.request, null, 2);
  return (
    <div className="job-request">
      <div className="actions">
        <CopyButton size="s" text={text} what="the request" />
        <Button size="s" icon={<Terminal aria-hidden />} onClick={() => copyAsCurl(host, id)}>
          Copy as curl
        </Button>
        <Button size="s" icon={<FilePenLine aria-hidden />} onClick={() => runWithChanges(store, id)}>
          Run with changes…
        </Button>
      </div>
      {inputs.assets.length > 0 && (
        <section aria-label="Files of the request">
          <h3>Files that came with it</h3>
          <ul className="assets">
            {inputs.assets.map(({ path, size }) => (
              <li key={path}>
                <code>{path}</code> <span className="muted">{formatBytes(size)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <pre tabIndex={0} role="region" aria-label="Request">
        <code>{text.slice(0, MOST_SHOWN)}</code>
      </pre>
      {text.length > MOST_SHOWN && <p className="muted">The rest is not shown; Copy takes all of it.</p>}
    </div>
  );
}
