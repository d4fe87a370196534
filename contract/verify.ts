/** `POST /pdf/verify` and `influxion verify`: what a PDF claims, what it meets, who signed it. */
import { z } from 'zod';
import { standardOf } from './standard.ts';

/** One rule that a file breaks, with the places where it does. */
export const Violation = z
  .object({
    standard: z.string().describe('Such as pdf/a-2b'),
    rule: z.string().describe('Clause and test, such as 6.2.11.8-1'),
    message: z.string().describe('What is wrong, in words'),
    page: z.int().nullable().describe('From 1; null when it concerns no single page'),
    y: z
      .number()
      .nullable()
      .optional()
      .describe('Points from the top of the page, where the file tells the place'),
    object: z.int().nullable().describe('Number of the object at fault'),
    count: z.int().describe('How often it is broken'),
  })
  .meta({ id: 'Violation' });
export type Violation = z.infer<typeof Violation>;

export const Conformance = z
  .object({
    standard: z.string(),
    conformant: z.boolean(),
    violations: z.array(Violation),
    not_checked: z.array(z.string()).describe('Rules that this checker does not cover, in words'),
  })
  .meta({ id: 'Conformance' });
export type Conformance = z.infer<typeof Conformance>;

const Certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  fingerprint: z.string().describe('SHA-256, AB:CD:…'),
  not_before: z.iso.datetime(),
  not_after: z.iso.datetime(),
});

/** `unknown`: nothing was given that could tell. */
export const TRUST = ['trusted', 'untrusted', 'unknown'] as const;

export const SignatureReport = z
  .object({
    field: z.string(),
    kind: z.enum(['signature', 'document-timestamp']),
    sub_filter: z.string(),
    signer: Certificate.nullable(),
    chain: z.array(z.string()).describe('Subjects from the signer to the root'),
    level: z.string().nullable().describe('PAdES baseline level that it reaches; null for none'),
    intact: z
      .boolean()
      .describe('The signed bytes are as they were and the signature is mathematically right'),
    covers_whole_file: z.boolean(),
    changes_after: z
      .enum(['none', 'allowed', 'forbidden'])
      .describe('Of what was added behind the signed bytes'),
    changes: z.array(z.string()).describe('What was added, in words'),
    trust: z.enum(TRUST),
    revocation: z.enum(['good', 'revoked', 'unknown']),
    signed_at: z.iso.datetime().nullable().describe('What the signer says'),
    time_stamp: z.object({ time: z.iso.datetime(), authority: z.string(), valid: z.boolean() }).nullable(),
    certify: z.enum(['no-changes', 'form-filling', 'annotations']).nullable(),
    reason: z.string().nullable(),
    location: z.string().nullable(),
    contact: z.string().nullable(),
    problems: z.array(z.string()).describe('In words'),
  })
  .meta({ id: 'SignatureReport' });
export type SignatureReport = z.infer<typeof SignatureReport>;

export const VerifyReport = z
  .object({
    ok: z.boolean().describe('Everything that the file claims is true, and every signature is good'),
    size: z.int(),
    sha256: z.string(),
    pages: z.int().nullable(),
    version: z.string(),
    claims: z.array(z.string()).describe('Standards that the metadata claims'),
    conformance: z.array(Conformance),
    signatures: z.array(SignatureReport),
    summary: z.array(z.string()).describe('The result in sentences'),
  })
  .meta({ id: 'VerifyReport' });
export type VerifyReport = z.infer<typeof VerifyReport>;

/** `POST /pdf/verify?standard=pdf/a-2b`: to check besides those that the file claims; may be repeated. */
export const VerifyQuery = z.strictObject({
  standard: z
    .union([z.string(), z.array(z.string())])
    .transform((names) => [names].flat())
    .pipe(
      z.array(
        z.string().transform((name, context) => {
          const standard = standardOf(name);
          if (standard !== undefined) return standard;
          context.addIssue({ code: 'custom', message: 'Must be a standard such as "pdf/a-2b"' });
          return z.NEVER;
        }),
      ),
    )
    .optional(),
});
