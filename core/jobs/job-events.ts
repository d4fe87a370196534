import type { Job, JobChanged } from '../../contract/job.ts';
import type { Logger } from '../ports.ts';
import type { Transition } from '../store/job-repository.ts';
import { isEnded } from './job-row.ts';
import type { Caller } from './job-service.ts';

interface Subscriber {
  readonly caller: Caller;
  readonly listener: (change: JobChanged) => void;
}

/** Tells those who listen and those who wait, from memory; an event carries the job as it is when it is sent. */
export interface JobEvents {
  /** Announces committed changes, each job once with its latest event. */
  publish(transitions: readonly Transition[]): void;
  /** A new stage of a running job: no event of its own, it repeats the id of the latest one. */
  progress(id: number, clientId: string): void;
  subscribe(subscriber: Subscriber): () => void;
  /** Calls back with the number of each job that changed, and reads none of them. */
  onTouch(listener: (id: number) => void): () => void;
  /** Calls back once when the job has ended, or is gone. */
  onEnd(id: number, callback: () => void): () => void;
  /** Releases everybody who waits. */
  close(): void;
}

export function createJobEvents(deps: {
  /** The job as it is now, or undefined when it is gone. */
  readonly view: (id: number) => Job | undefined;
  readonly lastEventId: () => number;
  /** Whether nobody is told of a job but those who wait for its end. */
  readonly isQuiet?: (id: number) => boolean;
  readonly logger: Logger;
}): JobEvents {
  const subscribers = new Set<Subscriber>();
  const touched = new Set<(id: number) => void>();
  const waiting = new Map<number, Set<() => void>>();
  let lastEventId: number | undefined;

  const send = (id: number, clientId: string, eventId: number): void => {
    let change: JobChanged | undefined;
    for (const { caller, listener } of [...subscribers]) {
      if (!caller.admin && caller.clientId !== clientId) continue;
      if (change === undefined) {
        const job = deps.view(id);
        if (job === undefined) return;
        change = { event_id: eventId, job };
      }
      try {
        listener(change);
      } catch (error) {
        deps.logger.error({ err: error, job: id }, 'a listener for job events failed');
      }
    }
  };

  const release = (id: number): void => {
    const callbacks = waiting.get(id);
    waiting.delete(id);
    for (const callback of callbacks ?? []) callback();
  };

  return {
    publish(transitions) {
      if (transitions.length === 0) return;
      const latest = new Map<number, Transition>();
      for (const transition of transitions) {
        // Re-inserted, so that the map is in the order of the latest events.
        latest.delete(transition.id);
        latest.set(transition.id, transition);
        lastEventId = Math.max(lastEventId ?? 0, transition.eventId);
      }
      for (const { id, clientId, eventId, to } of latest.values()) {
        if (deps.isQuiet?.(id) !== true) {
          for (const listener of touched) listener(id);
          if (subscribers.size > 0) send(id, clientId, eventId);
        }
        if (isEnded(to)) release(id);
      }
    },
    progress(id, clientId) {
      if (deps.isQuiet?.(id) === true) return;
      for (const listener of touched) listener(id);
      if (subscribers.size === 0) return;
      lastEventId ??= deps.lastEventId();
      send(id, clientId, lastEventId);
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    onTouch(listener) {
      touched.add(listener);
      return () => touched.delete(listener);
    },
    onEnd(id, callback) {
      const callbacks = waiting.get(id) ?? new Set();
      waiting.set(id, callbacks.add(callback));
      return () => {
        callbacks.delete(callback);
        if (callbacks.size === 0 && waiting.get(id) === callbacks) waiting.delete(id);
      };
    },
    close() {
      subscribers.clear();
      touched.clear();
      for (const id of [...waiting.keys()]) release(id);
    },
  };
}
