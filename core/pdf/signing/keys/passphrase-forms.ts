/**
 * A passphrase as bytes. PKCS #12 says how (RFC 7292, appendix B.1: UTF-16 with two zero bytes at its end), PBES2 leaves it
 * open (RFC 8018 §3: UTF-8 is recommended), and programs differ in both, above all with characters beyond ASCII.
 */
export interface PassphraseForm {
  /** For the key derivation of PKCS #12 itself. */
  readonly wide: Uint8Array;
  /** For PBKDF2. */
  readonly narrow: Uint8Array;
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

function utf16(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`, 'utf16le');
  return bytes.swap16();
}

/** Latin-1, where the text can be written in it. */
const latin1 = (text: string): Buffer | undefined =>
  /^[\0-\xff]*$/.test(text) ? Buffer.from(text, 'latin1') : undefined;

/** All forms worth trying, the right one by the standards first. */
export function passphraseForms(passphrase: string): PassphraseForm[] {
  const forms: PassphraseForm[] = [{ wide: utf16(passphrase), narrow: utf8(passphrase) }];
  // Some leave out the zero bytes when there is nothing before them.
  if (passphrase === '') forms.push({ wide: Buffer.alloc(0), narrow: Buffer.alloc(0) });
  // Keyboards of different systems compose an accent differently.
  for (const normal of [passphrase.normalize('NFC'), passphrase.normalize('NFD')]) {
    if (normal !== passphrase) forms.push({ wide: utf16(normal), narrow: utf8(normal) });
  }
  const single = latin1(passphrase);
  if (single !== undefined && !single.equals(utf8(passphrase))) {
    forms.push({ wide: utf16(passphrase), narrow: single });
  }
  // OpenSSL before 1.1, and later ones outside a UTF-8 locale, widen each byte (openssl-passphrase-encoding(7)).
  const bytes = utf8(passphrase);
  if (bytes.length !== passphrase.length)
    forms.push({ wide: utf16(bytes.toString('latin1')), narrow: bytes });
  // NSS derives keys of PBES2 from the form that PKCS #12 gives.
  forms.push({ wide: utf16(passphrase), narrow: utf16(passphrase) });
  return forms;
}

export function wipeForms(forms: readonly PassphraseForm[]): void {
  for (const { wide, narrow } of forms) {
    wide.fill(0);
    narrow.fill(0);
  }
}
