/**
 * Leaving in order: the host is stopped first, within its own budget, then the app quits. Before anything is closed: the
 * hidden windows that print are windows like any other, and quitting would close them under running jobs.
 */

/** What is used of Electron's App. */
export interface QuittingApp {
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  quit(): void;
}

/** `stop` must settle within a budget. */
export function stopBeforeQuit(
  app: QuittingApp,
  stop: () => Promise<void>,
  onError: (error: unknown) => void,
): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void stop()
      .catch(onError)
      .finally(() => {
        state = 'stopped';
        // Called straight from a promise reaction after a prevented before-quit, quit() never left (seen on Electron 22).
        setImmediate(() => app.quit());
      });
  });
}
