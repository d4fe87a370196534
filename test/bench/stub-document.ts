import type { RunPipeline } from '../../core/jobs/pipeline.ts';
import { pdfOf } from '../support/job-world.ts';

/** As large as a one-page invoice. */
const PDF = Buffer.concat([
  Buffer.from('%PDF-1.4\n'),
  Buffer.alloc(24_000, '%'),
  Buffer.from('\n'),
  pdfOf('bench'),
]);

/** A document that costs nothing to make. */
export const stubDocument: RunPipeline = (_request, { onStage }) => {
  onStage('render');
  onStage('print');
  return Promise.resolve({ pdf: PDF, warnings: [], timings: { render: 1, print: 1 } });
};
