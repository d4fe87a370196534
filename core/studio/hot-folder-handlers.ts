import type { HotFolders } from '../hot-folders/hot-folders.ts';
import type { StudioHandlers } from './router.ts';

type HotFolderHandlers = Pick<
  StudioHandlers,
  'hot_folders.list' | 'hot_folders.add' | 'hot_folders.change' | 'hot_folders.remove' | 'hot_folders.files'
>;

/** Hot folders, for the owner of the host. */
export function createHotFolderHandlers(hotFolders: HotFolders): HotFolderHandlers {
  return {
    'hot_folders.list': () => hotFolders.list(),
    'hot_folders.add': (request) => hotFolders.add(request),
    'hot_folders.change': ({ id, paused }) => hotFolders.change(id, { paused }),
    'hot_folders.remove': async ({ id }) => {
      await hotFolders.remove(id);
      return {};
    },
    'hot_folders.files': ({ id, limit }) => hotFolders.files(id, limit),
  };
}
