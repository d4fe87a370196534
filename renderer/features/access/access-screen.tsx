import { useEffect, type ReactElement } from 'react';
import { useHost } from '../../host/host-context.tsx';
import { referenceUrl } from '../../host/reference.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import './access-screen.css';
import { followAccess, useAccess } from './access-store.ts';
import { ApiCard } from './api-card.tsx';
import { Clients } from './clients.tsx';
import { Deliveries } from './deliveries.tsx';
import { Requests } from './requests.tsx';
import { SnippetPanel } from './snippet-panel.tsx';

export interface AccessScreenProps {
  /** The template of the snippets. */
  readonly templateId: string;
  readonly openSettings: () => void;
}

/** The HTTP API: where it is, who may use it, how, and what comes in. */
export function AccessScreen({ templateId, openSettings }: AccessScreenProps): ReactElement {
  const host = useHost();
  const { api, clients, requests, failure } = useAccess();
  useEffect(() => followAccess(host), [host]);
  return (
    <div className="access-screen">
      <header>
        <h2>API</h2>
        <p className="muted">Programs make the same documents over HTTP.</p>
      </header>
      {failure !== undefined && <FailureNote title="The API's state could not be read" failure={failure} />}
      {api === undefined || clients === undefined ? (
        failure === undefined && <Spinner label="Reading the state of the API" />
      ) : (
        <div className="access-columns">
          <div>
            <ApiCard api={api} openSettings={openSettings} />
            <Clients clients={clients} />
          </div>
          <div>
            <SnippetPanel
              url={api.urls[0] ?? 'http://127.0.0.1:8787'}
              templateId={templateId}
              reference={referenceUrl(host, api)}
            />
            <Requests requests={requests} clients={clients} />
            <Deliveries clients={clients} openSettings={openSettings} />
          </div>
        </div>
      )}
    </div>
  );
}
