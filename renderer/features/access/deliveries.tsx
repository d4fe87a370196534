import { Send } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { ApiClient } from '../../../contract/access.ts';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { WebhookDelivery, WebhookState, WebhookType } from '../../../contract/webhook.ts';
import { useHost } from '../../host/host-context.tsx';
import { useRoute } from '../../host/use-route.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { formatTime } from '../../ui/quantity.ts';

const SHOWN = 50;

const STATES: Record<WebhookState, { readonly tone: Tone; readonly label: string }> = {
  waiting: { tone: 'run', label: 'Waiting' },
  delivered: { tone: 'ok', label: 'Delivered' },
  failed: { tone: 'bad', label: 'Failed' },
};

const TYPES: Record<WebhookType, string> = {
  'job.done': 'done',
  'job.failed': 'failed',
  'batch.ended': 'ended',
};

const areOther = (event: StudioEvent): boolean => event.type === 'webhooks.changed';

export interface DeliveriesProps {
  /** For their names. */
  readonly clients: readonly ApiClient[];
  readonly openSettings: () => void;
}

/** What programs were told when their work had ended, newest first; each can be told again. */
export function Deliveries({ clients, openSettings }: DeliveriesProps): ReactElement {
  const host = useHost();
  const { data, failure, refresh } = useRoute(
    'webhooks.deliveries',
    { limit: SHOWN },
    { refreshOn: areOther },
  );
  const [refused, setRefused] = useState<Error | undefined>(undefined);
  const names = new Map(clients.map(({ client_id: id, name }) => [id, name]));
  const resend = (id: string): void => {
    host.request('webhooks.resend', { id }).then(
      () => {
        setRefused(undefined);
        refresh();
      },
      (error: unknown) => setRefused(error as Error),
    );
  };
  return (
    <section className="access-section access-requests" aria-label="Webhooks">
      <div className="access-head">
        <h3>Webhooks</h3>
        <span className="muted">the last {SHOWN}</span>
        <span className="access-space" />
        <Button size="s" onClick={openSettings}>
          Allowed addresses
        </Button>
      </div>
      {failure !== undefined && <FailureNote title="The deliveries could not be read" failure={failure} />}
      {refused !== undefined && <FailureNote title="It was not sent again" failure={refused} />}
      {data?.deliveries.length === 0 && (
        <EmptyState title="Nobody was told anything yet">
          A request with a <code>webhook_url</code>, or a client with one of its own, is told when its work
          has ended: signed, and tried again for a day. Allow its address in the settings first.
        </EmptyState>
      )}
      {data !== undefined && data.deliveries.length > 0 && (
        <div className="access-scroll" tabIndex={0} role="region" aria-label="List of deliveries">
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">To</th>
                <th scope="col">
                  <span className="visually-hidden">Send again</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.deliveries.map((delivery) => (
                <Row
                  key={delivery.id}
                  delivery={delivery}
                  client={names.get(delivery.client_id) ?? delivery.client_id}
                  onResend={() => resend(delivery.id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  readonly delivery: WebhookDelivery;
  readonly client: string;
  readonly onResend: () => void;
}

function Row({ delivery, client, onResend }: RowProps): ReactElement {
  const { type, state, job_id, batch_id, url, created_at, attempts, last_error } = delivery;
  const { tone, label } = STATES[state];
  const subject = batch_id === null ? `Job ${job_id ?? ''}` : `Batch ${batch_id}`;
  return (
    <tr>
      <td>{formatTime(created_at)}</td>
      <td title={`For ${client}`}>
        {subject} {TYPES[type]}
      </td>
      <td title={last_error ?? undefined}>
        <Badge tone={tone}>{label}</Badge>
        {attempts > 1 && <span className="muted"> {attempts} tries</span>}
        {last_error !== null && state !== 'delivered' && <span className="muted"> {last_error}</span>}
      </td>
      <td className="access-path" title={url}>
        <code>{url}</code>
      </td>
      <td>
        <Button
          size="s"
          variant="quiet"
          icon={<Send aria-hidden="true" />}
          aria-label={`Send the webhook of ${subject.toLowerCase()} again`}
          onClick={onResend}
        >
          Again
        </Button>
      </td>
    </tr>
  );
}
