/** Asks for previews: one under way, one waiting, the newest edit wins and none is lost. */
import type { PreviewInput, PreviewOutput } from '../../../contract/studio/preview.ts';
import { HostFailure, type StudioHost } from '../../host/studio-host.ts';

export type Wanted = Omit<PreviewInput, 'session'>;

export interface PreviewListener {
  onOutput(output: PreviewOutput, edit: number, wanted: Wanted): void;
  /** Not for calls that a newer edit made pointless. */
  onFailure(failure: HostFailure, edit: number): void;
  onBusy(busy: boolean): void;
}

export interface PreviewRequests {
  /** Numbers the edit and asks for it at once, or when the one under way has come back. */
  submit(wanted: Wanted): number;
  /** Gives up what is asked for and frees the session of the host. */
  close(): void;
}

interface Ask {
  readonly edit: number;
  readonly wanted: Wanted;
}

const asFailure = (error: unknown): HostFailure =>
  error instanceof HostFailure ? error : new HostFailure(String(error), undefined, error);

export function createPreviewRequests(
  host: StudioHost,
  session: string,
  listener: PreviewListener,
): PreviewRequests {
  let edits = 0;
  let running: { readonly ask: Ask; readonly abort: AbortController } | undefined;
  let waiting: Ask | undefined;
  let isClosed = false;

  const run = async (ask: Ask): Promise<void> => {
    const abort = new AbortController();
    running = { ask, abort };
    try {
      const output = await host.request('preview.render', { session, ...ask.wanted }, abort.signal);
      if (!abort.signal.aborted) listener.onOutput(output, ask.edit, ask.wanted);
    } catch (error) {
      const failure = asFailure(error);
      // A newer edit is on its way: what failed of this one may be mended already.
      const isOld = abort.signal.aborted || waiting !== undefined || failure.code === 'PREVIEW_SUPERSEDED';
      if (!isOld) listener.onFailure(failure, ask.edit);
    }
    running = undefined;
    const next = waiting;
    waiting = undefined;
    if (isClosed) return;
    if (next === undefined) listener.onBusy(false);
    else void run(next);
  };

  return {
    submit(wanted) {
      edits += 1;
      const ask = { edit: edits, wanted };
      if (running === undefined) {
        listener.onBusy(true);
        void run(ask);
        return edits;
      }
      waiting = ask;
      // A picture of another template is of no use to anyone.
      if (running.ask.wanted.template_id !== wanted.template_id) running.abort.abort();
      return edits;
    },
    close() {
      isClosed = true;
      waiting = undefined;
      running?.abort.abort();
      // The host ends forgotten sessions by itself.
      host.request('preview.close', { session }).catch(() => undefined);
    },
  };
}
