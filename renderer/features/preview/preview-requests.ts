/**
 * Asks for previews: one under way, one waiting, the newest edit wins and none is lost. While jobs have all cores, edits must
 * rest first: a preview of every key took what the next key needed (p95 of a character 38 ms, with rest 25).
 */
import type { PreviewInput, PreviewOutput } from '../../../contract/studio/preview.ts';
import { HostFailure, type StudioHost } from '../../host/studio-host.ts';

/** Longer than between two keys of who types fast, shorter than a look up at the pages. */
const REST_MS = 150;
/** Who types on without a rest sees pages twice a second. */
const MOST_MS = 500;

export type Wanted = Omit<PreviewInput, 'session'>;

export interface PreviewListener {
  onOutput(output: PreviewOutput, edit: number, wanted: Wanted): void;
  /** Not for calls that a newer edit made pointless. */
  onFailure(failure: HostFailure, edit: number): void;
  onBusy(busy: boolean): void;
}

export interface PreviewRequests {
  /** Numbers the edit and asks for it at once, when the one under way has come back, or when edits rest. */
  submit(wanted: Wanted): number;
  /** Gives up what is asked for and frees the session of the host. */
  close(): void;
}

interface Ask {
  readonly edit: number;
  readonly wanted: Wanted;
  readonly at: number;
}

const asFailure = (error: unknown): HostFailure =>
  error instanceof HostFailure ? error : new HostFailure(String(error), undefined, error);

/** `isCrowded` tells whether other work has all cores. */
export function createPreviewRequests(
  host: StudioHost,
  session: string,
  isCrowded: () => boolean,
  listener: PreviewListener,
): PreviewRequests {
  let edits = 0;
  let running: { readonly ask: Ask; readonly abort: AbortController } | undefined;
  let waiting: Ask | undefined;
  /** Of the first edit that nothing was asked for yet. */
  let waitsSince = 0;
  let lastTemplate: string | undefined;
  let restTimer: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isClosed = false;

  const tellBusy = (now: boolean): void => {
    if (now !== isBusy) listener.onBusy(now);
    isBusy = now;
  };

  const run = async (ask: Ask): Promise<void> => {
    const abort = new AbortController();
    running = { ask, abort };
    lastTemplate = ask.wanted.template_id;
    tellBusy(true);
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
    if (isClosed) return;
    if (waiting === undefined) tellBusy(false);
    else runWhenRested(waiting);
  };

  const runWhenRested = (newest: Ask): void => {
    clearTimeout(restTimer);
    const runNewest = (): void => {
      waiting = undefined;
      void run(newest);
    };
    // The first look at a template is no edit.
    const mayWait = newest.wanted.template_id === lastTemplate && isCrowded();
    const due = Math.min(newest.at + REST_MS, waitsSince + MOST_MS);
    const restMs = mayWait ? due - performance.now() : 0;
    if (restMs > 0) restTimer = setTimeout(runNewest, restMs);
    else runNewest();
  };

  return {
    submit(wanted) {
      edits += 1;
      const ask: Ask = { edit: edits, wanted, at: performance.now() };
      if (waiting === undefined) waitsSince = ask.at;
      waiting = ask;
      if (running === undefined) runWhenRested(ask);
      // A picture of another template is of no use to anyone.
      else if (running.ask.wanted.template_id !== wanted.template_id) running.abort.abort();
      return edits;
    },
    close() {
      isClosed = true;
      waiting = undefined;
      clearTimeout(restTimer);
      running?.abort.abort();
      // The host ends forgotten sessions by itself.
      host.request('preview.close', { session }).catch(() => undefined);
    },
  };
}
