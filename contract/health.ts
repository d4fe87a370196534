import { z } from 'zod';

/** `GET /health`: 200 while jobs are taken (`ready`, `starting`), 503 with the reason in `checks` otherwise. */
export const Health = z
  .object({
    status: z.enum(['ready', 'starting', 'draining', 'degraded']),
    version: z.string(),
    uptime_s: z.number(),
    checks: z.object({
      store: z.enum(['ok', 'failed']),
      engine: z.enum(['ok', 'starting', 'failed']),
      disk: z.enum(['ok', 'low']),
      broker: z
        .enum(['ok', 'blocked', 'away'])
        .optional()
        .describe('Only where jobs run on workers. Jobs are taken and kept while it is away'),
    }),
    queue: z.object({ received: z.int(), in_progress: z.int() }),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;
