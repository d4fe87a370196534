/** Which files a document of a level may carry: all that can be said before it is printed. */
import { pdfaName, type Standards } from '../model.ts';
import type { AttachedFile } from '../plan.ts';
import { claimedPart } from './archive-part.ts';
import { facturXProblem } from './factur-x.ts';

/** They are in memory while the document is finished, and readers unpack them at once. */
const MOST_BYTES = 100 * 1024 * 1024;

/**
 * Why these files cannot be attached to a document of these standards, in words with the rule; undefined when they can. `partOf`:
 * the part of PDF/A that a file is of. A request is answered by what files claim; the pipeline, which has the time, proves it.
 */
export function attachmentProblem(
  standards: Standards,
  attachments: readonly AttachedFile[],
  partOf: (bytes: Uint8Array) => number | undefined = claimedPart,
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
    const problem = forbidden(standards, file, partOf) ?? profileProblem(standards, file);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function forbidden(
  { pdfa }: Standards,
  file: AttachedFile,
  partOf: (bytes: Uint8Array) => number | undefined,
): string | undefined {
  if (pdfa === undefined || pdfa.part === 3 || pdfa.conformance === 'E' || pdfa.conformance === 'F') {
    return undefined;
  }
  const level = pdfaName(pdfa);
  if (pdfa.part === 1) {
    return `"${file.filename}" cannot be attached: a ${level} document must not have attachments (rule 6.1.11-1). pdf/a-3b takes any file.`;
  }
  const part = partOf(file.bytes);
  const [rule, instead, parts] =
    pdfa.part === 2 ? ['6.8-5', 'pdf/a-3b', [1, 2]] : ['6.9-3', 'pdf/a-4f', [1, 2, 4]];
  if (part !== undefined && parts.includes(part)) return undefined;
  const allowed = parts.map((each) => `PDF/A-${each}`).join(' or ');
  return `"${file.filename}" cannot be attached: a ${level} document takes only files that are ${allowed} themselves (rule ${rule}). ${instead} takes any file.`;
}

function profileProblem({ pdfa }: Standards, file: AttachedFile): string | undefined {
  if (file.profile === undefined) return undefined;
  if (pdfa?.part === 3) return facturXProblem(file);
  const asked = pdfa === undefined ? 'none was asked for' : `${pdfaName(pdfa)} was asked for`;
  return `A ${file.profile} invoice needs a document of pdf/a-3b, pdf/a-3u or pdf/a-3a; ${asked}.`;
}
