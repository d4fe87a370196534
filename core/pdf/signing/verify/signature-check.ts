/** Whether a signature is mathematically right over its bytes. */
import { createHash } from 'node:crypto';
import type { ByteSource } from '../../revision/byte-source.ts';
import { isIntact, type CmsSigner, type ParsedCms } from '../cms/parse-cms.ts';
import { sameBytes } from '../x509/certificate.ts';
import { isSignedBy } from '../x509/verify-signature.ts';
import { digestOf, type SignedRange } from './signed-range.ts';

/** A signature without attributes is over the bytes themselves, which then have to be in memory. */
const MOST_PLAIN_BYTES = 256 * 1024 * 1024;

export function isRight(
  { subFilter, cms, signer }: { subFilter: string; cms: ParsedCms; signer: CmsSigner },
  range: SignedRange,
  source: ByteSource,
): boolean {
  const { hash, certificate } = signer;
  if (hash === undefined || certificate === undefined) return false;
  if (subFilter === 'adbe.pkcs7.sha1') {
    // What is signed is the SHA-1 of the bytes, inside of the CMS (ISO 32000-1 §12.8.3.3.1).
    const { content } = cms;
    if (content === undefined || !sameBytes(content, digestOf(source, range, 'sha1'))) return false;
    return signer.signedBytes === undefined
      ? isSignedDirectly(signer, content)
      : isIntact(signer, createHash(hash).update(content).digest());
  }
  if (signer.signedBytes !== undefined) return isIntact(signer, digestOf(source, range, hash));
  if (range.end > MOST_PLAIN_BYTES) return false;
  const before = Buffer.from(source.read(0, range.gapStart));
  return isSignedDirectly(
    signer,
    Buffer.concat([before, source.read(range.gapEnd, range.end - range.gapEnd)]),
  );
}

function isSignedDirectly({ certificate, hash, algorithm, signature }: CmsSigner, data: Uint8Array): boolean {
  if (certificate === undefined || hash === undefined) return false;
  return isSignedBy({ data, signature, algorithm, hash, publicKey: certificate.publicKey });
}
