import { useState, type ReactElement } from 'react';
import { SCOPES, type CreatedClient, type Scope } from '../../../contract/access.ts';
import { useHost } from '../../host/host-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FormDialog, type FormState } from '../../ui/form-dialog.tsx';
import { Input } from '../../ui/input.tsx';
import { Checkbox } from '../../ui/toggle.tsx';
import { addClient } from './access-store.ts';
import { CopyLine } from './copy-line.tsx';
import { SCOPE_TEXTS, USUAL_SCOPES } from './scopes.ts';

const LONGEST_NAME = 100;

/** Asks who the client is, then shows its secret once. */
export function AddClientDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [created, setCreated] = useState<CreatedClient>();
  return created === undefined ? (
    <NewClient onClose={onClose} onCreated={setCreated} />
  ) : (
    <SecretOnce client={created} onClose={onClose} />
  );
}

interface NewClientProps {
  readonly onClose: () => void;
  readonly onCreated: (client: CreatedClient) => void;
}

function NewClient({ onClose, onCreated }: NewClientProps): ReactElement {
  const host = useHost();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(USUAL_SCOPES);
  const [state, setState] = useState<FormState>('idle');

  const submit = (): void => {
    setState('busy');
    addClient(host, name.trim(), scopes).then(onCreated, (error: unknown) => {
      setState(error instanceof Error ? error : new Error(String(error)));
    });
  };
  return (
    <FormDialog
      title="Add a client"
      description="One for each program that uses the API, so that you can take its access away alone."
      submit="Add client"
      failed="The client was not added"
      isReady={name.trim() !== '' && scopes.length > 0}
      state={state}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" help="Shown beside its jobs, e.g. billing-service.">
        {(control) => (
          <Input
            {...control}
            autoFocus
            required
            maxLength={LONGEST_NAME}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <fieldset className="access-scopes">
        <legend>What it may do</legend>
        {SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            checked={scopes.includes(scope)}
            onChecked={(checked) =>
              setScopes((last) => (checked ? [...last, scope] : last.filter((each) => each !== scope)))
            }
          >
            {SCOPE_TEXTS[scope].name} <span className="muted">{SCOPE_TEXTS[scope].help}</span>
          </Checkbox>
        ))}
      </fieldset>
    </FormDialog>
  );
}

interface SecretOnceProps {
  readonly client: CreatedClient;
  readonly onClose: () => void;
}

function SecretOnce({ client, onClose }: SecretOnceProps): ReactElement {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${client.name} was added`}
      description="Copy the secret now: only its hash is kept, so it cannot be shown again."
      footer={
        <Button variant="primary" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <div className="access-secret">
        <span>Client id</span>
        <CopyLine text={client.client_id} what="the client id" />
        <span>Client secret</span>
        <CopyLine text={client.client_secret} what="the client secret" />
      </div>
    </Dialog>
  );
}
