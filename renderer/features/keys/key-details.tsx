import { Download, Trash2, TriangleAlert } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import type { KeyFacts } from '../../../contract/key.ts';
import { useHost } from '../../host/host-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Details } from '../../ui/list-and-details.tsx';
import { formatDay } from '../../ui/quantity.ts';
import { saveFile } from '../../ui/save-file.ts';
import { toast } from '../../ui/toast.tsx';
import { keyKind, validityOf } from './key-words.ts';
import { askKeys } from './keys-store.ts';

/** All that is known of a key; the private one stays where it is. */
export function KeyDetails({ facts, now }: { readonly facts: KeyFacts; readonly now: number }): ReactElement {
  const host = useHost();
  const { id, warnings } = facts;
  const exportCertificate = (): void => {
    host
      .request('keys.export', { id })
      .then(({ filename, bytes }) => saveFile(filename, bytes, 'application/x-pem-file'))
      .catch((error: unknown) =>
        toast({
          title: 'The certificate was not exported',
          detail: error instanceof Error ? error.message : String(error),
          tone: 'bad',
        }),
      );
  };
  return (
    <Details
      label={`Key ${id}`}
      title={id}
      state={validityOf(facts, now)}
      actions={
        <>
          <Button icon={<Download aria-hidden="true" />} onClick={exportCertificate}>
            Export certificate
          </Button>
          <Button icon={<Trash2 aria-hidden="true" />} onClick={() => askKeys({ kind: 'remove', id })}>
            Remove…
          </Button>
        </>
      }
    >
      {warnings.length > 0 && (
        <ul className="key-warnings" aria-label="Warnings">
          {warnings.map((warning) => (
            <li key={warning}>
              <TriangleAlert aria-hidden="true" />
              {warning}
            </li>
          ))}
        </ul>
      )}
      <dl className="key-facts">
        {factsOf(facts).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Details>
  );
}

function factsOf(facts: KeyFacts): readonly (readonly [string, ReactNode])[] {
  const { subject, issuer, self_signed, chain, serial, fingerprint } = facts;
  return [
    ['Names', subject],
    ['Issued by', self_signed ? 'itself (self-signed)' : issuer],
    [
      'Chain',
      chain.length === 0 ? (
        'no issuers are kept with it'
      ) : (
        <ol>
          {chain.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ol>
      ),
    ],
    ['Valid', `from ${formatDay(facts.not_before)} to ${formatDay(facts.not_after)}`],
    ['Kind', keyKind(facts)],
    ['Serial number', <code key="serial">{serial}</code>],
    [
      'Fingerprint',
      <span key="fingerprint" className="key-fingerprint">
        <code>SHA-256 {fingerprint.replaceAll(':', ' ')}</code>
        <CopyButton size="s" variant="quiet" text={fingerprint} what="the fingerprint" />
      </span>,
    ],
    ['Private key', facts.protection],
    ['Kept since', formatDay(facts.created_at)],
  ];
}
