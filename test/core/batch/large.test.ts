import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBatchWorld, OWNER } from '../../support/batch-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

/** Megabytes of rows; the full measure is 1,000: INFLUXION_ROWS_MB=1000. */
const MEGABYTES = Number(process.env['INFLUXION_ROWS_MB'] ?? 50);

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
    const before = process.memoryUsage().rss;
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
    const { id } = await world.start({ rows: { file }, name: '{{name}}.pdf' });
    await expect.poll(() => world.batches.get(id, OWNER).state, { timeout: 600_000 }).toBe('running');
    clearInterval(watch);
    expect(world.batches.get(id, OWNER).rows.total).toBe(count);
    const last = await world.batches.row(id, count, OWNER);
    expect(last).toMatchObject({ name: `Name ${count}.pdf` });
    expect(JSON.stringify(last.data)).toContain(`Name ${count}`);
    // What the garbage collector lets lie at its leisure, whatever the size of the table.
    expect((highest - before) / 1_000_000).toBeLessThan(200);
  }, 700_000);
}
