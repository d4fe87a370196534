/**
 * `npm run bench`: the product and the floor side by side, interleaved on one machine, as ratios. Absolute figures depend on
 * the machine and its mood; the ratio of two neighbours in one round does not. Writes test/bench/results.md.
 *
 *   npm run bench                      all tables, some minutes
 *   npm run bench -- --rounds 3        fewer rounds
 *   npm run bench -- --only invoice    one document, `signed`, or one of the parts below
 *   npm run bench -- --long            besides: memory over 10,000 documents and over an hour of edits, and 10,000
 *                                      jobs while engines are killed
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { GenerateRequest } from '../../contract/job.ts';
import { Contender } from './contender.ts';
import { BENCH_KEY, HostProcess } from './host-process.ts';
import { measure, type Measured } from './measure.ts';
import {
  comparisonRow,
  describeMachine,
  factRow,
  renderReport,
  type Comparison,
  type Fact,
} from './report.ts';
import { median } from './statistics.ts';
import { requestBody } from './request-body.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    long: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);

// The headless shell from npm is the same on every machine; another browser can be named in the environment.
process.env['INFLUXION_BROWSER'] ??= 'npm';

interface Plan {
  readonly document: string;
  /** Documents in a round, of one contender. */
  readonly count: number;
  /** Documents before the first round, of one contender; default: a fifth of a round. */
  readonly warmUp?: number;
  /** Clients over HTTP. */
  readonly clients: readonly number[];
  /** What is asked for besides the pages, over HTTP alone; the floor then prints with tags. */
  readonly finish?: { readonly name: string; readonly request: Partial<GenerateRequest> };
}

const PLANS: readonly Plan[] = [
  { document: 'article', count: 300, clients: [5, 20] },
  { document: 'invoice', count: 300, clients: [1, 5, 20] },
  { document: 'report', count: 40, clients: [5] },
  { document: 'invoice-234', count: 4, clients: [5] },
  {
    document: 'invoice',
    count: 200,
    // A host runs for days, and V8 compiles what finishes a document over its first two thousand.
    warmUp: 2_000,
    clients: [5],
    finish: {
      name: 'invoice, pdf/a-2a, checked and signed, after 2,000 documents',
      request: { pdf_standard: 'pdf/a-2a', sign_key_id: BENCH_KEY, metadata: { language: 'en' } },
    },
  },
];

const script = (name: string): string => join(import.meta.dirname, name);
const say = (text: string): void => console.error(text);

