/** A certificate file as PEM text: DER, as Windows exports it, is wrapped (RFC 7468 §5.1). */
export function asPem(bytes: Uint8Array): string {
  /** An ASN.1 SEQUENCE, which no text begins with. */
  const SEQUENCE = 0x30;
  if (bytes[0] !== SEQUENCE) return new TextDecoder().decode(bytes);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const lines = btoa(binary).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
