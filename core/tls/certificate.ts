/** The certificate of this computer for its own network: self-signed, named by its names and addresses. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type Forge from 'node-forge';

export interface CertificateSubject {
  /** DNS names, the first is the common name. */
  readonly names: readonly string[];
  /** IP addresses. */
  readonly addresses: readonly string[];
}

export interface CertificateFacts {
  /** SHA-256 of the certificate, `AB:CD:…`. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** Whether it names all of the subject. */
  readonly covers: (subject: CertificateSubject) => boolean;
}

const DAY_MS = 24 * 60 * 60_000;

/** The longest that Apple's systems take (support.apple.com/103769). */
const LIFETIME_MS = 825 * DAY_MS;

/** Other computers' clocks may be behind. */
const BACKDATED_MS = DAY_MS;

const SERIAL_BYTES = 16;
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** A new RSA key of 2048 bits, PKCS #8 in PEM: every client there is can verify it. */
export async function makeKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A certificate in PEM, valid from `now` (milliseconds since the epoch). */
export async function makeCertificate(
  key: string,
  subject: CertificateSubject,
  now: number,
): Promise<string> {
  // Large, and needed once in years.
  const { default: forge } = await import('node-forge');
  const certificate = forge.pki.createCertificate();
  const publicKey = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'pem' }).toString();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(now - BACKDATED_MS);
  certificate.validity.notAfter = new Date(now - BACKDATED_MS + LIFETIME_MS);
  const attributes = [
    // At most 64 characters (RFC 5280, ub-common-name).
    { name: 'commonName', value: (subject.names[0] ?? subject.addresses[0] ?? 'Influxion').slice(0, 64) },
    { name: 'organizationName', value: 'Influxion' },
  ];
  certificate.setSubject(attributes);
  certificate.setIssuer(attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [
        ...subject.names.map((value) => ({ type: DNS_NAME, value })),
        ...subject.addresses.map((ip) => ({ type: IP_ADDRESS, ip })),
      ],
    },
    { name: 'subjectKeyIdentifier' },
  ]);
  signWith(certificate, key, forge);
  return forge.pki.certificateToPem(certificate);
}

/** The platform's RSA rather than forge's own, which is slow and has to hold the private key as numbers. */
function signWith(certificate: Forge.pki.Certificate, key: string, forge: typeof Forge): void {
  const platformKey = {
    sign: (): string => {
      // Set by `sign` before it asks for the signature.
      const { tbsCertificate } = certificate as unknown as { readonly tbsCertificate: Forge.asn1.Asn1 };
      const der = forge.asn1.toDer(tbsCertificate).getBytes();
      return sign('sha256', Buffer.from(der, 'latin1'), key).toString('latin1');
    },
  };
  certificate.sign(platformKey as unknown as Forge.pki.rsa.PrivateKey, forge.md.sha256.create());
}

/** Positive and random (RFC 5280 §4.1.2.2), hexadecimal. */
function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}

/** Throws for what is no certificate in PEM. */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem);
  return {
    fingerprint: certificate.fingerprint256,
    notAfter: certificate.validToDate.getTime(),
    covers: ({ names, addresses }) =>
      names.every((name) => certificate.checkHost(name) !== undefined) &&
      addresses.every((address) => isIP(address) !== 0 && certificate.checkIP(address) !== undefined),
  };
}
