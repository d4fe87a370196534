/** Hot folders, for the owner of the host. */
import { z } from 'zod';
import {
  AddHotFolderRequest,
  ChangeHotFolderRequest,
  HotFileList,
  HotFolder,
  HotFolderList,
} from '../hot-folder.ts';
import { Nothing, route } from './route.ts';

const Target = z.strictObject({ id: z.int() });

export const hotFolderRoutes = {
  'hot_folders.list': route(Nothing, HotFolderList),
  'hot_folders.add': route(AddHotFolderRequest, HotFolder),
  'hot_folders.change': route(ChangeHotFolderRequest.extend({ id: z.int() }), HotFolder),
  /** No longer watched; its files stay. */
  'hot_folders.remove': route(Target, z.object({})),
  /** The latest data files. */
  'hot_folders.files': route(Target.extend({ limit: z.int().min(1).max(500).default(100) }), HotFileList),
};
