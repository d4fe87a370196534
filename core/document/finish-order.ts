/** What a printed document shall become, put together from its settings, its HTML and its attachments. */
import { createHash } from 'node:crypto';
import type { Attachment, TemplateAttachment } from '../../contract/document.ts';
import { InfluxionError } from '../error.ts';
import type { FinishOrder, SignatureOrder } from '../pdf/finish/finisher.ts';
import { htmlFacts } from '../pdf/finish/html-facts.ts';
import { standardsFrom } from '../pdf/standards/model.ts';
import type { AttachedFile, ConformPlan } from '../pdf/standards/plan.ts';
import type { RenderedDocument } from '../templates/renderer.ts';
import type { PreparedDocument } from './prepare-document.ts';

/** Undefined when the print is the document as it is. Errors: ATTACHMENT_INVALID, VALIDATION_FAILED. `now`: milliseconds since the epoch. */
export async function finishOrder(
  prepared: PreparedDocument,
  rendered: RenderedDocument,
  now: number,
): Promise<FinishOrder | undefined> {
  if (!asksForMore(prepared)) return undefined;
  const { settings, options } = prepared;
  const facts = htmlFacts(rendered.html);
  const { metadata, documentId, standards } = settings;
  const attachments = await Promise.all(
    settings.attachments.map((file) => attachedFile(file, prepared, rendered)),
  );
  const plan: Omit<ConformPlan, 'seed'> = {
    standards: standardsFrom(standards),
    metadata: {
      title: metadata.title ?? undefined,
      author: metadata.author ?? facts.author,
      subject: metadata.subject ?? facts.description,
      keywords: metadata.keywords ?? facts.keywords,
      language: metadata.language ?? facts.language,
      documentId,
    },
    attachments,
    transparency: options.transparency ?? 'error',
    now: new Date(now),
  };
  return {
    standards,
    hasTitle: facts.hasTitle,
    signature: await signatureOrder(prepared),
    plan: { ...plan, seed: options.reproducible === true ? seedOf(plan, rendered) : undefined },
  };
}

function asksForMore({ settings, options }: PreparedDocument): boolean {
  const { standards, documentId, metadata, attachments, signKeyId } = settings;
  return (
    standards.length > 0 ||
    documentId !== undefined ||
    Object.keys(metadata).length > 0 ||
    attachments.length > 0 ||
    signKeyId !== undefined ||
    options.reproducible === true
  );
}

/** Undefined when it is not to be signed. Errors: VALIDATION_FAILED. */
export async function signatureOrder({
  settings,
  assets,
}: Pick<PreparedDocument, 'settings' | 'assets'>): Promise<SignatureOrder | undefined> {
  const { signKeyId, signature } = settings;
  if (signKeyId === undefined) return undefined;
  const name = signature.visible?.image ?? undefined;
  const image = name === undefined ? undefined : await assets(name);
  if (name !== undefined && image === undefined) {
    throw new InfluxionError(
      'VALIDATION_FAILED',
      `signature.visible.image: there is no file "${name}" among the assets.`,
      { hint: 'Send it in "assets", or put it into the folder of the template.' },
    );
  }
  return { keyId: signKeyId, options: signature, image: image?.bytes };
}

/** A file that a request brings. */
export const givenFile = (file: Attachment): AttachedFile =>
  withFacts(file, Buffer.from(file.content ?? '', 'base64'));

/** What a template attaches, and what is rendered, is not there before the document is. */
export const isGiven = (file: Attachment | TemplateAttachment): file is Attachment =>
  'content' in file && file.content != null;

async function attachedFile(
  file: Attachment | TemplateAttachment,
  { assets }: PreparedDocument,
  { attached }: RenderedDocument,
): Promise<AttachedFile> {
  if (isGiven(file)) return givenFile(file);
  if (file.partial != null) return withFacts(file, Buffer.from(attached[file.partial] ?? ''));
  const path = 'file' in file ? file.file : undefined;
  const asset = path == null ? undefined : await assets(path);
  if (asset !== undefined) return withFacts(file, asset.bytes);
  throw attachedFileMissing(file);
}

export function attachedFileMissing(attachment: Attachment | TemplateAttachment): InfluxionError {
  const path = 'file' in attachment ? (attachment.file ?? '') : '';
  return new InfluxionError(
    'ATTACHMENT_INVALID',
    `The template attaches "${path}" as "${attachment.filename}", but there is no such file in its folder.`,
    { template: 'influxion.json' },
  );
}

function withFacts(
  { filename, mime_type, relationship, description, profile }: Attachment | TemplateAttachment,
  bytes: Uint8Array,
): AttachedFile {
  return {
    filename,
    mimeType: mime_type ?? undefined,
    relationship: relationship ?? undefined,
    description: description ?? undefined,
    profile: profile ?? undefined,
    bytes,
  };
}

/** Everything that makes the file what it is, but the time. */
function seedOf(plan: Omit<ConformPlan, 'seed'>, { html, header, footer }: RenderedDocument): string {
  const { standards, metadata, transparency, attachments } = plan;
  const hash = createHash('sha256');
  for (const part of [
    html,
    header ?? '',
    footer ?? '',
    JSON.stringify({ standards, metadata, transparency }),
  ])
    hash.update(part).update('\0');
  for (const { bytes, ...facts } of attachments) hash.update(JSON.stringify(facts)).update(bytes);
  return hash.digest('hex');
}
