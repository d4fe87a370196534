import { useEffect, useState } from 'react';
import type { StudioStatus } from '../../contract/studio/app.ts';
import { useHost } from '../host/host-context.tsx';

/** How the host does, as it tells it; undefined until it has answered once. */
export function useStatus(): StudioStatus | undefined {
  const host = useHost();
  const [status, setStatus] = useState<StudioStatus>();
  useEffect(() => {
    const controller = new AbortController();
    const ask = (): void => {
      // Without an answer the last status stays and the connection bar tells why.
      host.request('app.status', {}, controller.signal).then(setStatus, () => undefined);
    };
    ask();
    const unsubscribe = host.subscribe((event) => {
      if (event.type === 'status.changed') setStatus(event.status);
      if (event.type === 'resync') ask();
    });
    return () => {
      controller.abort();
      unsubscribe();
    };
  }, [host]);
  return status;
}
