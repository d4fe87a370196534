/** From the start of a process to the first PDF, and to the first request. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchCache } from './floor-browser.ts';
import { COMMAND, HostProcess } from './host-process.ts';
import { loadBenchDocument } from './documents/index.ts';
import type { Fact } from './report.ts';
import { median } from './statistics.ts';

async function wall(command: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, command, {
    stdio: 'ignore',
    env: { ...process.env, INFLUXION_CACHE_DIR: benchCache },
  });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`${command.join(' ')} left with ${code}`);
  return performance.now() - started;
}

export async function measureColdStarts(rounds: number): Promise<Fact[]> {
  const folder = await mkdtemp(join(tmpdir(), 'influxion-bench-cold-'));
  const document = await loadBenchDocument('invoice');
  const template = join(folder, 'template.html');
  const css = join(folder, 'style.css');
  const data = join(folder, 'data.json');
  await writeFile(template, document.html);
  await writeFile(css, document.css);
  await writeFile(data, JSON.stringify(document.data));
  for (const [path, asset] of document.assets) await writeFile(join(folder, path), asset.bytes);

  const output = join(folder, 'out.pdf');
  const render = [COMMAND, 'render', template, '--css', css, '--data', data, '-o', output];
  const floor = [join(import.meta.dirname, 'floor-once.ts'), 'invoice', output];
  const renders: number[] = [];
  const floors: number[] = [];
  const readies: number[] = [];
  await wall(render);
  for (let round = 0; round < rounds; round += 1) {
    floors.push(await wall(floor));
    renders.push(await wall(render));
    const host = await HostProcess.start();
    readies.push(host.readyMs);
    await host.stop();
  }
  await rm(folder, { recursive: true, force: true });
  const ms = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;
  const ratio = (values: readonly number[]): string => (median(values) / median(floors)).toFixed(2);
  return [
    {
      what: '`influxion render`, start of the process to its end with the PDF written',
      figure: `${ms(renders)} (${ratio(renders)} ×)`,
      floor: ms(floors),
    },
    {
      what: '`influxion serve`, start of the process to ready',
      figure: `${ms(readies)} (${ratio(readies)} ×)`,
      floor: ms(floors),
    },
  ];
}
