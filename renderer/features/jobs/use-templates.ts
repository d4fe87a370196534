import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { RouteOutput } from '../../../contract/studio/table.ts';
import { useRoute, type RouteAnswer } from '../../host/use-route.ts';

const mayDiffer = ({ type }: StudioEvent): boolean => type === 'templates.changed';

/** The library, as it changes. */
export const useTemplates = (): RouteAnswer<RouteOutput<'templates.list'>> =>
  useRoute('templates.list', {}, { refreshOn: mayDiffer });
