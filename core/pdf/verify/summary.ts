/** The result of a verification in sentences. */
import type { Conformance, SignatureReport, VerifyReport } from '../../../contract/verify.ts';

type Facts = Pick<VerifyReport, 'claims' | 'conformance' | 'signatures'>;

export function summarize({ claims, conformance, signatures }: Facts): Pick<VerifyReport, 'ok' | 'summary'> {
  const ok = conformance.every(({ conformant }) => conformant) && signatures.every(isGood);
  const summary = [
    ...(claims.length === 0 ? ['It claims no PDF/A or PDF/UA standard.'] : []),
    ...conformance.map((one) => aboutStandard(one, claims)),
    ...(signatures.length === 0 ? ['It is not signed.'] : signatures.map(aboutSignature)),
  ];
  return { ok, summary };
}

/** Whom nothing speaks against. That nobody was told whom to trust is no fault of the signature. */
const isGood = (signature: SignatureReport): boolean =>
  signature.intact &&
  signature.changes_after !== 'forbidden' &&
  signature.trust !== 'untrusted' &&
  signature.revocation !== 'revoked' &&
  signature.time_stamp?.valid !== false;

function aboutStandard(
  { standard, conformant, violations, not_checked }: Conformance,
  claims: readonly string[],
): string {
  const claim = claims.includes(standard) ? ' as it claims' : '';
  if (conformant) {
    const left =
      not_checked.length === 0
        ? ''
        : `, apart from ${counted(not_checked.length, 'rule')} that cannot be checked here`;
    return `It meets ${nameOf(standard)}${claim}${left}.`;
  }
  return `It does not meet ${nameOf(standard)}${claim}: ${counted(violations.length, 'rule')} ${violations.length === 1 ? 'is' : 'are'} broken.`;
}

/** `pdf/a-2b` as people write it. */
export const nameOf = (standard: string): string =>
  standard.replace(
    /^pdf\/(\w+)-(\d)(\w?)$/,
    (_, kind: string, part: string, level: string) => `PDF/${kind.toUpperCase()}-${part}${level}`,
  );

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function aboutSignature(signature: SignatureReport): string {
  const { kind, signer, intact, changes_after, trust, revocation, level } = signature;
  const by = signer?.subject ?? 'somebody unknown';
  const what = kind === 'signature' ? `Signed by ${by}` : `Time-stamped by ${by}`;
  if (!intact) return `${what}: the signature is broken, the file is not what was signed.`;
  const parts = [
    level === null ? 'no PAdES baseline level' : `PAdES ${level}`,
    CHANGES[changes_after],
    TRUSTED[trust],
    ...(revocation === 'revoked' ? ['the certificate was revoked'] : []),
  ];
  return `${what}: intact, ${parts.join(', ')}.`;
}

const CHANGES = {
  none: 'nothing was changed afterwards',
  allowed: 'what was added afterwards is allowed',
  forbidden: 'the document was changed afterwards in a way that is not allowed',
};

const TRUSTED = {
  trusted: 'the signer is trusted',
  untrusted: 'the signer is not trusted',
  unknown: 'nobody said whom to trust',
};
