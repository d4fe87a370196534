/** Key files in PEM (RFC 7468) and the older form of OpenSSL with headers. */
import { createPrivateKey } from 'node:crypto';
import { InfluxionError } from '../../../error.ts';
import { readAsn1, TAG } from '../asn1/asn1.ts';
import { passphraseForms, wipeForms } from './passphrase-forms.ts';
import { decryptPkcs8, passphraseWrong, type KeyFileContent } from './pkcs12.ts';

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;
const MOST_BLOCKS = 100;

interface Block {
  readonly label: string;
  /** Between the two lines of dashes. */
  readonly body: string;
  readonly whole: string;
}

function readBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  for (const begin of text.matchAll(BEGIN)) {
    const [line, label = ''] = begin;
    const end = `-----END ${label}-----`;
    const start = begin.index + line.length;
    const stop = text.indexOf(end, start);
    if (stop < 0 || blocks.length === MOST_BLOCKS) break;
    const body = text.slice(start, stop);
    blocks.push({ label, body, whole: `${line}${body}${end}\n` });
  }
  return blocks;
}

export const looksLikePem = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes).includes('-----BEGIN ', 0, 'latin1');

/** Errors: KEY_PASSWORD_WRONG; KEY_INVALID for a private key that cannot be read; Asn1Error. */
export async function readPem(bytes: Uint8Array, passphrase: string): Promise<KeyFileContent> {
  const keys: Buffer[] = [];
  const certificates: Uint8Array[] = [];
  try {
    for (const block of readBlocks(Buffer.from(bytes).toString('latin1'))) {
      switch (block.label) {
        case 'CERTIFICATE':
        case 'X509 CERTIFICATE':
          certificates.push(Buffer.from(block.body, 'base64'));
          break;
        case 'ENCRYPTED PRIVATE KEY':
          keys.push(await openPkcs8(Buffer.from(block.body, 'base64'), passphrase));
          break;
        case 'PRIVATE KEY':
        case 'RSA PRIVATE KEY':
        case 'EC PRIVATE KEY':
          keys.push(toPkcs8(block, passphrase));
          break;
      }
    }
    return { keys, certificates };
  } catch (error) {
    for (const key of keys) key.fill(0);
    throw error;
  }
}

async function openPkcs8(encrypted: Uint8Array, passphrase: string): Promise<Buffer> {
  const forms = passphraseForms(passphrase);
  try {
    const key = await decryptPkcs8(readAsn1(encrypted).expect(TAG.sequence), forms);
    if (key === undefined) throw passphraseWrong(passphrase);
    return key;
  } finally {
    wipeForms(forms);
  }
}

/** A key in clear, or in the form of PKCS #1 or SEC 1 with `Proc-Type` and `DEK-Info`, which the platform decrypts. */
function toPkcs8({ whole, body }: Block, passphrase: string): Buffer {
  const isEncrypted = body.includes('ENCRYPTED');
  try {
    const key = createPrivateKey({ key: whole, format: 'pem', ...(isEncrypted && { passphrase }) });
    return key.export({ type: 'pkcs8', format: 'der' });
  } catch {
    // The cause would be kept with the error, and what platforms say of a key is their affair.
    if (isEncrypted) throw passphraseWrong(passphrase);
    throw new InfluxionError('KEY_INVALID', 'The private key in the file is damaged or of an unknown kind.', {
      hint: 'Documents are signed with RSA keys of 2048 to 4096 bits and with EC keys of P-256 or P-384.',
    });
  }
}

/** The certificates of a PEM text in DER, in its order. */
export function certificatesOfPem(bytes: Uint8Array): Uint8Array[] {
  return readBlocks(Buffer.from(bytes).toString('latin1')).flatMap(({ label, body }) =>
    label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' ? [Buffer.from(body, 'base64')] : [],
  );
}

/** Certificates as PEM, one block each. */
export function writePem(certificates: readonly Uint8Array[]): string {
  return certificates
    .map((der) => {
      const lines =
        Buffer.from(der)
          .toString('base64')
          .match(/.{1,64}/g) ?? [];
      return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
    })
    .join('');
}
