import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openBatchWorld, OWNER } from '../../support/batch-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

/** Megabytes of rows; the full measure is 1,000: INFLUXION_ROWS_MB=1000. */
const MEGABYTES = Number(process.env['INFLUXION_ROWS_MB'] ?? 100);

async function writeRows(path: string, head: string, rowOf: (row: number) => string): Promise<number> {
  const file = createWriteStream(path);
  file.write(head);
  let size = 0;
  let rows = 0;
  while (size < MEGABYTES * 1_000_000) {
    let chunk = '';
    while (chunk.length < 256 * 1024) chunk += rowOf((rows += 1));
    size += chunk.length;
    if (!file.write(chunk)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return rows;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are needed, not those that wait to be collected: how long they wait is the collector's own affair. */
function liveBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const FILLER = 'x'.repeat(900);

for (const [name, head, rowOf] of [
  ['rows.csv', 'id,name,text\n', (row: number) => `${row},Name ${row},"${FILLER}"\n`],
  ['rows.jsonl', '', (row: number) => `{"id":${row},"name":"Name ${row}","text":"${FILLER}"}\n`],
] as const) {
  test(`a table of any size is taken in without growing the memory: ${name}`, async () => {
    const folder = temporaryFolder();
    const file = join(folder, name);
    const count = await writeRows(file, head, rowOf);
    await using world = await openBatchWorld({ folder, started: false });
    const before = liveBytes();
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, liveBytes())), 200);
    const { id } = await world.start({ rows: { file }, name: '{{name}}.pdf' });
    await expect.poll(() => world.batches.get(id, OWNER).state, { timeout: 600_000 }).toBe('running');
    clearInterval(watch);
    expect(world.batches.get(id, OWNER).rows.total).toBe(count);
    const last = await world.batches.row(id, count, OWNER);
    expect(last).toMatchObject({ name: `Name ${count}.pdf` });
    expect(JSON.stringify(last.data)).toContain(`Name ${count}`);
    expect((highest - before) / 1_000_000).toBeLessThan(60);
  }, 700_000);
}
