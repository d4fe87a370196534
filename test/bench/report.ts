import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { floorBrowser } from './floor-browser.ts';

interface Pair {
  readonly floor: number;
  readonly product: number;
}

export interface Comparison {
  readonly document: string;
  readonly way: string;
  readonly docsPerSecond: Pair;
  /** CPU milliseconds a document. */
  readonly cpuMs: Pair;
  /** Median over the rounds of product ÷ floor. */
  readonly ratio: number;
  readonly cpuRatio: number;
  /** Milliseconds; the floor's is p50 of one page alone. */
  readonly latency: {
    readonly floor: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
}

export interface Fact {
  readonly what: string;
  readonly figure: string;
  readonly floor?: string;
}

export async function describeMachine(): Promise<string[]> {
  const browser = await floorBrowser();
  const version = await promisify(execFile)(browser.path, ['--version'], { env: browser.env })
    .then(({ stdout }) => stdout.trim())
    .catch(() => 'unknown version');
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${release()}, Node ${process.versions.node}`,
    `Browser: ${version}`,
  ];
}

const number = (value: number, digits = 1): string => value.toFixed(digits);

export const comparisonRow = (row: Comparison): string => {
  const { document, way, docsPerSecond, cpuMs, ratio, cpuRatio, latency } = row;
  return (
    `| ${document} | ${way} | ${number(docsPerSecond.floor)} | ${number(docsPerSecond.product)} | **${number(ratio, 2)}** | ` +
    `${number(cpuMs.floor)} | ${number(cpuMs.product)} | ${number(cpuRatio, 2)} | ${number(latency.floor)} | ` +
    `${number(latency.p50)} | ${number(latency.p95)} | ${number(latency.p99)} |`
  );
};

export const factRow = ({ what, figure, floor }: Fact): string => `| ${what} | ${figure} | ${floor ?? '–'} |`;

export function renderReport(
  machine: readonly string[],
  comparisons: readonly Comparison[],
  facts: readonly Fact[],
): string {
  return [
    '# Bench',
    '',
    'Made by `npm run bench`. The floor is raw CDP over a pipe to the same browser binary with the same fonts: 2 processes ×',
    '1 hosted page, the same finished HTML, untagged; with the flags of the product but those that spare it frames and threads of the',
    'collector. Ratios compare neighbours of one round, floor and product in turn; a figure is the median of the rounds. CPU is that of',
    'the whole process tree (host, workers, browsers); over HTTP the client runs beside it on the same cores. Latency over HTTP is',
    'submit, wait and download.',
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    '| document | way | docs/s, floor | docs/s | **ratio** | CPU ms a document, floor | CPU ms | CPU ratio | floor p50 ms | p50 | p95 | p99 |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...comparisons.map(comparisonRow),
    '',
    ...(facts.length === 0 ? [] : ['| what | figure | floor |', '|---|---|---|', ...facts.map(factRow), '']),
  ].join('\n');
}
