import type { ReactElement } from 'react';
import type { Conformance, VerifyReport } from '../../../contract/verify.ts';
import { Badge } from '../../ui/badge.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatBytes, formatPages } from '../../ui/quantity.ts';
import { standardName } from '../../ui/standard-name.ts';
import { ViolationList } from '../../ui/violation-list.tsx';
import { MARKS } from './marks.tsx';
import { SignatureCard } from './signature-card.tsx';
import { verdictOf } from './verify-words.ts';

export function Report({
  name,
  report,
}: {
  readonly name: string;
  readonly report: VerifyReport;
}): ReactElement {
  const { mark, title, text } = verdictOf(report);
  const { size, pages, version, sha256, conformance, signatures } = report;
  return (
    <>
      <section className={`verify-verdict verify-${mark}`} aria-label="Result">
        {MARKS[mark]}
        <div>
          <h3>{title}</h3>
          <p>{text}</p>
        </div>
      </section>
      <div className="verify-file">
        <strong>{name}</strong>
        <span className="muted">
          {[pages === null ? null : formatPages(pages), formatBytes(size), `PDF ${version}`]
            .filter((part) => part !== null)
            .join(' · ')}
        </span>
        <CopyButton size="s" variant="quiet" label="Copy SHA-256" text={sha256} />
      </div>
      <h3>Standards</h3>
      {conformance.length === 0 && <p className="muted">It claims no PDF/A or PDF/UA standard.</p>}
      {conformance.map((one) => (
        <StandardCard key={one.standard} conformance={one} isClaimed={report.claims.includes(one.standard)} />
      ))}
      <h3>Signatures</h3>
      {signatures.length === 0 && <p className="muted">It is not signed.</p>}
      {signatures.map((signature, index) => (
        <SignatureCard key={index} signature={signature} />
      ))}
    </>
  );
}

function StandardCard({
  conformance: { standard, conformant, violations, not_checked },
  isClaimed,
}: {
  readonly conformance: Conformance;
  readonly isClaimed: boolean;
}): ReactElement {
  const name = standardName(standard);
  const rules = violations.length === 1 ? '1 rule is broken' : `${violations.length} rules are broken`;
  return (
    <article className="verify-card" aria-label={name}>
      <div className="verify-card-head">
        <h4>{name}</h4>
        <Badge tone={conformant ? 'ok' : 'bad'} icon={MARKS[conformant ? 'ok' : 'bad']}>
          {conformant ? 'Conformant' : rules}
        </Badge>
        <span className="muted">
          {isClaimed ? 'as the file claims' : 'as you asked; the file does not claim it'}
        </span>
      </div>
      {violations.length > 0 && <ViolationList violations={violations} />}
      {not_checked.length > 0 && (
        <details>
          <summary>
            {not_checked.length === 1
              ? '1 thing that a program cannot check'
              : `${not_checked.length} things that a program cannot check`}
          </summary>
          <ul>
            {not_checked.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}
