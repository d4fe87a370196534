/**
 * Many PDFs in one: a bookmark for each, links and tags kept, fonts and images that are the same only once, metadata made anew. The
 * files are read one after the other and the result is written as it comes, so memory does not grow with their number.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { PdfDocument } from '../revision/document.ts';
import { fileOutput } from '../signing/fill/file-output.ts';
import type { SignedOutput } from '../signing/fill/signed-output.ts';
import { checkConformance } from '../standards/check/check-conformance.ts';
import { Findings, standardNotMet } from '../standards/findings.ts';
import { modelOf, type MetadataModel } from '../standards/metadata-model.ts';
import { standardsFrom } from '../standards/model.ts';
import { requireFacts } from '../standards/required-facts.ts';
import { versionFor } from '../standards/version.ts';
import type { MergedPdf, MergeInput, MergeTask } from './merge-task.ts';
import { MergedFile } from './merged-file.ts';
import { inFile, surveyInputs, textAt, type Survey } from './survey.ts';

/**
 * `onProgress`: told how many of the files are done. Errors: those of surveyInputs, STANDARD_NOT_MET for a result that does not meet
 * its standards, VALIDATION_FAILED for a stamp that cannot be set, and those of the disk; the target is then to be removed.
 */
export async function mergePdfs(
  task: MergeTask,
  onProgress: (done: number, of: number) => void,
): Promise<MergedPdf> {
  const survey = await surveyInputs(task.inputs);
  const standards = task.standards ?? survey.standards;
  const taken = standardsFrom(standards);
  const language = task.metadata.language ?? survey.language;
  const model = modelOf(
    {
      metadata: { ...task.metadata, language },
      standards: taken,
      now: new Date(task.now),
      seed: task.seed,
    },
    survey.producer,
  );
  const findings = new Findings();
  requireFacts(model, findings);
  findings.verify();
  const fd = openSync(task.target, 'wx+', 0o600);
  try {
    const output = fileOutput(fd);
    await writeMerged(output, { task, survey, model }, onProgress);
    const source = output.source();
    if (standards.length > 0) {
      const { reader } = PdfDocument.open(source);
      const violations = checkConformance(reader, standards).flatMap((one) => one.violations);
      if (violations.length > 0) throw standardNotMet(violations);
    }
    fsyncSync(fd);
    return { pages: survey.pages, size: source.size, standards, warnings: survey.warnings };
  } finally {
    closeSync(fd);
  }
}

interface Plan {
  readonly task: MergeTask;
  readonly survey: Survey;
  readonly model: MetadataModel;
}

async function writeMerged(
  output: SignedOutput,
  { task, survey, model }: Plan,
  onProgress: (done: number, of: number) => void,
): Promise<void> {
  const { inputs, stamp, fontsFolder } = task;
  const file = new MergedFile({
    version: versionFor(model.standards) ?? '1.4',
    model,
    files: inputs.length,
    isTagged: survey.isTagged,
    hasIntent: survey.hasIntent,
    stamp: stamp && { stamp, pages: survey.pages, fontsFolder },
  });
  for (const [index, input] of inputs.entries()) {
    inFile(input, (document) => output.append(file.add(document, titleOf(document, input))));
    onProgress(index + 1, inputs.length);
    // What was read for a file is let go only between turns of the event loop.
    await setImmediate();
  }
  output.append(file.finish());
}

function titleOf(document: PdfDocument, { title, path: file }: MergeInput): string {
  const info = document.dictAt(document.trailer, 'Info');
  return title ?? textAt(document, info, 'Title') ?? path.basename(file, '.pdf');
}
