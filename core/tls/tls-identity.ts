/** The one identity of this computer towards its network, kept as a secret and renewed when it must be. */
import { z } from 'zod';
import type { Clock, Logger, SecretStore } from '../ports.ts';
import { makeCertificate, makeKey, readCertificate, type CertificateSubject } from './certificate.ts';

export interface TlsIdentity {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
  /** SHA-256 of the certificate, `AB:CD:…`. */
  readonly fingerprint: string;
}

export interface TlsIdentities {
  /**
   * An identity that names all of `subject`: the kept one while it does and is not about to expire, else a new
   * certificate for the same key. Errors: those of the SecretStore.
   */
  identityFor(subject: CertificateSubject): Promise<TlsIdentity>;
}

export interface TlsIdentitiesDeps {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with each certificate once before it is used, in PEM, which is public. */
  readonly publish?: (certificate: string) => Promise<void>;
}

const SECRET = 'lan-tls';
const Kept = z.object({ key: z.string(), cert: z.string() });
type Kept = z.infer<typeof Kept>;

/** Before the end of a certificate. */
const RENEW_MS = 30 * 24 * 60 * 60_000;

export function createTlsIdentities({ secrets, clock, logger, publish }: TlsIdentitiesDeps): TlsIdentities {
  const load = async (): Promise<Kept | undefined> => {
    const bytes = await secrets.get(SECRET);
    if (bytes === undefined) return undefined;
    try {
      const kept = Kept.parse(JSON.parse(Buffer.from(bytes).toString()));
      readCertificate(kept.cert);
      return kept;
    } catch (error) {
      logger.warn({ err: error }, 'The kept certificate cannot be used, so a new one is made');
      return undefined;
    }
  };

  const isGood = (kept: Kept, subject: CertificateSubject): boolean => {
    const { covers, notAfter } = readCertificate(kept.cert);
    return covers(subject) && notAfter - clock.now() > RENEW_MS;
  };

  let kept: Kept | undefined;
  let published: string | undefined;

  return {
    async identityFor(subject) {
      kept ??= await load();
      if (kept === undefined || !isGood(kept, subject)) {
        const key = kept?.key ?? (await makeKey());
        const fresh = { key, cert: await makeCertificate(key, subject, clock.now()) };
        await secrets.set(SECRET, Buffer.from(JSON.stringify(fresh)));
        kept = fresh;
      }
      if (kept.cert !== published) {
        await publish?.(kept.cert);
        published = kept.cert;
      }
      return { ...kept, fingerprint: readCertificate(kept.cert).fingerprint };
    },
  };
}
