/** Every call of the studio: the audited list of what its page can do, the same over IPC and HTTP. */
import type { z } from 'zod';
import { apiRoutes } from './api.ts';
import { appRoutes } from './app.ts';
import { batchRoutes } from './batches.ts';
import { hotFolderRoutes } from './hot-folders.ts';
import { jobRoutes } from './jobs.ts';
import { keyRoutes } from './keys.ts';
import { previewRoutes } from './preview.ts';
import { templateRoutes } from './templates.ts';
import { transportRoutes } from './transport.ts';
import { verifyRoutes } from './verify.ts';
import { webhookRoutes } from './webhooks.ts';

export const studioRoutes = {
  ...appRoutes,
  ...templateRoutes,
  ...previewRoutes,
  ...jobRoutes,
  ...batchRoutes,
  ...apiRoutes,
  ...keyRoutes,
  ...verifyRoutes,
  ...transportRoutes,
  ...webhookRoutes,
  ...hotFolderRoutes,
};

export type StudioRoutes = typeof studioRoutes;
export type RouteName = keyof StudioRoutes;
/** As a caller writes it. */
export type RouteInput<Name extends RouteName> = z.input<StudioRoutes[Name]['input']>;
/** As a handler reads it. */
export type ParsedInput<Name extends RouteName> = z.output<StudioRoutes[Name]['input']>;
export type RouteOutput<Name extends RouteName> = z.output<StudioRoutes[Name]['output']>;

export const isRouteName = (name: string): name is RouteName => Object.hasOwn(studioRoutes, name);
