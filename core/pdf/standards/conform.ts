/** Makes a printed document what its standards ask for. Each step is a file of its own; their order is the one here. */
import type { PdfDocument } from '../revision/document.ts';
import { addCidSets } from './fonts/cid-set.ts';
import { mapClusterParts } from './fonts/cluster-parts.ts';
import { TextCheck } from './fonts/check-text.ts';
import { explainPrivateText } from './fonts/explain-private.ts';
import { Findings } from './findings.ts';
import { applyLimits } from './limits.ts';
import { metadataModel } from './metadata-model.ts';
import { writeMetadata } from './metadata.ts';
import { readingContent } from '../content/page-content.ts';
import { InfluxionError } from '../../error.ts';
import { attachFiles } from './attachments/attach.ts';
import { provenPart } from './attachments/proven-part.ts';
import { attachmentProblem } from './attachments/attachment-rules.ts';
import { lowerImageProfiles } from './colour/image-profiles.ts';
import { addOutputIntent } from './colour/output-intent.ts';
import { needsTags, pdfaName } from './model.ts';
import type { ConformPlan, ConformResult } from './plan.ts';
import { bringPagesNear } from './number-limits.ts';
import { repairStructure } from './structure/repair.ts';
import { requireFacts } from './required-facts.ts';
import { reportFlattened } from './transparency/flattened-pages.ts';
import { rasterise } from './transparency/rasterise.ts';
import { refuseTransparency } from './transparency/refuse-transparency.ts';
import { setVersion } from './version.ts';

/**
 * Changes the document; it is then to be written by the writer that the result names. Without a standard in the plan it gets
 * its metadata and attachments.
 * Errors: STANDARD_NOT_MET (what is already known not to be reachable, with rule and page), ATTACHMENT_INVALID, PDF_DAMAGED.
 */
export async function conform(document: PdfDocument, plan: ConformPlan): Promise<ConformResult> {
  const { standards } = plan;
  const problem = attachmentProblem(standards, plan.attachments, provenPart);
  if (problem !== undefined) throw new InfluxionError('ATTACHMENT_INVALID', problem);
  const findings = new Findings();
  // A revision leaves the dates of the print in the file.
  let writer: ConformResult['writer'] = plan.seed === undefined ? 'append' : 'compact';
  readingContent(() => {
    mapClusterParts(document, standards);
  });
  const text = new TextCheck(document, standards, findings);
  if (needsTags(standards)) {
    repairStructure(document, { standards, findings, text });
    readingContent(() => {
      explainPrivateText(document, standards, findings);
    });
    writer = 'compact';
  } else {
    readingContent(() => {
      text.all();
    });
    if (standards.pdfa?.part === 1 && bringPagesNear(document)) writer = 'compact';
  }
  if (standards.pdfa?.part === 1) {
    const standard = pdfaName(standards.pdfa);
    if (plan.transparency === 'flatten') reportFlattened(document, findings);
    if (plan.transparency === 'raster' && (await rasterise(document, findings))) writer = 'compact';
    refuseTransparency(document, { standard, policy: plan.transparency }, findings);
    addCidSets(document);
    lowerImageProfiles(document, standard, findings);
  }
  if (standards.pdfa !== undefined) {
    applyLimits(document, standards.pdfa, findings);
    addOutputIntent(document);
  }
  setVersion(document, standards, writer);
  const model = metadataModel(document, plan);
  requireFacts(model, findings);
  const extras = attachFiles(document, plan.attachments, model.date);
  writeMetadata(document, model, extras);
  findings.verify();
  return { warnings: findings.warnings, writer };
}