async function compare(plan: Plan): Promise<Comparison[]> {
  const floor = await Contender.start(script('floor-process.ts'), []);
  const core = await Contender.start(script('core-process.ts'), []);
  const host = await HostProcess.start();
  const body = await requestBody(plan.document, plan.finish?.request);
  const tagged = plan.finish !== undefined;
  const ways: { readonly way: string; readonly run: (count: number) => Promise<Measured> }[] = [
    ...(tagged ? [] : [{ way: 'core', run: (count: number) => contend(core, plan.document, count, 5) }]),
    ...plan.clients.map((clients) => ({
      way: `HTTP, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
      run: (count: number) => measure([host.pid], count, () => host.client.run(body, count, clients)),
    })),
  ];
  const singleFloor = (count: number) => contend(floor, plan.document, count, 1, tagged);
  const runFloor = (count: number) => contend(floor, plan.document, count, 2, tagged);

  for (const run of [runFloor, ...ways.map(({ run }) => run)])
    await run(plan.warmUp ?? Math.max(4, Math.ceil(plan.count / 5)));
  const rounds: { floor: Measured; single: Measured; ways: Measured[] }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const single = await singleFloor(Math.ceil(plan.count / 3));
    const measured: Measured[] = [];
    const floors: Measured[] = [await runFloor(plan.count)];
    for (const { run } of ways) {
      measured.push(await run(plan.count));
      floors.push(await runFloor(plan.count));
    }
    rounds.push({ floor: averageOf(floors), single, ways: measured });
    say(`${plan.document}: round ${round + 1} of ${ROUNDS}`);
  }
  await Promise.all([floor.close(), core.close(), host.stop()]);

  return ways.map(({ way }, index) => {
    const pick = (figure: (of: Measured) => number) => ({
      floor: median(rounds.map((round) => figure(round.floor))),
      product: median(rounds.map((round) => figure(round.ways[index] ?? round.floor))),
    });
    return {
      document: plan.finish?.name ?? plan.document,
      way,
      docsPerSecond: pick((of) => of.docsPerSecond),
      cpuMs: pick((of) => of.cpuMs),
      ratio: median(
        rounds.map((round) => (round.ways[index]?.docsPerSecond ?? 0) / round.floor.docsPerSecond),
      ),
      cpuRatio: median(rounds.map((round) => (round.ways[index]?.cpuMs ?? 0) / round.floor.cpuMs)),
      latency: {
        floor: median(rounds.map((round) => round.single.p50)),
        p50: median(rounds.map((round) => round.ways[index]?.p50 ?? 0)),
        p95: median(rounds.map((round) => round.ways[index]?.p95 ?? 0)),
        p99: median(rounds.map((round) => round.ways[index]?.p99 ?? 0)),
      },
    };
  });
}

const contend = (
  contender: Contender,
  document: string,
  count: number,
  clients: number,
  tagged = false,
): Promise<Measured> =>
  measure([contender.pid], count, () => contender.run({ document, count, clients, tagged }));

/** The floor before and after each way, so that a drift of the machine hits both sides. */
function averageOf(runs: readonly Measured[]): Measured {
  const mean = (figure: (of: Measured) => number): number =>
    runs.reduce((sum, run) => sum + figure(run), 0) / runs.length;
  return {
    docsPerSecond: mean((of) => of.docsPerSecond),
    cpuMs: mean((of) => of.cpuMs),
    p50: mean((of) => of.p50),
    p95: mean((of) => of.p95),
    p99: mean((of) => of.p99),
  };
}

// Unpacks the browser where it is not there yet: that is once for a machine, and no part of a start.
const machine = await describeMachine();
const comparisons: Comparison[] = [];
for (const plan of PLANS) {
  if (options.only !== undefined && options.only !== (plan.finish ? 'signed' : plan.document)) continue;
  const rows = await compare(plan);
  comparisons.push(...rows);
  for (const row of rows) say(comparisonRow(row));
}
const facts: Fact[] = [];
const gather = async (what: string, measured: () => Promise<Fact[]>): Promise<void> => {
  say(what);
  const found = await measured();
  facts.push(...found);
  for (const fact of found) say(factRow(fact));
};
// Each is loaded when its turn comes: a client with a heap as large as theirs takes four times the CPU in collections.
const parts: Readonly<Record<string, () => Promise<Fact[]>>> = {
  accept: async () => (await import('./accept.ts')).measureAccept(),
  starts: async () => (await import('./cold-start.ts')).measureColdStarts(ROUNDS),
  previews: async () => (await import('./preview.ts')).measurePreviews(ROUNDS),
  windows: async () => (await import('./windows.ts')).measureWindows(ROUNDS),
  studio: async () => (await import('./studio-latency.ts')).measureStudioLatency(ROUNDS),
  finishing: async () => (await import('./finishing.ts')).measureFinishing(),
  opening: async () => (await import('./studio-opening.ts')).measureStudioOpening(ROUNDS),
  typing: async () => (await import('./studio-typing.ts')).measureStudioTyping(),
  scrolling: async () => (await import('./studio-scrolling.ts')).measureStudioScrolling(),
  batch: async () => (await import('./batch.ts')).measureBatch(ROUNDS, options.long),
  memory: async () => (await import('./memory.ts')).measureMemory(options.long),
  fleet: async () => (await import('./fleet.ts')).measureFleet(options.long),
  hour: async () => (await import('./studio-hour.ts')).measureStudioHour(),
  soak: async () => (await import('./soak.ts')).runSoak(),
};
const LONG = new Set(['hour', 'soak']);
for (const [part, measured] of Object.entries(parts)) {
  const isWanted = options.only === undefined ? options.long || !LONG.has(part) : options.only === part;
  if (isWanted) await gather(part, measured);
}
const report = renderReport(machine, comparisons, facts);
console.log(report);
if (options.only === undefined) await writeFile(script('results.md'), report);
