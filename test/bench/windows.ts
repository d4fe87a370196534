/** The hidden-window engine against raw printing in one such window, inside a real, older Electron. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SHIPPED_FAMILIES } from '../../core/pdf/font-aliases.ts';
import { writeFontConfiguration } from '../../core/pdf/fontconfig.ts';
import { bundleForVehicle, writeAppFacts } from '../vehicle/bundle.ts';
import { findVehicle } from '../vehicle/fetch-electron.ts';
import { openScreen } from '../vehicle/screen.ts';
import { finishedHtml } from './finished-html.ts';
import type { Fact } from './report.ts';
import { median } from './statistics.ts';

export interface WindowsSetup {
  /** JSON: a BenchPage. */
  readonly pageFile: string;
  readonly cacheDir: string;
  readonly fontsDir: string;
  readonly rounds: number;
  /** Prints in a round. */
  readonly count: number;
}

/** A finished document and its pictures, in base64 by relative URL. */
export interface BenchPage {
  readonly html: string;
  readonly assets: Readonly<Record<string, { readonly base64: string; readonly mimeType: string }>>;
}

export interface WindowsRounds {
  readonly electron: string;
  readonly rounds: readonly { readonly floorMs: number; readonly engineMs: number }[];
}

const COUNT = 100;

/** None where there is no such Electron. */
export async function measureWindows(rounds: number): Promise<Fact[]> {
  const program = await findVehicle();
  if (program === undefined) return [];
  const folder = await mkdtemp(join(tmpdir(), 'influxion-bench-windows-'));
  await using screen = await openScreen();
  try {
    const app = join(folder, 'app');
    await bundleForVehicle(app, { main: 'test/bench/windows-process.ts' });
    await writeAppFacts(app, 'main.js');
    const { html, assets } = await finishedHtml('invoice');
    const page: BenchPage = {
      html,
      assets: Object.fromEntries(
        [...assets].map(([name, { bytes, mimeType }]) => [
          name,
          { base64: Buffer.from(bytes).toString('base64'), mimeType },
        ]),
      ),
    };
    const pageFile = join(folder, 'page.json');
    await writeFile(pageFile, JSON.stringify(page));
    const setup: WindowsSetup = {
      pageFile,
      cacheDir: join(folder, 'cache'),
      fontsDir: join(import.meta.dirname, '../../assets/fonts'),
      rounds,
      count: COUNT,
    };
    const FONTCONFIG_FILE = await writeFontConfiguration({ ...setup, shipped: SHIPPED_FAMILIES });
    const { stdout } = await promisify(execFile)(
      program,
      ['--no-sandbox', `--user-data-dir=${join(folder, 'profile')}`, app],
      { env: { ...screen.environment, FONTCONFIG_FILE, INFLUXION_BENCH_WINDOWS: JSON.stringify(setup) } },
    );
    const line = stdout.split('\n').find((text) => text.startsWith('{')) ?? '';
    const measured = JSON.parse(line) as WindowsRounds;
    const ratio = median(measured.rounds.map(({ floorMs, engineMs }) => floorMs / engineMs));
    const each = (pick: (round: WindowsRounds['rounds'][number]) => number): string =>
      `${(median(measured.rounds.map(pick)) / COUNT).toFixed(1)} ms`;
    return [
      {
        what: `invoice in one hidden window of Electron ${measured.electron}, engine against raw printing`,
        figure: `${each(({ engineMs }) => engineMs)} (${ratio.toFixed(2)} of the floor's docs/s)`,
        floor: each(({ floorMs }) => floorMs),
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
