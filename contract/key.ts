/** The keys that sign documents, as far as anybody is told of them: never the private key. */
import { z } from 'zod';
import { Base64 } from './base64.ts';

export const KeyId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/,
    'A key is named with letters, digits, ".", "_" and "-", beginning with a letter or digit, at most 200 characters',
  );

export const RSA_SIZES = [2048, 3072, 4096] as const;
export const CURVES = ['P-256', 'P-384'] as const;

export const KeyFacts = z
  .object({
    id: z.string(),
    type: z.enum(['rsa', 'ec']),
    size: z.int().describe('Bits'),
    curve: z.enum(CURVES).nullable(),
    subject: z.string().describe('Whom the certificate names, as RFC 4514 writes it'),
    issuer: z.string(),
    serial: z.string().describe('Hexadecimal'),
    fingerprint: z.string().describe('SHA-256 of the certificate, `AB:CD:…`'),
    not_before: z.iso.datetime(),
    not_after: z.iso.datetime(),
    self_signed: z.boolean(),
    chain: z
      .array(z.string())
      .describe('The subjects of the issuers that are kept with it, the nearest first'),
    created_at: z.iso.datetime(),
    protection: z.string().describe('How the private key is protected on this computer'),
    warnings: z.array(z.string()).describe('What stands in the way of signatures that others accept'),
  })
  .meta({ id: 'KeyFacts' });
export type KeyFacts = z.infer<typeof KeyFacts>;

export const KeyList = z.object({ keys: z.array(KeyFacts) }).meta({ id: 'KeyList' });

const Line = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'Only characters that can be seen');

/** A new key with a certificate that it issues for itself. */
export const CreateKeyRequest = z
  .strictObject({
    id: KeyId,
    type: z.enum(['rsa', 'ec']).default('rsa'),
    size: z.literal(RSA_SIZES).optional().describe('Bits of an RSA key; default 3072'),
    curve: z.enum(CURVES).optional().describe('Of an EC key; default P-256'),
    common_name: Line.optional().describe('Whom the certificate names; default: the id'),
    organization: Line.optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'Two capital letters, such as DE')
      .optional(),
    email: z.email().max(200).optional(),
    valid_years: z.int().min(1).max(10).default(3),
  })
  .refine(({ type, curve }) => type === 'ec' || curve === undefined, {
    path: ['curve'],
    message: 'Only a key of the type ec has a curve',
  })
  .refine(({ type, size }) => type === 'rsa' || size === undefined, {
    path: ['size'],
    message: 'Only a key of the type rsa has a size; that of an EC key comes with its curve',
  })
  .meta({ id: 'CreateKeyRequest' });
export type CreateKeyRequest = z.output<typeof CreateKeyRequest>;

/** A megabyte holds thousands of certificates. */
export const KEY_FILE_MAX_BYTES = 1024 * 1024;
const BASE64_MAX = Math.ceil(KEY_FILE_MAX_BYTES / 3) * 4;

export const Passphrase = z.string().max(1024);

export const ImportKeyRequest = z
  .strictObject({
    content: Base64.max(BASE64_MAX).describe(
      'PKCS #12, or PEM with the private key and its certificates in any order; in base64',
    ),
    passphrase: Passphrase.optional().describe('That of the file; it is not kept'),
  })
  .meta({ id: 'ImportKeyRequest' });

/** What the owner's own commands ask of a key that lies with a running host. */
export const SignatureValueRequest = z.strictObject({
  data: Base64.max(100_000),
  hash: z.enum(['sha256', 'sha384', 'sha512']),
});
export const SignatureValue = z.object({ value: Base64 });
