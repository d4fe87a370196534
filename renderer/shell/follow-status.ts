import type { StudioHost } from '../host/studio-host.ts';
import { useShell } from './shell-store.ts';

/** Keeps `status` of the shell as the host tells it, until disposed. */
export function followStatus(host: StudioHost): () => void {
  const controller = new AbortController();
  const ask = (): void => {
    host.request('app.status', {}, controller.signal).then(
      (status) => useShell.setState({ status }),
      // Without an answer the last status stays and the connection bar tells why.
      () => undefined,
    );
  };
  ask();
  const unsubscribe = host.subscribe((event) => {
    if (event.type === 'status.changed') useShell.setState({ status: event.status });
    if (event.type === 'resync') ask();
  });
  return () => {
    controller.abort();
    unsubscribe();
  };
}
