import { describe, expect, it, vi } from 'vitest';
import { stopBeforeQuit, type QuittingApp } from '../../main/quit.ts';

/** Electron's app as far as leaving goes: `quit` asks the listeners, and leaves unless one prevents it. */
class LeavingApp implements QuittingApp {
  left = false;
  readonly #listeners: ((event: { preventDefault(): void }) => void)[] = [];
  on(_event: 'before-quit', listener: (event: { preventDefault(): void }) => void): void {
    this.#listeners.push(listener);
  }
  quit(): void {
    let prevented = false;
    for (const listener of this.#listeners) listener({ preventDefault: () => (prevented = true) });
    this.left = !prevented;
  }
}

describe('leaving', () => {
  it('waits until the host has stopped, then leaves', async () => {
    const app = new LeavingApp();
    const stopping = Promise.withResolvers<undefined>();
    stopBeforeQuit(
      app,
      () => stopping.promise,
      () => undefined,
    );
    app.quit();
    expect(app.left).toBe(false);
    stopping.resolve(undefined);
    await vi.waitFor(() => expect(app.left).toBe(true));
  });

  it('stops the host once, however often it is asked to leave', async () => {
    const app = new LeavingApp();
    const stop = vi.fn(() => Promise.resolve());
    stopBeforeQuit(app, stop, () => undefined);
    app.quit();
    app.quit();
    await vi.waitFor(() => expect(app.left).toBe(true));
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('leaves all the same when stopping fails, and reports why', async () => {
    const app = new LeavingApp();
    const errors: unknown[] = [];
    stopBeforeQuit(
      app,
      () => Promise.reject(new Error('stuck')),
      (error) => errors.push(error),
    );
    app.quit();
    await vi.waitFor(() => expect(app.left).toBe(true));
    expect(errors).toHaveLength(1);
  });
});
