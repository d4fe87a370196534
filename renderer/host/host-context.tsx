import { createContext, use } from 'react';
import type { StudioHost } from './studio-host.ts';

const Context = createContext<StudioHost | undefined>(undefined);

/** Gives the host to what stands below: `<HostProvider value={host}>`. */
export const HostProvider = Context.Provider;

/** The host of this page. Throws outside a HostProvider. */
export function useHost(): StudioHost {
  const host = use(Context);
  if (host === undefined) throw new Error('useHost needs a HostProvider above it');
  return host;
}
