/** The templates screen's host: a real library folder with the sample templates, its history in a real database; jobs are scripted. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../core/ports.ts';
import { openDatabase } from '../../../core/store/sqlite.ts';
import { StudioEventHub } from '../../../core/studio/event-hub.ts';
import type { StudioHandlers } from '../../../core/studio/router.ts';
import { createTemplateHandlers } from '../../../core/studio/template-handlers.ts';
import { openTemplateWorkspace } from '../../../core/studio/template-workspace.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import { recordingLogger } from '../http-logger.ts';

const SAMPLES = path.resolve(import.meta.dirname, '../../../assets/samples');

export interface TemplatesWorld extends AsyncDisposable {
  /** Of the library. */
  readonly folder: string;
  readonly handlers: Partial<StudioHandlers>;
  readonly hub: StudioEventHub;
  readonly submitted: unknown[];
}

export async function openTemplatesWorld(): Promise<TemplatesWorld> {
  const root = await mkdtemp(path.join(tmpdir(), 'influxion-templates-'));
  const folder = path.join(root, 'templates');
  await cp(SAMPLES, folder, { recursive: true });
  const logger = recordingLogger([]);
  const hub = new StudioEventHub();
  const db = openDatabase(path.join(root, 'influxion.db'), { logger });
  const library = createTemplateLibrary({ folder, logger });
  const workspace = openTemplateWorkspace({ library, folder, db, events: hub, clock: systemClock, logger });
  await workspace.ready;
  const submitted: unknown[] = [];
  return {
    folder,
    hub,
    submitted,
    handlers: {
      ...createTemplateHandlers(workspace),
      'jobs.submit': ({ request }) => {
        submitted.push(request);
        return { id: submitted.length };
      },
    },
    async [Symbol.asyncDispose]() {
      await workspace.close();
      db.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
