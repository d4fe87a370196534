import { Check, ClipboardList } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import { useHost } from '../../host/host-context.tsx';
import { referenceUrl } from '../../host/reference.ts';
import { useRoute } from '../../host/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { ReferenceLink } from '../../ui/reference-link.tsx';

type Copying =
  { readonly state: 'no' | 'busy' | 'done' } | { readonly state: 'failed'; readonly error: Error };

const statusMayDiffer = (event: StudioEvent): boolean => event.type === 'status.changed';
const apiMayDiffer = (event: StudioEvent): boolean =>
  event.type === 'api.changed' || event.type === 'settings.changed';

export function About(): ReactElement {
  const host = useHost();
  const status = useRoute('app.status', {}, { refreshOn: statusMayDiffer });
  const api = useRoute('api.state', {}, { refreshOn: apiMayDiffer });
  const [copying, setCopying] = useState<Copying>({ state: 'no' });

  const copy = async (): Promise<void> => {
    setCopying({ state: 'busy' });
    try {
      const { text } = await host.request('app.diagnostics', {});
      await navigator.clipboard.writeText(text);
      setCopying({ state: 'done' });
    } catch (error) {
      setCopying({ state: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
    }
  };

  const facts: readonly (readonly [string, string])[] = [
    ['Influxion', status.data?.version ?? '…'],
    ['Engine', status.data?.engine.product ?? 'not started yet'],
    ['Render workers', status.data === undefined ? '…' : String(status.data.engine.concurrency)],
    ...(window.influxion === undefined ? [] : [['Electron', window.influxion.versions.electron] as const]),
    ['Runs in', host.capabilities.kind === 'desktop' ? 'its own window' : 'a browser, on a Node host'],
  ];
  return (
    <>
      <dl className="about-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="about-actions">
        <Button
          busy={copying.state === 'busy'}
          icon={
            copying.state === 'done' ? <Check aria-hidden="true" /> : <ClipboardList aria-hidden="true" />
          }
          onClick={() => void copy()}
        >
          <span aria-live="polite">{copying.state === 'done' ? 'Copied' : 'Copy diagnostics'}</span>
        </Button>
        <ReferenceLink url={api.data === undefined ? undefined : referenceUrl(host, api.data)} />
      </div>
      <p className="muted">
        Diagnostics hold versions, counts and the last lines of the log; no secrets and nothing of your
        documents.
      </p>
      {copying.state === 'failed' && (
        <FailureNote title="Diagnostics were not copied" failure={copying.error} />
      )}
    </>
  );
}
