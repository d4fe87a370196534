/** A call that is still to be made, as Celery's canvas writes it into messages (celery/canvas.py, `Signature`). */
import { z } from 'zod';

export const Signature = z.looseObject({
  task: z.string().min(1).max(500),
  args: z.array(z.unknown()).nullish(),
  kwargs: z.record(z.string(), z.unknown()).nullish(),
  options: z.record(z.string(), z.unknown()).nullish(),
  /** Without the result of the task before it. */
  immutable: z.boolean().nullish(),
});
export type Signature = z.infer<typeof Signature>;
