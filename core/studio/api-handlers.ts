import type { AccessService } from '../auth/access-service.ts';
import type { ApiState } from '../../contract/studio/api.ts';
import type { StudioHandlers } from './router.ts';
import type { SeenRequests } from './seen-requests.ts';

export interface ApiHandlerDeps {
  readonly access: AccessService;
  readonly requests: SeenRequests;
  readonly state: () => ApiState;
}

type ApiHandlers = Pick<
  StudioHandlers,
  'api.state' | 'api.requests' | 'clients.list' | 'clients.add' | 'clients.remove'
>;

/** The HTTP API and its clients, for their owner. */
export function createApiHandlers({ access, requests, state }: ApiHandlerDeps): ApiHandlers {
  return {
    'api.state': () => state(),
    'api.requests': () => ({ requests: requests.list() }),
    'clients.list': () => ({ clients: access.listClients() }),
    'clients.add': ({ name, scopes }) => access.createClient({ name, ...(scopes && { scopes }) }),
    'clients.remove': ({ client_id }) => {
      access.removeClient(client_id);
      return {};
    },
  };
}
