/** What belongs to a document besides its pages: metadata, attached files, the signature. */
import { z } from 'zod';
import { Base64 } from './base64.ts';

/** A language tag as the standards want it (BCP 47): `en_US` is not one. */
const isLanguageTag = (tag: string): boolean => {
  try {
    return !tag.includes('_') && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

export const DocumentMetadata = z
  .strictObject({
    title: z.string().max(500).nullish().describe('Default: <title>'),
    author: z.string().max(500).nullish().describe('Default: <meta name="author">'),
    subject: z.string().max(1000).nullish().describe('Default: <meta name="description">'),
    keywords: z
      .array(z.string().min(1).max(100))
      .max(100)
      .nullish()
      .describe('Default: <meta name="keywords">, split at commas'),
    language: z
      .string()
      .max(100)
      .refine(isLanguageTag, 'Must be a language tag such as "de-AT" (with a hyphen)')
      .nullish()
      .describe('Default: <html lang>'),
  })
  .meta({ id: 'DocumentMetadata' });
export type DocumentMetadata = z.infer<typeof DocumentMetadata>;

/** ISO 32000-2 table 43. */
export const RELATIONSHIPS = ['Source', 'Data', 'Alternative', 'Supplement', 'Unspecified'] as const;

/** A plain name: no folders, no control characters, nothing that leads elsewhere. */
const ATTACHMENT_NAME = /^(?!\.{1,2}$)[^\\/:*?"<>|\p{Cc}]{1,255}$/u;

const attachmentFacts = {
  filename: z
    .string()
    .regex(ATTACHMENT_NAME, 'Must be a plain file name such as "data.xml", without folders'),
  mime_type: z
    .string()
    .max(200)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'Must be a media type such as "text/xml"')
    .nullish()
    .describe('Default by the ending of the name'),
  relationship: z
    .enum(RELATIONSHIPS)
    .nullish()
    .describe('To the document. Default Unspecified; with a profile, what the profile asks for'),
  description: z.string().max(1000).nullish(),
  profile: z
    .enum(['factur-x'])
    .nullish()
    .describe(
      'What the file is for the document: factur-x, the XML of an invoice (Factur-X, ZUGFeRD, XRechnung); its level is read from the XML',
    ),
};

export const Attachment = z
  .strictObject({
    ...attachmentFacts,
    content: Base64.nullish().describe('The file in base64'),
    partial: z
      .string()
      .min(1)
      .max(200)
      .nullish()
      .describe('Instead of content: a partial of the template or of `assets`, rendered with the data'),
  })
  .refine(
    ({ content, partial }) => (content == null) !== (partial == null),
    'Either content or partial says what is in it',
  )
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;

/** A file that a template attaches to each of its documents: as it is, or filled in with the data of the document. */
export const TemplateAttachment = z
  .strictObject({
    ...attachmentFacts,
    file: z.string().min(1).max(500).nullish().describe('Path in the folder of the template'),
    partial: z
      .string()
      .min(1)
      .max(200)
      .nullish()
      .describe('Name of a partial that is rendered with the data of the document, such as "factur-x.xml"'),
  })
  .refine(
    ({ file, partial }) => (file == null) !== (partial == null),
    'Either file or partial says where it comes from',
  )
  .meta({ id: 'TemplateAttachment' });
export type TemplateAttachment = z.infer<typeof TemplateAttachment>;

interface Named {
  readonly filename: string;
  readonly profile?: string | null | undefined;
}

/** Readers tell attached files apart by their names, and case differs between systems. */
function refineNames(attachments: readonly Named[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { filename }] of attachments.entries()) {
    const key = filename.normalize('NFC').toLowerCase();
    if (seen.has(key)) {
      const message = `"${filename}" is attached twice`;
      context.addIssue({ code: 'custom', path: [index, 'filename'], message });
    }
    seen.add(key);
  }
  if (attachments.filter(({ profile }) => profile === 'factur-x').length > 1) {
    context.addIssue({ code: 'custom', message: 'Only one file can be the factur-x invoice' });
  }
}

export const Attachments = z.array(Attachment).max(100).superRefine(refineNames);
export const TemplateAttachments = z.array(TemplateAttachment).max(100).superRefine(refineNames);

/** PAdES baseline levels (ETSI EN 319 142-1 §6), lowest first. */
export const SIGNATURE_LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type SignatureLevel = (typeof SIGNATURE_LEVELS)[number];

const Points = z.number().min(-14_400).max(14_400);
const SidePoints = z.number().positive().max(14_400);

const VisibleSignature = z.union([
  z.strictObject({
    page: z.int().min(1).describe('From 1'),
    x: Points.describe('Points (1/72 inch) from the left of the page'),
    y: Points.describe('Points from the top of the page'),
    width: SidePoints,
    height: SidePoints,
    text: z.string().max(2000).nullish(),
    image: z.string().max(300).nullish().describe('A PNG or JPEG among the assets'),
  }),
  z.strictObject({
    anchor: z
      .string()
      .min(1)
      .max(300)
      .describe('A CSS selector; the signature fills the box of the first element that it finds'),
    text: z.string().max(2000).nullish(),
    image: z.string().max(300).nullish().describe('A PNG or JPEG among the assets'),
  }),
]);

export const SignatureOptions = z
  .strictObject({
    level: z
      .enum([...SIGNATURE_LEVELS, 'best'])
      .nullish()
      .describe(
        'PAdES baseline level. It must be reached, unless "best" leaves it to what is reachable. Default B-B',
      ),
    reason: z.string().max(500).nullish(),
    location: z.string().max(500).nullish(),
    contact: z.string().max(500).nullish(),
    visible: VisibleSignature.nullish().describe('Shows the signature on a page. Default: none'),
    certify: z
      .enum(['no-changes', 'form-filling', 'annotations'])
      .nullish()
      .describe('Makes it a certification: what may still be changed afterwards (DocMDP 1, 2, 3)'),
  })
  .meta({ id: 'SignatureOptions' });
export type SignatureOptions = z.infer<typeof SignatureOptions>;
