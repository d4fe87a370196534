import type { ReactElement } from 'react';
import type { SignatureReport } from '../../../contract/verify.ts';
import { Badge } from '../../ui/badge.tsx';
import { commonName } from '../../ui/certificate-name.ts';
import { formatDay } from '../../ui/quantity.ts';
import { MARKS } from './marks.tsx';
import { findingsOf, verdictOfSignature } from './verify-words.ts';

/** One signature or document time stamp: who, what it proves, what speaks against it. */
export function SignatureCard({ signature }: { readonly signature: SignatureReport }): ReactElement {
  const { signer, kind, level, changes, problems, field } = signature;
  const { mark, label } = verdictOfSignature(signature);
  const by = signer === null ? 'Somebody unknown' : commonName(signer.subject);
  const what = kind === 'signature' ? 'Signature' : 'Time stamp of the document';
  return (
    <article className="verify-card" aria-label={`${what} by ${by}`}>
      <div className="verify-card-head">
        <h4>{by}</h4>
        <Badge tone={mark} icon={MARKS[mark]}>
          {label}
        </Badge>
        <span className="muted">
          {what}, {level === null ? 'no PAdES level' : `PAdES ${level}`}
        </span>
      </div>
      {problems.length > 0 && (
        <ul className="verify-problems" aria-label="Problems">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <dl className="verify-findings">
        {findingsOf(signature).map((finding) => (
          <div key={finding.name}>
            <dt>{finding.name}</dt>
            <dd className={`verify-${finding.mark}`}>
              {MARKS[finding.mark]}
              <span>
                {finding.text}
                {finding.name === 'Changes' && changes.length > 0 && `: ${changes.join('; ')}`}
              </span>
            </dd>
          </div>
        ))}
        {factsOf(signature).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {signer !== null && (
        <details>
          <summary>Certificate</summary>
          <dl className="verify-findings">
            {[
              ['Names', signer.subject],
              ['Issued by', signer.issuer],
              ['Chain', signature.chain.join(' → ')],
              ['Valid', `from ${formatDay(signer.not_before)} to ${formatDay(signer.not_after)}`],
              ['Serial number', signer.serial],
              ['SHA-256', signer.fingerprint.replaceAll(':', ' ')],
              ['Field', field],
            ].map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </article>
  );
}

const factsOf = ({ reason, location, contact }: SignatureReport): readonly (readonly [string, string])[] =>
  (
    [
      ['Reason', reason],
      ['Place', location],
      ['Contact', contact],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
