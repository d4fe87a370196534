/** `npm run check`: everything about the sources that can be said without running them. Names as arguments run only those. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { LAYERS, ROOT } from './layout.ts';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: 'lint', command: ['eslint', '--max-warnings=0', '.'] },
  ...['.', ...LAYERS].map((layer) => ({
    name: `types:${layer}`,
    command: ['tsc', '-p', layer, '--incremental', '--tsBuildInfoFile', `.cache/types/${layer}.tsbuildinfo`],
  })),
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  {
    name: 'boundaries',
    command: ['depcruise', '--config', '.dependency-cruiser.json', '--output-type', 'err-long', ...LAYERS],
  },
  { name: 'unused', command: ['knip'] },
];

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

const BIN = path.join(ROOT, 'node_modules', '.bin');

function run({ command: [program = '', ...args] }: Check): Promise<Outcome> {
  const env = {
    ...process.env,
    PATH: [BIN, process.env['PATH']].join(path.delimiter),
    FORCE_COLOR: colour(),
  };
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env, shell: process.platform === 'win32' });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ passed: false, output: error.message }));
    child.once('close', (code) => resolve({ passed: code === 0, output }));
  });
}

const colour = (): string => (process.stdout.isTTY ? '1' : '0');

/** Runs the checks, as many at once as there are cores; true when all passed. */
async function runAll(checks: readonly Check[]): Promise<boolean> {
  const waiting = [...checks];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now();
      const { passed, output } = await run(check);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${passed ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(16)} ${seconds.padStart(5)} s`);
      if (!passed) failed.push(`\n--- ${check.name} ---\n${output.trimEnd()}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  for (const report of failed) console.log(report);
  return failed.length === 0;
}

const wanted = process.argv.slice(2);
const chosen = CHECKS.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.split(':')[0] === word || name === word),
);
if (chosen.length === 0) {
  console.error(`There is no such check. There are: ${CHECKS.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
} else if (!(await runAll(chosen))) {
  process.exitCode = 1;
}
