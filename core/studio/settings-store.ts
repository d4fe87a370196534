/** The settings while the host runs: read once, changed one patch after the other, each change told and applied. */
import type { Settings, SettingsPatch } from '../../contract/studio/app.ts';
import type { Logger } from '../ports.ts';
import type { DiskCalls } from '../store/durable-file.ts';
import { describeStorageError } from '../store/storage-error.ts';
import { keepUnusable, loadSettings, mergeSettings, saveSettings } from './settings-file.ts';

export type SettingsListener = (settings: Settings, patch: SettingsPatch) => void;

export interface SettingsStore {
  readonly current: Settings;
  /** What of the file could not be used at the start, in words. */
  readonly problem: string | undefined;
  /** Durable when it resolves; nothing has changed when it rejects. Errors: DISK_FULL, DATA_FOLDER_UNUSABLE. */
  write(patch: SettingsPatch): Promise<Settings>;
  /** Calls back after each change. */
  onChange(listener: SettingsListener): void;
}

export interface SettingsStoreOptions {
  readonly file: string;
  readonly logger: Logger;
  /** The file system, for tests that make it fail. */
  readonly disk?: DiskCalls;
}

export async function openSettings({ file, logger, disk }: SettingsStoreOptions): Promise<SettingsStore> {
  const loaded = await loadSettings(file);
  let { settings, problem } = loaded;
  if (problem !== undefined) logger.warn({ part: 'settings' }, problem);
  const listeners: SettingsListener[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const change = async (patch: SettingsPatch): Promise<Settings> => {
    const next = mergeSettings(settings, patch);
    try {
      if (problem !== undefined) await keepUnusable(file);
      await saveSettings(file, next, disk);
    } catch (error) {
      throw describeStorageError(error);
    }
    problem = undefined;
    settings = next;
    for (const listener of listeners) listener(next, patch);
    return next;
  };

  return {
    get current() {
      return settings;
    },
    get problem() {
      return problem;
    },
    write(patch) {
      const changed = last.then(() => change(patch));
      last = changed.catch(() => undefined);
      return changed;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
