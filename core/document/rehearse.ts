import type { RunPipeline } from '../jobs/pipeline.ts';
import type { PdfEngine } from '../pdf/engine.ts';

const REHEARSAL_MS = 30_000;

/** The first document costs a browser and a renderer several times what the second does. Errors: those of the pipeline. */
export async function rehearse(run: RunPipeline, engine: PdfEngine): Promise<void> {
  await engine.start();
  await run(
    { html_template: { content: '<p>Ready</p>' }, options: { timeout_ms: REHEARSAL_MS } },
    { signal: AbortSignal.timeout(REHEARSAL_MS), onStage: () => undefined },
  );
}
