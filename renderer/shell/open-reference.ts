import { referenceUrl } from '../host/reference.ts';
import type { StudioHost } from '../host/studio-host.ts';
import { toast } from '../ui/toast.tsx';
import { useShell } from './shell-store.ts';

/** Opens the API's reference, or says why there is none now. */
export async function openReference(host: StudioHost): Promise<void> {
  try {
    const url = referenceUrl(host, await host.request('api.state', {}));
    if (url !== undefined) {
      open(url, '_blank', 'noopener');
      return;
    }
    toast({
      title: 'The reference comes with the API, which is off',
      action: { label: 'Settings', run: () => useShell.getState().go('settings') },
      id: 'reference',
    });
  } catch (error) {
    toast({
      title: 'The reference could not be opened',
      detail: error instanceof Error ? error.message : String(error),
      tone: 'warn',
      id: 'reference',
    });
  }
}
