import { KeyRound, Plus, Trash2, Webhook } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { ApiClient } from '../../../contract/access.ts';
import { useHost } from '../../host/host-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { formatTime } from '../../ui/quantity.ts';
import { toast } from '../../ui/toast.tsx';
import { removeClient } from './access-store.ts';
import { AddClientDialog } from './add-client-dialog.tsx';
import { ClientWebhookDialog } from './client-webhook-dialog.tsx';
import { SCOPE_TEXTS } from './scopes.ts';

export function Clients({ clients }: { readonly clients: readonly ApiClient[] }): ReactElement {
  const host = useHost();
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<ApiClient>();
  const [telling, setTelling] = useState<ApiClient>();

  const remove = (client: ApiClient): void => {
    setLeaving(undefined);
    removeClient(host, client.client_id).then(
      () => toast({ title: `${client.name} was removed`, tone: 'ok' }),
      (error: unknown) => {
        toast({
          title: `${client.name} was not removed`,
          detail: error instanceof Error ? error.message : String(error),
          tone: 'bad',
        });
      },
    );
  };
  const add = (
    <Button size="s" icon={<Plus aria-hidden="true" />} onClick={() => setAdding(true)}>
      Add client
    </Button>
  );
  return (
    <section className="access-section" aria-label="Clients">
      <div className="access-head">
        <h3>Clients</h3>
        <span className="access-space" />
        {clients.length > 0 && add}
      </div>
      {clients.length === 0 ? (
        <EmptyState icon={<KeyRound aria-hidden="true" />} title="No clients yet" action={add}>
          A client is a program with an id and a secret of its own. Add one for each program that generates
          documents.
        </EmptyState>
      ) : (
        <ul className="access-clients">
          {clients.map((client) => (
            <li key={client.client_id}>
              <div>
                <strong>{client.name}</strong>
                <code>{client.client_id}</code>
                <span className="muted">
                  {client.scopes.map((scope) => SCOPE_TEXTS[scope].name.toLowerCase()).join(', ')}
                  {' · '}
                  {client.last_used_at === null
                    ? 'never used'
                    : `last used ${formatTime(client.last_used_at)}`}
                  {client.webhook_url !== null && ` · tells ${client.webhook_url}`}
                </span>
              </div>
              <IconButton
                label={`Webhook of ${client.name}`}
                icon={<Webhook aria-hidden="true" />}
                onClick={() => setTelling(client)}
              />
              <IconButton
                label={`Remove ${client.name}`}
                icon={<Trash2 aria-hidden="true" />}
                onClick={() => setLeaving(client)}
              />
            </li>
          ))}
        </ul>
      )}
      {telling !== undefined && (
        <ClientWebhookDialog client={telling} onClose={() => setTelling(undefined)} />
      )}
      {isAdding && <AddClientDialog onClose={() => setAdding(false)} />}
      {leaving !== undefined && (
        <ConfirmDialog
          open
          danger
          title={`Remove ${leaving.name}?`}
          confirm="Remove client"
          onConfirm={() => remove(leaving)}
          onCancel={() => setLeaving(undefined)}
        >
          Its id and secret stop working at once, and cannot be brought back. Its jobs stay.
        </ConfirmDialog>
      )}
    </section>
  );
}
