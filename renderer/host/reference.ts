import type { ApiState } from '../../contract/studio/api.ts';
import type { StudioHost } from './studio-host.ts';

/** Where the API's reference is read. In the desktop app the API itself serves it: undefined while that is off. */
export function referenceUrl({ capabilities }: StudioHost, api: ApiState): string | undefined {
  if (capabilities.kind === 'browser') return '/docs';
  const [first] = api.urls;
  return first === undefined ? undefined : `${first}/docs`;
}
