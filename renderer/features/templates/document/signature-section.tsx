import type { ReactElement } from 'react';
import { SIGNATURE_LEVELS } from '../../../../contract/document.ts';
import type { StudioEvent } from '../../../../contract/studio/event.ts';
import { useRoute } from '../../../host/use-route.ts';
import { Button } from '../../../ui/button.tsx';
import { commonName } from '../../../ui/certificate-name.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { useElsewhere } from '../screen/elsewhere-context.tsx';
import type { ManifestForm } from './manifest-form.ts';
import { TextOption } from './text-option.tsx';
import { VisibleSignature } from './visible-signature.tsx';

const NO_KEY = '';
const LEVELS = [
  { value: 'B-B', label: 'B-B: signed', help: 'Proves who signed. The time is what this computer says.' },
  { value: 'B-T', label: 'B-T: with a time stamp', help: 'A time-stamp server proves when it was signed.' },
  {
    value: 'B-LT',
    label: 'B-LT: for the long term',
    help: 'Also holds the proof that the certificate was not revoked, so that it can be verified without network.',
  },
  {
    value: 'B-LTA',
    label: 'B-LTA: for archives',
    help: 'A further time stamp keeps all of it provable for decades.',
  },
  { value: 'best', label: 'The best that can be reached', help: 'The job says which level it became.' },
] as const;

const CERTIFY = [
  { value: 'none', label: 'No: it may be signed by others too' },
  { value: 'no-changes', label: 'Nothing may be changed' },
  { value: 'form-filling', label: 'Only forms and further signatures' },
  { value: 'annotations', label: 'Only forms, notes and further signatures' },
] as const;

const keysDiffer = ({ type }: StudioEvent): boolean => type === 'keys.changed';
const settingsDiffer = ({ type }: StudioEvent): boolean => type === 'settings.changed';

/** Who signs the document, and how. */
export function SignatureSection({ form }: { readonly form: ManifestForm }): ReactElement {
  const { openKeys } = useElsewhere();
  const { data, failure } = useRoute('keys.list', {}, { refreshOn: keysDiffer });
  const value = form.at('sign_key_id');
  const chosen = typeof value === 'string' ? value : NO_KEY;
  const keys = data?.keys ?? [];
  const isMissing = chosen !== NO_KEY && data !== undefined && !keys.some(({ id }) => id === chosen);
  const isUnknown = chosen !== NO_KEY && !keys.some(({ id }) => id === chosen);
  return (
    <section aria-labelledby="document-signature">
      <h2 id="document-signature">Signature</h2>
      <Field
        label="Signed with"
        error={
          form.fault('sign_key_id') ??
          (isMissing ? 'This host holds no key of that name: jobs of this template fail.' : failure?.message)
        }
        help={
          keys.length === 0
            ? 'There are no signing keys on this host yet.'
            : 'Every document of this template is signed.'
        }
      >
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={[
              { value: NO_KEY, label: 'Not signed' },
              ...(isUnknown ? [{ value: chosen, label: chosen }] : []),
              ...keys.map(({ id, subject }) => ({ value: id, label: `${id} (${commonName(subject)})` })),
            ]}
            onValue={(id) => form.set(['sign_key_id'], id === NO_KEY ? undefined : id)}
          />
        )}
      </Field>
      <Button size="s" className="templates-document-insert" onClick={openKeys}>
        Make or import keys…
      </Button>
      {(chosen !== NO_KEY || form.at('signature') !== undefined) && <HowSigned form={form} />}
    </section>
  );
}

function HowSigned({ form }: { readonly form: ManifestForm }): ReactElement {
  const { openSettings } = useElsewhere();
  const { data: settings } = useRoute('settings.read', {}, { refreshOn: settingsDiffer });
  const level = LEVELS.find(({ value }) => value === form.at('signature', 'level')) ?? LEVELS[0];
  const needsServer = SIGNATURE_LEVELS.some((each) => each === level.value && each !== 'B-B');
  const hasNoServer = needsServer && settings !== undefined && settings.signing.time_stamp_url === null;
  return (
    <>
      <Field
        label="Level"
        help={level.help}
        error={
          form.fault('signature', 'level') ??
          (hasNoServer ? 'No time-stamp server is set, so jobs of this template fail.' : undefined)
        }
      >
        {(control) => (
          <Select
            {...control}
            value={level.value}
            options={LEVELS}
            onValue={(chosen) => form.set(['signature', 'level'], chosen === 'B-B' ? undefined : chosen)}
          />
        )}
      </Field>
      {hasNoServer && (
        <Button size="s" className="templates-document-insert" onClick={openSettings}>
          Set a time-stamp server…
        </Button>
      )}
      <div className="templates-document-row">
        {(
          [
            ['reason', 'Reason', 'Approved'],
            ['location', 'Place', 'Vienna'],
            ['contact', 'Contact', 'office@example.com'],
          ] as const
        ).map(([name, label, placeholder]) => (
          <TextOption
            key={name}
            label={label}
            placeholder={placeholder}
            error={form.fault('signature', name)}
            value={form.at('signature', name)}
            onValue={(text) => form.set(['signature', name], text)}
          />
        ))}
      </div>
      <Field
        label="Certify the document"
        help="Says what may be changed afterwards without breaking the signature."
        error={form.fault('signature', 'certify')}
      >
        {(control) => (
          <Select
            {...control}
            value={CERTIFY.find(({ value }) => value === form.at('signature', 'certify'))?.value ?? 'none'}
            options={CERTIFY}
            onValue={(chosen) => form.set(['signature', 'certify'], chosen === 'none' ? undefined : chosen)}
          />
        )}
      </Field>
      <VisibleSignature form={form} />
    </>
  );
}
