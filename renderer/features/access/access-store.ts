import { create } from 'zustand';
import type { ApiClient, CreatedClient, Scope } from '../../../contract/access.ts';
import type { ApiState, SeenRequest } from '../../../contract/studio/api.ts';
import { HostFailure, type StudioHost } from '../../host/studio-host.ts';

/** As many as the host remembers. */
const MOST_REQUESTS = 200;

export interface AccessState {
  readonly api: ApiState | undefined;
  readonly clients: readonly ApiClient[] | undefined;
  /** Newest first. */
  readonly requests: readonly SeenRequest[];
  /** Why the last reading failed. */
  readonly failure: Error | undefined;
}

export const useAccess = create<AccessState>()(() => ({
  api: undefined,
  clients: undefined,
  requests: [],
  failure: undefined,
}));

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Newest first, each once: an event may come while the list is on its way. */
function merged(...lists: readonly (readonly SeenRequest[])[]): readonly SeenRequest[] {
  return [...new Map(lists.flat().map((request) => [request.seq, request])).values()]
    .sort((a, b) => b.seq - a.seq)
    .slice(0, MOST_REQUESTS);
}

async function readAll(host: StudioHost, signal: AbortSignal): Promise<void> {
  try {
    const [api, { clients }, { requests }] = await Promise.all([
      host.request('api.state', {}, signal),
      host.request('clients.list', {}, signal),
      host.request('api.requests', {}, signal),
    ]);
    useAccess.setState((last) => ({
      api,
      clients,
      requests: merged(requests, last.requests),
      failure: undefined,
    }));
  } catch (error) {
    if (!signal.aborted) useAccess.setState({ failure: toError(error) });
  }
}

/** Rejects with a HostFailure. */
export async function readClients(host: StudioHost): Promise<void> {
  const { clients } = await host.request('clients.list', {});
  useAccess.setState({ clients });
}

/** Keeps the store as the host is, until disposed. */
export function followAccess(host: StudioHost): () => void {
  const controller = new AbortController();
  const read = (): void => void readAll(host, controller.signal);
  read();
  const unsubscribe = host.subscribe((event) => {
    if (event.type === 'api.request') {
      useAccess.setState(({ requests }) => ({ requests: merged([event.request], requests) }));
    }
    // A restarted host counts its requests from the start.
    if (event.type === 'resync') useAccess.setState({ requests: [] });
    if (event.type === 'resync' || event.type === 'settings.changed') read();
    if (event.type === 'api.changed') useAccess.setState({ api: event.api });
  });
  return () => {
    controller.abort();
    unsubscribe();
  };
}

/** Rejects with a HostFailure. */
export async function addClient(
  host: StudioHost,
  name: string,
  scopes: readonly Scope[],
): Promise<CreatedClient> {
  const created = await host.request('clients.add', { name, scopes: [...scopes] });
  // The secret goes to the dialog alone.
  const { client_id, scopes: granted, created_at, last_used_at, webhook_url } = created;
  const client = { client_id, name: created.name, scopes: granted, created_at, last_used_at, webhook_url };
  useAccess.setState(({ clients }) => ({ clients: [...(clients ?? []), client] }));
  return created;
}

/** Rejects with a HostFailure; one that is gone already counts as removed. */
export async function removeClient(host: StudioHost, clientId: string): Promise<void> {
  try {
    await host.request('clients.remove', { client_id: clientId });
  } catch (error) {
    if (!(error instanceof HostFailure && error.code === 'CLIENT_NOT_FOUND')) throw error;
  }
  useAccess.setState(({ clients }) => ({
    clients: clients?.filter((client) => client.client_id !== clientId),
  }));
}
