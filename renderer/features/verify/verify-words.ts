/** What a report says, in words for who is no expert. */
import type { SignatureReport, VerifyReport } from '../../../contract/verify.ts';
import { commonName } from '../../ui/certificate-name.ts';
import { formatDayAndTime } from '../../ui/quantity.ts';

export type Mark = 'ok' | 'warn' | 'bad' | 'plain';

export interface Verdict {
  readonly mark: Mark;
  readonly title: string;
  readonly text: string;
}

const counted = (count: number, one: string, more: string): string =>
  count === 1 ? `1 ${one}` : `${count} ${more}`;

export function verdictOf({ ok, claims, conformance, signatures }: VerifyReport): Verdict {
  const broken = conformance.filter(({ conformant }) => !conformant).length;
  const bad = signatures.filter((signature) => verdictOfSignature(signature).mark === 'bad').length;
  if (!ok) {
    const parts = [
      ...(broken > 0 ? [`it does not meet ${counted(broken, 'standard', 'standards')}`] : []),
      ...(bad > 0 ? [`${counted(bad, 'signature is', 'signatures are')} not good`] : []),
    ];
    const text = parts.length === 0 ? 'See below what it is.' : `${parts.join(', and ')}. See below why.`;
    return {
      mark: 'bad',
      title: 'Not everything is right with this file',
      text: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    };
  }
  if (claims.length === 0 && signatures.length === 0) {
    return {
      mark: conformance.length > 0 ? 'ok' : 'plain',
      title:
        conformance.length > 0
          ? 'It meets the standard that you asked for'
          : 'There is nothing here to be proven',
      text: 'The file claims no standard and nobody signed it.',
    };
  }
  const isOpen = signatures.some(({ trust }) => trust === 'unknown');
  return {
    mark: isOpen ? 'warn' : 'ok',
    title: isOpen
      ? 'Nothing is wrong, but who signed is not proven'
      : 'Everything that this file claims is true',
    text: isOpen
      ? 'Add the certificate of whom you trust, and it is checked whether the signer goes back to it.'
      : counted(signatures.length, 'signature', 'signatures') +
        `, ${counted(conformance.length, 'standard', 'standards')} checked.`,
  };
}

export function verdictOfSignature(signature: SignatureReport): {
  readonly mark: Mark;
  readonly label: string;
} {
  const { intact, changes_after, trust, revocation, time_stamp } = signature;
  if (!intact) return { mark: 'bad', label: 'Broken' };
  if (changes_after === 'forbidden') return { mark: 'bad', label: 'Changed afterwards' };
  if (revocation === 'revoked') return { mark: 'bad', label: 'Revoked' };
  if (trust === 'untrusted') return { mark: 'bad', label: 'Not trusted' };
  if (time_stamp?.valid === false) return { mark: 'bad', label: 'Time stamp wrong' };
  if (trust === 'unknown') return { mark: 'warn', label: 'Intact' };
  return { mark: 'ok', label: 'Good' };
}

/** Of one side of a signature: what was looked at, how it stands, in words. */
export interface Finding {
  readonly name: string;
  readonly mark: Mark;
  readonly text: string;
}

const CHANGES: Readonly<Record<SignatureReport['changes_after'], readonly [Mark, string]>> = {
  none: ['ok', 'Nothing was added or changed after it'],
  allowed: ['ok', 'What was added after it is allowed'],
  forbidden: ['bad', 'The document was changed after it in a way that is not allowed'],
};

const TRUST: Readonly<Record<SignatureReport['trust'], readonly [Mark, string]>> = {
  trusted: ['ok', 'The certificate goes back to one that you trust'],
  untrusted: ['bad', 'The certificate goes back to none of those that you trust'],
  unknown: ['warn', 'Unknown: no certificate was given that could tell'],
};

const REVOCATION: Readonly<Record<SignatureReport['revocation'], readonly [Mark, string]>> = {
  good: ['ok', 'The file holds the proof that the certificate was not revoked'],
  revoked: ['bad', 'The certificate was revoked'],
  unknown: ['plain', 'The file holds no proof that the certificate was not revoked'],
};

const CERTIFIED: Readonly<Record<NonNullable<SignatureReport['certify']>, string>> = {
  'no-changes': 'It certifies the document: nothing may be changed',
  'form-filling': 'It certifies the document: forms may be filled in and signatures added',
  annotations: 'It certifies the document: forms may be filled in, notes and signatures added',
};

export function findingsOf(signature: SignatureReport): readonly Finding[] {
  const { intact, covers_whole_file, changes_after, trust, revocation, certify } = signature;
  const finding = (name: string, [mark, text]: readonly [Mark, string]): Finding => ({ name, mark, text });
  return [
    finding(
      'Integrity',
      intact
        ? ['ok', 'What was signed is as it was, and the signature fits it']
        : ['bad', 'What was signed was changed, or the signature itself is wrong'],
    ),
    finding(
      'Coverage',
      covers_whole_file
        ? ['ok', 'It covers the whole file']
        : ['plain', 'It covers the file as it was when it was signed; something was added later'],
    ),
    finding('Changes', CHANGES[changes_after]),
    finding('Trust', TRUST[trust]),
    finding('Revocation', REVOCATION[revocation]),
    finding('Time', timeOf(signature)),
    ...(certify === null ? [] : [finding('Certified', ['plain', CERTIFIED[certify]])]),
  ];
}

function timeOf({ time_stamp, signed_at, kind }: SignatureReport): readonly [Mark, string] {
  if (time_stamp !== null) {
    const when = `${formatDayAndTime(time_stamp.time)}, says ${commonName(time_stamp.authority)}`;
    return time_stamp.valid ? ['ok', when] : ['bad', `${when}; but its time stamp is not valid`];
  }
  if (signed_at === null) return ['plain', 'It does not say when'];
  const who = kind === 'signature' ? 'the signer' : 'the time-stamp server';
  return ['plain', `${formatDayAndTime(signed_at)}, says ${who}; no time stamp proves it`];
}
