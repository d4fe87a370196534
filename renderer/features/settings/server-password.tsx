import { useState, type ReactElement } from 'react';
import { useHost } from '../../host/host-context.tsx';
import { Button } from '../../ui/button.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

type State = 'idle' | 'busy' | 'kept' | 'forgotten' | Error;

const TOLD = { idle: '', busy: '', kept: 'The password is kept.', forgotten: 'No password is kept.' };

/** Sets the password of the time-stamp server; the host never tells it again. */
export function ServerPassword(): ReactElement {
  const host = useHost();
  const [password, setPassword] = useState('');
  const [state, setState] = useState<State>('idle');
  const send = (value: string | null): void => {
    setState('busy');
    host.request('signing.set_password', { password: value }).then(
      () => {
        setPassword('');
        setState(value === null ? 'forgotten' : 'kept');
      },
      (error: unknown) => setState(error instanceof Error ? error : new Error(String(error))),
    );
  };
  return (
    <form
      className="settings-password"
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '' && state !== 'busy') send(password);
      }}
    >
      <Field label="Password there" help="It is kept encrypted and never shown again.">
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
              setState('idle');
            }}
          />
        )}
      </Field>
      <div className="settings-password-actions">
        <Button type="submit" disabled={password === ''} busy={state === 'busy'}>
          Keep password
        </Button>
        <Button variant="quiet" onClick={() => send(null)}>
          Forget it
        </Button>
        <span className="muted" role="status">
          {state instanceof Error ? '' : TOLD[state]}
        </span>
      </div>
      {state instanceof Error && <FailureNote title="The password was not kept" failure={state} />}
    </form>
  );
}
