/**
 * A process that owns a data folder and ends jobs whose webhooks nobody takes, until it is killed. Arguments: data folder. Says
 * `ready` once it submits.
 */
import { acquireOwnership } from '../../core/store/owner-lock.ts';
import { openWebhookWorld, SECRET } from './webhook-world.ts';

const [folder = ''] = process.argv.slice(2);
await acquireOwnership({ data: folder });
const world = await openWebhookWorld({
  folder,
  allowed: ['127.0.0.1:1'],
  policy: { baseMs: 20, capMs: 50, maxAttempts: 1_000_000 },
  jobs: { retry: { poisonAttempts: 1_000 } },
});
process.stdout.write('ready\n');
for (let n = 0; ; n += 1) {
  await world.jobs.submit(`job ${n}`, { webhook_url: 'http://127.0.0.1:1/', webhook_secret: SECRET });
  if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
