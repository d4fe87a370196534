/** Leaving in order: the host is stopped first, within its own budget, then the app quits. */

/** What is used of Electron's App. */
export interface QuittingApp {
  on(event: 'will-quit', listener: (event: { preventDefault(): void }) => void): unknown;
  quit(): void;
}

/** `stop` must settle within a budget. */
export function stopBeforeQuit(
  app: QuittingApp,
  stop: () => Promise<void>,
  onError: (error: unknown) => void,
): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('will-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    void stop()
      .catch(onError)
      .finally(() => {
        state = 'stopped';
        // Called straight from a promise reaction after a prevented will-quit, quit() never left (seen on Electron 22).
        setImmediate(() => app.quit());
      });
  });
}
