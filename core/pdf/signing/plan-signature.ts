/** From what a request asks of a signature to what is put into the document. */
import type { SignatureOptions } from '../../../contract/document.ts';
import type { Standards } from '../standards/model.ts';
import type { Placement } from './appearance/placement.ts';
import type { SignatureFonts } from './appearance/signature-fonts.ts';
import { cleanText } from './appearance/text-block.ts';
import type { SignaturePlan, VisibleSignature } from './field/add-signature-field.ts';
import type { Signer } from './keys/signer.ts';
import { commonName } from './x509/names.ts';

export interface PlanSources {
  readonly options: SignatureOptions;
  readonly signer: Signer;
  readonly standards: Standards;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly fonts: SignatureFonts;
  /** Of `options.visible`, an `anchor` looked up. */
  readonly placement: Placement | undefined;
  /** The bytes of `options.visible.image`. */
  readonly image: Buffer | undefined;
}

/** Errors: SIGNING_FAILED for text that the shipped fonts do not have. */
export async function planSignature(sources: PlanSources): Promise<Omit<SignaturePlan, 'reserve'>> {
  const { options, signer, standards, now } = sources;
  const { reason, location, contact, certify } = options;
  const { certificate } = signer;
  const facts = {
    name: commonName(certificate.subjectName) ?? certificate.subject,
    signedAt: now,
    reason: reason ?? undefined,
    location: location ?? undefined,
    contact: contact ?? undefined,
    certify,
  };
  return { facts, standards, visible: await planVisible(sources, facts) };
}

async function planVisible(
  { options: { visible }, placement, image, fonts }: PlanSources,
  facts: SignaturePlan['facts'],
): Promise<VisibleSignature | undefined> {
  if (visible == null || placement === undefined) return undefined;
  const text = cleanText(visible.text ?? (image === undefined ? defaultText(facts) : ''));
  return { placement, text, fonts: text === '' ? [] : await fonts.fontsFor(text), image };
}

/** Who, why and when, as the signature dictionary says it too. */
function defaultText({ name, reason, signedAt }: SignaturePlan['facts']): string {
  const when = new Date(signedAt).toISOString();
  return [
    `Signed by ${name}`,
    ...(reason === undefined ? [] : [`Reason: ${reason}`]),
    `Date: ${when.slice(0, 10)} ${when.slice(11, 16)} UTC`,
  ].join('\n');
}
