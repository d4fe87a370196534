import { useState, type ReactElement } from 'react';
import type { ApiClient } from '../../../contract/access.ts';
import { useHost } from '../../host/host-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { readClients } from './access-store.ts';
import { CopyLine } from './copy-line.tsx';

export interface ClientWebhookDialogProps {
  readonly client: ApiClient;
  readonly onClose: () => void;
}

/** Where a client is told that its work has ended; the secret that signs is shown once. */
export function ClientWebhookDialog({ client, onClose }: ClientWebhookDialogProps): ReactElement {
  const host = useHost();
  const [url, setUrl] = useState(client.webhook_url ?? '');
  const [secret, setSecret] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error | undefined>(undefined);
  const target = { client_id: client.client_id };
  const act = async (run: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await run();
      await readClients(host);
      setFailure(undefined);
    } catch (error) {
      setFailure(error as Error);
    }
    setBusy(false);
  };
  if (secret !== undefined) {
    return (
      <Dialog
        open
        title={`${client.name} is told`}
        description="Copy the secret now: its program checks with it that a message came from here. It cannot be shown again."
        onClose={onClose}
        footer={
          <Button variant="primary" onClick={onClose}>
            I have kept it
          </Button>
        }
      >
        <div className="access-secret">
          <span>Secret</span>
          <CopyLine text={secret} what="the secret of the webhook" />
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      title={`Webhook of ${client.name}`}
      description="It is told when a job or batch of this client has ended. The address must be allowed in the settings."
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {client.webhook_url !== null && (
            <Button
              variant="danger"
              busy={isBusy}
              onClick={() =>
                void act(async () => {
                  await host.request('clients.clear_webhook', target);
                  onClose();
                })
              }
            >
              Tell it no more
            </Button>
          )}
          <Button
            variant="primary"
            type="submit"
            form="client-webhook"
            busy={isBusy}
            disabled={url.trim() === ''}
          >
            {client.webhook_url === null ? 'Tell it' : 'Change, with a new secret'}
          </Button>
        </>
      }
    >
      <form
        id="client-webhook"
        className="access-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => {
            const made = await host.request('clients.set_webhook', { ...target, url: url.trim() });
            setSecret(made.secret);
          });
        }}
      >
        <Field
          label="Address"
          help="Such as https://erp.example.com/pdf-done. Messages follow standardwebhooks.com."
        >
          {(control) => (
            <Input
              {...control}
              mono
              autoFocus
              type="url"
              spellCheck={false}
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        {failure !== undefined && <FailureNote title="It was not kept" failure={failure} />}
      </form>
    </Dialog>
  );
}
