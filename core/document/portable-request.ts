/** A request that needs nothing of this host: its template, style sheet, defaults and assets are in it. */
import type { Attachment, TemplateAttachment } from '../../contract/document.ts';
import { ASSET_NAME, type GenerateRequest } from '../../contract/job.ts';
import type { TemplateFinder } from '../templates/template.ts';
import { attachedFileMissing } from './finish-order.ts';
import { prepareDocument, type PreparedDocument } from './prepare-document.ts';

export interface PortableRequest {
  readonly request: GenerateRequest;
  /** The same with everything at hand, for what is done here afterwards. */
  readonly prepared: PreparedDocument;
}

/** Partials of a template travel among the assets, as those of a request do. */
const partialPath = (name: string): string => `partials/${name}.hbs`;
const PARTIAL = /^partials\/.+\.(?:hbs|handlebars|html)$/;

/** Errors: those of prepareDocument. */
export async function portableRequest(
  library: TemplateFinder,
  request: GenerateRequest,
): Promise<PortableRequest> {
  const prepared = await prepareDocument(library, request);
  const { template, css, options, partials, settings } = prepared;
  const { standards, documentId, metadata, attachments, signKeyId, signature } = settings;
  return {
    prepared,
    request: {
      data: request.data ?? {},
      html_template: { content: template.html },
      css_template: css === undefined ? null : { content: css },
      options,
      document_id: documentId ?? null,
      pdf_standard:
        standards.length === 0 ? null : standards.length === 1 ? (standards[0] ?? null) : [...standards],
      metadata,
      attachments: await Promise.all(attachments.map((file) => portableAttachment(file, prepared))),
      sign_key_id: signKeyId ?? null,
      signature: signKeyId === undefined ? null : signature,
      assets: {
        ...base64Of(partials),
        ...(await templateAssets(template)),
        ...ownAssets(request.assets),
      },
    },
  };
}

function base64Of(partials: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(partials).map(([name, text]) => [partialPath(name), Buffer.from(text).toString('base64')]),
  );
}

async function templateAssets(template: PreparedDocument['template']): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of await template.assetPaths()) {
    // What a relative URL cannot name, no page asks for.
    if (!ASSET_NAME.test(path)) continue;
    const asset = await template.assets(path);
    if (asset !== undefined) found[path] = Buffer.from(asset.bytes).toString('base64');
  }
  return found;
}

/** Its partials are among those of the prepared document. */
function ownAssets(assets: GenerateRequest['assets']): Record<string, string> {
  return Object.fromEntries(Object.entries(assets ?? {}).filter(([path]) => !PARTIAL.test(path)));
}

async function portableAttachment(
  file: Attachment | TemplateAttachment,
  { assets }: PreparedDocument,
): Promise<Attachment> {
  if (!('file' in file) || file.file == null) return withoutFile(file);
  const asset = await assets(file.file);
  if (asset === undefined) throw attachedFileMissing(file);
  return { ...withoutFile(file), content: Buffer.from(asset.bytes).toString('base64') };
}

function withoutFile(attachment: Attachment | TemplateAttachment): Attachment {
  const { filename, mime_type, relationship, description, profile, partial } = attachment;
  const content = 'content' in attachment ? attachment.content : undefined;
  return {
    filename,
    ...(mime_type != null && { mime_type }),
    ...(relationship != null && { relationship }),
    ...(description != null && { description }),
    ...(profile != null && { profile }),
    ...(partial != null && { partial }),
    ...(content != null && { content }),
  };
}
