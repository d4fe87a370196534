/** Which files a document of a level may carry: all that can be said before it is printed. */
import { claimedStandards, readXmp } from '../xmp-reader.ts';
import { memorySource } from '../../revision/byte-source.ts';
import { PdfDocument } from '../../revision/document.ts';
import { pdfaName, type Standards } from '../model.ts';
import type { AttachedFile } from '../plan.ts';
import { facturXProblem } from './factur-x.ts';
import { InfluxionError } from '../../../error.ts';
import { XmlError } from '../../../xml/xml-tree.ts';

/** They are in memory while the document is finished, and readers unpack them at once. */
const MOST_BYTES = 100 * 1024 * 1024;

/**
 * Why these files cannot be attached to a document of these standards, in words with the rule; undefined when they can. For the
 * answer to a request as well as for the pipeline.
 */
export function attachmentProblem(
  standards: Standards,
  attachments: readonly AttachedFile[],
): string | undefined {
  const total = attachments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > MOST_BYTES) {
    return `The attachments have ${Math.ceil(total / 1024 / 1024)} MB together; at most 100 MB can be attached.`;
  }
  const { pdfa } = standards;
  if (pdfa?.conformance === 'F' && attachments.length === 0) {
    return 'A pdf/a-4f document must have at least one attachment (rule 6.9-5). Without one, pdf/a-4 is the level to ask for.';
  }
  for (const file of attachments) {
    const problem = forbidden(standards, file) ?? profileProblem(standards, file);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function forbidden({ pdfa }: Standards, file: AttachedFile): string | undefined {
  if (pdfa === undefined || pdfa.part === 3 || pdfa.conformance === 'E' || pdfa.conformance === 'F') {
    return undefined;
  }
  const level = pdfaName(pdfa);
  if (pdfa.part === 1) {
    return `"${file.filename}" cannot be attached: a ${level} document must not have attachments (rule 6.1.11-1). pdf/a-3b takes any file.`;
  }
  const part = archivePart(file.bytes);
  const [rule, instead, parts] =
    pdfa.part === 2 ? ['6.8-5', 'pdf/a-3b', [1, 2]] : ['6.9-3', 'pdf/a-4f', [1, 2, 4]];
  if (part !== undefined && parts.includes(part)) return undefined;
  const allowed = parts.map((each) => `PDF/A-${each}`).join(' or ');
  return `"${file.filename}" cannot be attached: a ${level} document takes only files that are ${allowed} themselves (rule ${rule}). ${instead} takes any file.`;
}

/** The part of PDF/A that a file claims. */
function archivePart(bytes: Uint8Array): number | undefined {
  try {
    const document = PdfDocument.open(memorySource(bytes));
    const metadata = document.streamAt(document.root, 'Metadata');
    return metadata && claimedStandards(readXmp(document.decodedBytes(metadata, MOST_XMP_BYTES))).pdfa?.part;
  } catch (error) {
    if (InfluxionError.is(error) || error instanceof XmlError) return undefined;
    throw error;
  }
}

const MOST_XMP_BYTES = 4 * 1024 * 1024;

function profileProblem({ pdfa }: Standards, file: AttachedFile): string | undefined {
  if (file.profile === undefined) return undefined;
  if (pdfa?.part === 3) return facturXProblem(file);
  const asked = pdfa === undefined ? 'none was asked for' : `${pdfaName(pdfa)} was asked for`;
  return `A ${file.profile} invoice needs a document of pdf/a-3b, pdf/a-3u or pdf/a-3a; ${asked}.`;
}
