/** The list of 10,000 jobs scrolled from end to end: frames that a person sees hang. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { addClient } from './host-process.ts';
import { BenchClient } from './http-client.ts';
import type { Fact } from './report.ts';
import { requestBody } from './request-body.ts';
import { StudioBench } from './studio-bench.ts';

const ROWS = 10_000;
const SCROLL_MS = 10_000;
const LONG_FRAME_MS = 50;

/** A job of the bench, done, and copies of its row, as a table that grew for months. */
async function fillTable(bench: StudioBench): Promise<void> {
  const client = new BenchClient(bench.base.slice(0, -1));
  const { id, secret } = addClient(bench.environment);
  await client.signIn(id, secret);
  await client.finish((await client.accept(await requestBody('invoice'))).id);
  client.close();
  await bench.stop();
  const db = new DatabaseSync(join(bench.data, 'influxion.db'));
  const columns = db
    .prepare("SELECT name FROM pragma_table_info('jobs') WHERE name <> 'id'")
    .all()
    .map(({ name }) => String(name))
    .join(', ');
  db.exec(
    `WITH RECURSIVE copy(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copy WHERE n < ${ROWS})
     INSERT INTO jobs (${columns}) SELECT ${columns} FROM copy, (SELECT * FROM jobs LIMIT 1)`,
  );
  db.close();
  await bench.start();
}

export async function measureStudioScrolling(): Promise<Fact[]> {
  await using bench = await StudioBench.open();
  await fillTable(bench);
  const page = await bench.signIn();
  await page.goto(`${bench.base}#jobs`);
  await page
    .locator(`[role=grid][aria-rowcount="${ROWS + 1}"] [role=row]`)
    .nth(10)
    .waitFor();
  const frames = await page.getByRole('grid', { name: 'Jobs' }).evaluate(
    (grid, ms) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        const end = grid.scrollHeight - grid.clientHeight;
        let begun: number | undefined;
        let last = 0;
        const step = (now: number): void => {
          if (begun === undefined) begun = now;
          else gaps.push(now - last);
          last = now;
          grid.scrollTop = Math.min(1, (now - begun) / ms) * end;
          if (now - begun < ms) requestAnimationFrame(step);
          else resolve(gaps);
        };
        requestAnimationFrame(step);
      }),
    SCROLL_MS,
  );
  const long = frames.filter((gap) => gap > LONG_FRAME_MS).length;
  return [
    {
      what: `studio: ${ROWS} jobs scrolled end to end in ${SCROLL_MS / 1000} s, frames over ${LONG_FRAME_MS} ms`,
      figure: `${long} of ${frames.length} (${((100 * long) / frames.length).toFixed(1)} %), longest ${Math.max(...frames).toFixed(0)} ms`,
    },
  ];
}
