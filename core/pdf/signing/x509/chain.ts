/** Who issued whom. */
import { X509Certificate } from 'node:crypto';
import { isSelfIssued, sameBytes, type Certificate } from './certificate.ts';

const LONGEST = 10;

/** Whether `issuer` signed `certificate`: by name and by its key. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  if (!sameBytes(certificate.issuerName, issuer.subjectName)) return false;
  try {
    return new X509Certificate(certificate.der).verify(new X509Certificate(issuer.der).publicKey);
  } catch {
    // A key or an algorithm that the platform does not know.
    return false;
  }
}

/** The issuers of a certificate among others in any order, the nearest first, up to the root if it is there. */
export function orderChain(leaf: Certificate, others: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  const left = new Set(others.filter(({ der }) => !sameBytes(der, leaf.der)));
  for (let current = leaf; chain.length < LONGEST && !isSelfIssued(current);) {
    const issuer = [...left].find((candidate) => isIssuedBy(current, candidate));
    if (issuer === undefined) break;
    left.delete(issuer);
    chain.push(issuer);
    current = issuer;
  }
  return chain;
}
