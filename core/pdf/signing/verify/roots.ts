/** The certificates that somebody trusts, as they give them. */
import { InfluxionError } from '../../../error.ts';
import { Asn1Error } from '../asn1/asn1.ts';
import { parseCertificate, type Certificate } from '../x509/certificate.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z\d+/=\s]*)-----END CERTIFICATE-----/g;

/** `pem`: any number of certificates. Errors: VALIDATION_FAILED when there is none, or one that cannot be read. */
export function rootsFromPem(pem: string): Certificate[] {
  const blocks = [...pem.matchAll(BLOCK)].map(([, body = '']) => Buffer.from(body, 'base64'));
  try {
    if (blocks.length > 0) return blocks.map((der) => parseCertificate(der));
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
  }
  throw new InfluxionError('VALIDATION_FAILED', 'The trusted certificates cannot be read.', {
    hint: 'Give certificates in PEM, which begin with "-----BEGIN CERTIFICATE-----".',
  });
}
