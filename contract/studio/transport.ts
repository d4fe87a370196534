import { TransportStatus } from '../transport.ts';
import { Nothing, route } from './route.ts';

/** Where jobs run, the broker and its workers; `transport.changed` tells of changes. */
export const transportRoutes = {
  'transport.status': route(Nothing, TransportStatus),
};
