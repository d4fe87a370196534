import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startUpdates, type Updater } from '../../main/updates.ts';
import { silentLogger } from '../support/engine-folders.ts';

function world(options: { readonly switched?: string; readonly isPackaged?: boolean } = {}) {
  const updater = {
    autoDownload: false,
    autoInstallOnAppQuit: false,
    checkForUpdates: vi.fn(() => Promise.resolve()),
    on: vi.fn(),
  };
  const loadUpdater = vi.fn(() => Promise.resolve(updater as Updater));
  const state = { isIdle: true };
  const start = () =>
    startUpdates({
      env: options.switched === undefined ? {} : { INFLUXION_UPDATES: options.switched },
      isPackaged: options.isPackaged ?? true,
      loadUpdater,
      isIdle: () => state.isIdle,
      announce: () => undefined,
      logger: silentLogger,
    });
  return { updater, loadUpdater, state, start };
}

describe('updates', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([{}, { switched: 'off' }, { switched: '1' }, { switched: 'on', isPackaged: false }])(
    'are not even looked for with %j',
    async (options) => {
      const { start, loadUpdater } = world(options);
      await start();
      expect(loadUpdater).not.toHaveBeenCalled();
    },
  );

  it('are looked for where they are on, but not while jobs run', async () => {
    const { start, updater, state } = world({ switched: 'on' });
    state.isIdle = false;
    const stop = await start();
    expect(updater.checkForUpdates).not.toHaveBeenCalled();
    state.isIdle = true;
    vi.advanceTimersByTime(6 * 60 * 60_000);
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1);
    stop();
    vi.advanceTimersByTime(24 * 60 * 60_000);
    expect(updater.checkForUpdates).toHaveBeenCalledTimes(1);
  });
});
