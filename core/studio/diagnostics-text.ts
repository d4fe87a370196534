/** What a person copies into a bug report: what runs here and how it goes. No secrets, no document, no names of theirs. */
import { statfs } from 'node:fs/promises';
import { arch, cpus, freemem, homedir, platform, release, totalmem } from 'node:os';
import type { StudioStatus } from '../../contract/studio/app.ts';
import type { ApiState } from '../../contract/studio/api.ts';
import type { Paths } from '../ports.ts';
import type { SettingsStore } from './settings-store.ts';

export interface DiagnosticsDeps {
  readonly paths: Paths;
  readonly status: () => StudioStatus;
  readonly api: () => ApiState;
  readonly settings: SettingsStore;
  readonly logLines: () => readonly string[];
}

const GIB = 1024 ** 3;
const GB = 1_000_000_000;
const MIB = 1024 ** 2;
const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`;

export async function writeDiagnostics(deps: DiagnosticsDeps): Promise<string> {
  const { version, state, uptime_s, engine, queue } = deps.status();
  const { retention } = deps.settings.current;
  const { node, electron, chrome, sqlite } = process.versions as Record<string, string | undefined>;
  const facts: (readonly [string, string | undefined])[] = [
    ['Influxion', `${version}, ${state}, up ${Math.round(uptime_s)} s`],
    ['System', `${platform()} ${release()} ${arch()}, ${cpus().length} cores`],
    [
      'Memory',
      `${gib(freemem())} of ${gib(totalmem())} free, host ${Math.round(process.memoryUsage.rss() / MIB)} MiB`,
    ],
    ['Electron', electron && `${electron}, Chromium ${chrome ?? 'unknown'}`],
    ['Node', node],
    ['SQLite', sqlite],
    ['Engine', `${engine.product ?? 'unknown product'}, ${engine.state}, ${engine.concurrency} at once`],
    ['Engine problem', engine.problem === null ? undefined : withoutHome(engine.problem)],
    [
      'Queue',
      `${queue.received} waiting, ${queue.in_progress} running, ${queue.done} done, ${queue.error} failed`,
    ],
    ['API', describeApi(deps.api())],
    ['Data folder', `${withoutHome(deps.paths.data)}, ${await freeSpace(deps.paths.data)}`],
    [
      'Kept',
      `${retention.max_age_days} days, ${retention.max_jobs} jobs, ${(retention.max_bytes / GB).toFixed(1)} GB`,
    ],
    ['Settings', deps.settings.problem],
  ];
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  const lines = known.map(([name, says]) => `${name.padEnd(width)}  ${says}`);
  return [...lines, '', 'Log', ...deps.logLines().map(withoutHome), ''].join('\n');
}

/** Addresses of the network are left out: they say where a person is. */
const describeApi = ({ mode, fingerprint, problem }: ApiState): string =>
  [mode, fingerprint !== null && 'with TLS', problem].filter((part) => typeof part === 'string').join(', ');

/** The name of a home folder is often the name of a person. */
const withoutHome = (text: string): string => text.replaceAll(homedir(), '~');

async function freeSpace(folder: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return `${gib(bavail * bsize)} free`;
  } catch {
    return 'free space unknown';
  }
}
