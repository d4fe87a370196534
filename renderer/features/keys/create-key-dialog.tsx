import { useState, type ReactElement } from 'react';
import { CreateKeyRequest, type KeyFacts } from '../../../contract/key.ts';
import { useHost } from '../../host/host-context.tsx';
import { HostFailure } from '../../host/studio-host.ts';
import { Field } from '../../ui/field.tsx';
import { FormDialog, type FormState } from '../../ui/form-dialog.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';

const KINDS = {
  'rsa-3072': {
    label: 'RSA 3072: read everywhere, strong enough for years',
    material: { type: 'rsa', size: 3072 },
  },
  'rsa-2048': { label: 'RSA 2048: smaller and faster', material: { type: 'rsa', size: 2048 } },
  'rsa-4096': { label: 'RSA 4096: the largest, slower to sign', material: { type: 'rsa', size: 4096 } },
  'ec-256': { label: 'EC P-256: the fastest, small signatures', material: { type: 'ec', curve: 'P-256' } },
  'ec-384': { label: 'EC P-384: fast and stronger', material: { type: 'ec', curve: 'P-384' } },
} as const;
type Kind = keyof typeof KINDS;

const TEXTS = {
  id: {
    label: 'Name of the key',
    help: 'What templates and requests call it, such as studio-2026.',
  },
  common_name: { label: 'Who signs', help: 'A person or an office. Readers show it beside the signature.' },
  organization: { label: 'Organisation', help: undefined },
  country: { label: 'Country', help: 'Such as DE.' },
  email: { label: 'Email', help: undefined },
} as const;
type TextName = keyof typeof TEXTS;
const TEXT_NAMES = Object.keys(TEXTS) as TextName[];

interface Form extends Readonly<Record<TextName, string>> {
  readonly kind: Kind;
  readonly years: string;
}

const EMPTY: Form = {
  id: '',
  common_name: '',
  organization: '',
  country: '',
  email: '',
  kind: 'rsa-3072',
  years: '3',
};

function requestOf({ kind, years, ...texts }: Form): ReturnType<typeof CreateKeyRequest.safeParse> {
  const { material } = KINDS[kind];
  const given = TEXT_NAMES.map((name) => [name, texts[name].trim()]).filter(([, text]) => text !== '');
  return CreateKeyRequest.safeParse({
    ...Object.fromEntries(given),
    ...material,
    valid_years: Number(years),
  });
}

const MESSAGES: Readonly<Record<string, string>> = {
  email: 'Must be an address such as office@example.com',
  valid_years: 'A whole number from 1 to 10',
};

export interface CreateKeyDialogProps {
  readonly onClose: () => void;
  readonly onKept: (key: KeyFacts) => void;
}

/** Makes a key with a certificate that it issues for itself. */
export function CreateKeyDialog({ onClose, onKept }: CreateKeyDialogProps): ReactElement {
  const host = useHost();
  const [form, setForm] = useState(EMPTY);
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<FormState>('idle');

  const change = (changes: Partial<Form>): void => {
    setForm((last) => ({ ...last, ...changes }));
    setFaults({});
  };
  const submit = (): void => {
    const parsed = requestOf(form);
    if (!parsed.success) {
      setFaults(
        Object.fromEntries(
          parsed.error.issues.map(({ path, message }) => {
            const name = String(path[0]);
            return [name, name === 'id' && form.id === '' ? 'Give it a name' : (MESSAGES[name] ?? message)];
          }),
        ),
      );
      return;
    }
    setState('busy');
    host.request('keys.create', parsed.data).then(onKept, (error: unknown) => {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (failure instanceof HostFailure && failure.code === 'KEY_EXISTS') {
        setFaults({ id: failure.message });
        setState('idle');
      } else setState(failure);
    });
  };
  const text = (name: TextName): ReactElement => (
    <Field label={TEXTS[name].label} help={TEXTS[name].help} error={faults[name]}>
      {(control) => (
        <Input
          {...control}
          autoFocus={name === 'id'}
          autoComplete="off"
          spellCheck={false}
          value={form[name]}
          onChange={(event) =>
            change({
              [name]: name === 'country' ? event.target.value.toUpperCase() : event.target.value,
            })
          }
        />
      )}
    </Field>
  );
  return (
    <FormDialog
      title="New signing key"
      description="Its certificate is issued by itself: whoever shall trust the signature gets the certificate from you."
      submit="Make key"
      failed="The key was not made"
      state={state}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      {text('id')}
      {text('common_name')}
      <div className="key-row">
        {text('organization')}
        {text('country')}
      </div>
      <div className="key-row">
        {text('email')}
        <Field label="Valid for (years)" error={faults['valid_years']}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={form.years}
              onChange={(event) => change({ years: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label="Kind">
        {(control) => (
          <Select
            {...control}
            value={form.kind}
            options={(Object.keys(KINDS) as Kind[]).map((value) => ({
              value,
              label: KINDS[value].label,
            }))}
            onValue={(kind) => change({ kind })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
