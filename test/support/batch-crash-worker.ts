/**
 * A process that owns a data folder and works on one batch of it until it is killed, or until the batch has ended.
 * Arguments: data folder, folder of the documents, rows. Says `ready`, and `ended <state>` in the end.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireOwnership } from '../../core/store/owner-lock.ts';
import { openBatchWorld, OWNER } from './batch-world.ts';
import { standInGangs } from './stand-in-gangs.ts';

const [folder = '', out = '', count = '0'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

mkdirSync(join(folder, 'output'), { recursive: true });
const ownership = await acquireOwnership({ data: folder });
const breath = (): Promise<void> => sleep(Math.random() * 3);
// Half of the rows are printed together.
const stand = standInGangs(folder, {
  during: breath,
  leavesOut: (data) => data.length % 2 === 0,
  alone: breath,
});
const world = await openBatchWorld({
  folder,
  concurrency: 4,
  retry: { poisonAttempts: 1_000 },
  run: stand.run,
  batch: { gangs: stand.gangs },
});
const [known] = world.batches.list({ limit: 1 }, OWNER);
const batch =
  known ??
  (await world.start({
    rows: {
      inline: Array.from({ length: Number(count) }, (_, at) => ({ n: at + 1, name: `Row ${at % 7}` })),
    },
    name: '{{name}}.pdf',
    output: { type: 'folder', folder: out },
  }));
say('ready');
const ended = await world.until(batch.id, 'done', 'failed', 'cancelled');
await world.close();
ownership.release();
say(`ended ${ended.state}`);
