import { useState } from 'react';
import type { GenerateRequest } from '../../../contract/job.ts';
import type { JobsStore } from './jobs-store.ts';

export interface Submit {
  readonly sending: boolean;
  readonly failure: Error | undefined;
  /** Opens the job's page and calls `then` when it was accepted. */
  readonly send: (request: GenerateRequest, then: () => void) => void;
}

/** Sends a request from a dialog, which stays open with the failure when it is refused. */
export function useSubmit(store: JobsStore): Submit {
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Error | undefined>(undefined);
  const send = (request: GenerateRequest, then: () => void): void => {
    setSending(true);
    setFailure(undefined);
    store.actions.submit(request).then(
      (id) => {
        store.actions.open(id);
        then();
      },
      (error: unknown) => {
        setSending(false);
        setFailure(error as Error);
      },
    );
  };
  return { sending, failure, send };
}
