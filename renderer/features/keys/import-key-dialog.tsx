import { FileKey } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { KEY_FILE_MAX_BYTES, KeyId, type KeyFacts } from '../../../contract/key.ts';
import { useHost } from '../../host/host-context.tsx';
import { HostFailure } from '../../host/studio-host.ts';
import { Field } from '../../ui/field.tsx';
import { FileChooser, FileDrop } from '../../ui/file-drop.tsx';
import { FormDialog, type FormState } from '../../ui/form-dialog.tsx';
import { Input } from '../../ui/input.tsx';
import { formatBytes } from '../../ui/quantity.ts';
import { keyIdFrom } from './key-words.ts';

const ACCEPTED = '.p12,.pfx,.pem,.key,.crt,application/x-pkcs12,application/x-pem-file';

export interface ImportKeyDialogProps {
  /** A file that was dropped. */
  readonly given: File | undefined;
  readonly onClose: () => void;
  readonly onKept: (key: KeyFacts) => void;
}

/** Takes in a key with its certificates from a file. */
export function ImportKeyDialog({ given, onClose, onKept }: ImportKeyDialogProps): ReactElement {
  const host = useHost();
  const [file, setFile] = useState(given);
  const [id, setId] = useState(given === undefined ? '' : keyIdFrom(given.name));
  const [passphrase, setPassphrase] = useState('');
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<FormState>('idle');

  const take = ([first]: readonly File[]): void => {
    if (first === undefined) return;
    setFile(first);
    setFaults({});
    setState('idle');
    if (id === '') setId(keyIdFrom(first.name));
  };
  const submit = async (): Promise<void> => {
    if (file === undefined) {
      setFaults({ file: 'Choose the file with the key' });
      return;
    }
    if (file.size > KEY_FILE_MAX_BYTES) {
      setFaults({ file: `${file.name} is too large: a key file has at most one megabyte` });
      return;
    }
    const name = KeyId.safeParse(id.trim());
    if (!name.success) {
      setFaults({ id: name.error.issues[0]?.message ?? 'Give it a name' });
      return;
    }
    setState('busy');
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      onKept(
        await host.request('keys.import', {
          id: name.data,
          bytes,
          ...(passphrase !== '' && { passphrase }),
        }),
      );
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      const field = failure instanceof HostFailure ? FIELDS[failure.code] : undefined;
      setFaults(field === undefined ? {} : { [field]: failure.message });
      setState(field === undefined ? failure : 'idle');
    }
  };
  return (
    <FormDialog
      title="Import a signing key"
      description="A PKCS #12 file (.p12, .pfx), or PEM with the private key and its certificates."
      submit="Import key"
      failed="The key was not imported"
      state={state}
      noValidate
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <FileDrop className="key-file" invitation="Drop the key file" onFiles={take}>
        <FileKey aria-hidden="true" />
        <span className="key-file-name">
          {file === undefined ? 'Drop the file here' : `${file.name} · ${formatBytes(file.size)}`}
        </span>
        <FileChooser size="s" accept={ACCEPTED} onFiles={take}>
          {file === undefined ? 'Choose a file…' : 'Another file…'}
        </FileChooser>
        {faults['file'] !== undefined && (
          <p className="ui-field-error" role="alert">
            {faults['file']}
          </p>
        )}
      </FileDrop>
      <Field label="Name of the key" help="What templates and requests call it." error={faults['id']}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            value={id}
            onChange={(event) => {
              setId(event.target.value);
              setFaults({});
            }}
          />
        )}
      </Field>
      <Field
        label="Passphrase of the file"
        help="Empty when it has none. It opens the file and is not kept."
        error={faults['passphrase']}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={passphrase}
            onChange={(event) => {
              setPassphrase(event.target.value);
              setFaults({});
            }}
          />
        )}
      </Field>
    </FormDialog>
  );
}

/** Which field a refusal is about. */
const FIELDS: Readonly<Record<string, string>> = { KEY_EXISTS: 'id', KEY_PASSWORD_WRONG: 'passphrase' };
