/** The settings as they lie in the data folder: one JSON file, whole or not there. */
import { randomUUID } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { Settings, type SettingsPatch } from '../../contract/studio/app.ts';
import {
  createFolderSync,
  diskCalls,
  temporaryName,
  writeDurably,
  type DiskCalls,
} from '../store/durable-file.ts';

/** In the data folder. */
export const SETTINGS_FILE = 'settings.json';

export interface LoadedSettings {
  readonly settings: Settings;
  /** What of the file could not be used, in words; undefined when all of it was. */
  readonly problem: string | undefined;
}

const GB = 1_000_000_000;

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  api: { mode: 'computer', port: 8787, lan_addresses: [], lan_port: 8788, announce: false },
  signing: {
    time_stamp_url: null,
    time_stamp_user: null,
    revocation: 'off',
    revocation_hosts: [],
  },
  webhooks: { allowed: [] },
  work: {
    concurrency: null,
    print_memory_mb: null,
    max_queued: 20_000,
    attempt_minutes: 15,
    body_mb: 32,
  },
  retention: { max_age_days: 30, max_jobs: 100_000, max_bytes: 20 * GB },
};

export function mergeSettings(settings: Settings, patch: SettingsPatch): Settings {
  const { theme = settings.theme, api, signing, webhooks, work, retention } = patch;
  return {
    theme,
    api: { ...settings.api, ...defined(api) },
    signing: { ...settings.signing, ...defined(signing) },
    webhooks: { ...settings.webhooks, ...defined(webhooks) },
    work: { ...settings.work, ...defined(work) },
    retention: { ...settings.retention, ...defined(retention) },
  };
}

type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Without the fields that are there but undefined: they must not cover a value. */
const defined = <Value extends object>(value: Value | undefined): Defined<Value> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, part]) => part !== undefined)) as Defined<Value>;

/** Never throws: what cannot be used is the default, and `problem` says so. */
export async function loadSettings(file: string): Promise<LoadedSettings> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { settings: DEFAULT_SETTINGS, problem: undefined };
    }
    return { settings: DEFAULT_SETTINGS, problem: 'The settings could not be read, so the defaults hold.' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { settings: DEFAULT_SETTINGS, problem: 'settings.json is not valid JSON, so the defaults hold.' };
  }
  return readKnown(value);
}

const BYTES_PER_MB = 1_000_000;

/** What an engine is made with, as the settings of a data folder say; what it leaves to the engine is left out. */
export async function engineLimits(
  dataFolder: string,
): Promise<{ readonly concurrency?: number; readonly printMemoryBytes?: number }> {
  const { concurrency, print_memory_mb } = (await loadSettings(join(dataFolder, SETTINGS_FILE))).settings
    .work;
  return {
    ...(concurrency !== null && { concurrency }),
    ...(print_memory_mb !== null && { printMemoryBytes: print_memory_mb * BYTES_PER_MB }),
  };
}

/** Takes each field that fits: one that a person mistyped, or that another version wrote, costs only itself. */
function readKnown(value: unknown): LoadedSettings {
  const faults: string[] = [];
  const pick = <Value>(path: string, schema: z.ZodType<Value>, given: unknown, fallback: Value): Value => {
    if (given === undefined) return fallback;
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    faults.push(path);
    return fallback;
  };
  const group = (path: string, given: unknown): Readonly<Record<string, unknown>> => {
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return { ...given };
    if (given !== undefined) faults.push(path);
    return {};
  };
  const pickAll = <Group extends object>(
    path: string,
    shape: { readonly [Key in keyof Group]: z.ZodType<Group[Key]> },
    given: unknown,
    fallback: Group,
  ): Group => {
    const fields = group(path, given);
    const entries = (Object.keys(shape) as (keyof Group & string)[]).map((key) => [
      key,
      pick(`${path}.${key}`, shape[key], fields[key], fallback[key]),
    ]);
    return Object.fromEntries(entries) as Group;
  };

  const whole = group('the whole file', value);
  const settings: Settings = {
    theme: pick('theme', Settings.shape.theme, whole['theme'], DEFAULT_SETTINGS.theme),
    api: pickAll('api', Settings.shape.api.shape, whole['api'], DEFAULT_SETTINGS.api),
    signing: pickAll('signing', Settings.shape.signing.shape, whole['signing'], DEFAULT_SETTINGS.signing),
    webhooks: pickAll(
      'webhooks',
      Settings.shape.webhooks.shape,
      whole['webhooks'],
      DEFAULT_SETTINGS.webhooks,
    ),
    work: pickAll('work', Settings.shape.work.shape, whole['work'], DEFAULT_SETTINGS.work),
    retention: pickAll(
      'retention',
      Settings.shape.retention.shape,
      whole['retention'],
      DEFAULT_SETTINGS.retention,
    ),
  };
  return { settings, problem: describe(faults) };
}

const describe = (faults: readonly string[]): string | undefined =>
  faults.length === 0
    ? undefined
    : `In settings.json ${faults.join(', ')} cannot be used; the default holds instead.`;

/** Durable when it resolves. Rejects with what the file system said. */
export async function saveSettings(
  file: string,
  settings: Settings,
  disk: DiskCalls = diskCalls,
): Promise<void> {
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await writeDurably(file, Buffer.from(text), {
    disk,
    syncFolder: createFolderSync(disk),
    temporary: temporaryName(file, randomUUID()),
  });
}

/** A copy of a file that could not be used, before it is written over: what a person typed is not lost. */
export async function keepUnusable(file: string): Promise<void> {
  try {
    await copyFile(file, file.replace(/(?:\.json)?$/, '.unusable.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
