/** The way from a certificate to a root that is trusted (RFC 5280 §6, without policies). */
import { isSelfIssued, sameBytes, weakHashOf, type Certificate } from '../x509/certificate.ts';
import { isIssuedBy } from '../x509/chain.ts';
import { mayBeNamed } from './name-constraints.ts';

export interface CertificateChain {
  /** From the certificate to the root, as far as it is known. */
  readonly certificates: readonly Certificate[];
  /** `unknown`: no roots were given. */
  readonly trust: 'trusted' | 'untrusted' | 'unknown';
  /** In words. */
  readonly problems: readonly string[];
}

const LONGEST = 10;
/** Signatures of certificates that are checked for one chain; hostile sets would else need any number. */
const MOST_CHECKS = 200;

export interface ChainSources {
  /** Certificates that may stand in between, in any order. */
  readonly pool: readonly Certificate[];
  /** Undefined: nobody said whom to trust. */
  readonly roots: readonly Certificate[] | undefined;
  /** When the chain has to be valid, in milliseconds since the epoch. */
  readonly at: number;
}

export function buildChain(leaf: Certificate, { pool, roots, at }: ChainSources): CertificateChain {
  const search = new Search(pool, roots ?? []);
  const certificates = search.from(leaf);
  const last = certificates.at(-1) ?? leaf;
  const isAnchored = search.isRoot(last);
  const problems = certificates.flatMap((certificate, index) => [
    ...faultsOf(certificate, { depth: index, isRoot: search.isRoot(certificate), at }),
    ...nameFaults(certificate, certificates.slice(0, index)),
  ]);
  if (roots === undefined) return { certificates, trust: 'unknown', problems };
  if (!isAnchored) {
    const why = isSelfIssued(last)
      ? `The certificate "${last.subject}" at the top of the chain is not among those that are trusted.`
      : `The issuer of "${last.subject}" is missing, so that no trusted root is reached.`;
    return { certificates, trust: 'untrusted', problems: [...problems, why] };
  }
  return { certificates, trust: problems.length === 0 ? 'trusted' : 'untrusted', problems };
}

class Search {
  readonly #pool: readonly Certificate[];
  readonly #roots: ReadonlySet<string>;
  #checks = 0;

  constructor(pool: readonly Certificate[], roots: readonly Certificate[]) {
    this.#roots = new Set(roots.map(({ fingerprint }) => fingerprint));
    // Roots first: the shortest way to trust is the one that readers take.
    this.#pool = [...new Map([...roots, ...pool].map((one) => [one.fingerprint, one])).values()];
  }

  isRoot = ({ fingerprint }: Certificate): boolean => this.#roots.has(fingerprint);

  /** The chain to a root, or else the longest that there is. */
  from(leaf: Certificate): Certificate[] {
    let best = [leaf];
    const open = [[leaf]];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const last = path.at(-1) ?? leaf;
      if (this.isRoot(last)) return path;
      if (path.length > best.length) best = path;
      if (path.length >= LONGEST || isSelfIssued(last)) continue;
      const issuers = this.#pool.filter((one) => !path.includes(one) && this.#mayIssue(one, last));
      for (const issuer of issuers.reverse()) open.push([...path, issuer]);
    }
    return best;
  }

  #mayIssue(issuer: Certificate, certificate: Certificate): boolean {
    if (!sameBytes(issuer.subjectName, certificate.issuerName)) return false;
    this.#checks += 1;
    return this.#checks <= MOST_CHECKS && isIssuedBy(certificate, issuer);
  }
}

/** `below`: the signer first. Authorities that were issued in their own name are left out (RFC 5280 §6.1.3). */
function nameFaults({ nameConstraints, subject }: Certificate, below: readonly Certificate[]): string[] {
  if (nameConstraints === undefined) return [];
  return below
    .filter((one, index) => (index === 0 || !isSelfIssued(one)) && !mayBeNamed(one, nameConstraints))
    .map((one) => `The authority "${subject}" may not issue certificates for "${one.subject}".`);
}

/** `depth`: certificates below it. */
function faultsOf(
  certificate: Certificate,
  { depth, isRoot, at }: { depth: number; isRoot: boolean; at: number },
): string[] {
  const { subject, notBefore, notAfter, isAuthority, keyUsage, pathLength } = certificate;
  const faults: string[] = [];
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  if (at > notAfter) faults.push(`The certificate "${subject}" expired on ${day(notAfter)}.`);
  if (at < notBefore) faults.push(`The certificate "${subject}" is not valid before ${day(notBefore)}.`);
  if (depth > 0 && (!isAuthority || keyUsage?.keyCertSign === false)) {
    faults.push(`The certificate "${subject}" may not issue others.`);
  }
  if (depth > 0 && pathLength !== undefined && depth - 1 > pathLength) {
    faults.push(`The certificate "${subject}" may not stand above so many authorities.`);
  }
  const weak = weakHashOf(certificate);
  if (weak !== undefined && !isRoot && !isSelfIssued(certificate)) {
    faults.push(`The certificate "${subject}" is signed with ${weak}, which is broken.`);
  }
  return faults;
}
