/** The templates workspace over a real library folder and a real database, with a clock that stands still. */
import { join } from 'node:path';
import type { StudioEvent } from '../../contract/studio/event.ts';
import { InfluxionError } from '../../core/error.ts';
import type { DiskCalls } from '../../core/store/durable-file.ts';
import { openDatabase } from '../../core/store/sqlite.ts';
import { StudioEventHub } from '../../core/studio/event-hub.ts';
import { createTemplateHandlers, type TemplateHandlers } from '../../core/studio/template-handlers.ts';
import { openTemplateWorkspace } from '../../core/studio/template-workspace.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { recordingLogger, type LogRecord } from './http-logger.ts';
import { libraryWorld, type LibraryWorld } from './template-folders.ts';

export interface WorkspaceWorld extends LibraryWorld {
  readonly call: <Name extends keyof TemplateHandlers>(
    name: Name,
    input: Parameters<TemplateHandlers[Name]>[0],
  ) => Promise<Awaited<ReturnType<TemplateHandlers[Name]>>>;
  /** The error of a call that must fail. */
  readonly failure: <Name extends keyof TemplateHandlers>(
    name: Name,
    input: Parameters<TemplateHandlers[Name]>[0],
  ) => Promise<InfluxionError>;
  readonly log: readonly LogRecord[];
  /** All that was told: ids of templates, null for the list. */
  readonly told: readonly (string | null)[];
  /** Resolves with the paths that are told when this has been told once more than so far. */
  hears(id: string | null): Promise<readonly string[]>;
  advance(ms: number): void;
  /** Ends the workspace and opens it again over the same folder and database. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkspaceWorldOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly disk?: DiskCalls;
}

export async function workspaceWorld(options: WorkspaceWorldOptions = {}): Promise<WorkspaceWorld> {
  const world = await libraryWorld(options.files);
  const records: LogRecord[] = [];
  const logger = recordingLogger(records);
  const told: (string | null)[] = [];
  const events = new StudioEventHub();
  events.subscribe((event: StudioEvent) => {
    if (event.type === 'templates.changed') told.push(event.id);
  });
  let passed = 0;
  const clock = {
    now: () => Date.UTC(2026, 0, 15, 12) + passed,
    monotonic: () => passed,
  };

  const open = async () => {
    const db = openDatabase(join(world.outside, 'influxion.db'), { logger });
    const workspace = openTemplateWorkspace({
      library: createTemplateLibrary({ folder: world.folder, logger }),
      folder: world.folder,
      db,
      events,
      clock,
      logger,
      folderCheckMs: 20,
      ...(options.disk && { disk: options.disk }),
    });
    await workspace.ready;
    const handlers = createTemplateHandlers(workspace);
    const close = async (): Promise<void> => {
      await workspace.close();
      db.close();
    };
    return { handlers, close };
  };
  let running = await open();

  const context = { client: 'test', signal: new AbortController().signal };
  const call: WorkspaceWorld['call'] = async (name, input) => {
    const handler = running.handlers[name] as (given: unknown, of: typeof context) => unknown;
    return (await handler(input, context)) as never;
  };

  return {
    ...world,
    call,
    async failure(name, input) {
      const error: unknown = await call(name, input).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (InfluxionError.is(error)) return error;
      throw new Error(`${name} did not fail with words`, { cause: error });
    },
    log: records,
    told,
    hears(id) {
      return new Promise((resolve) => {
        const stop = events.subscribe((event) => {
          if (event.type !== 'templates.changed' || event.id !== id) return;
          stop();
          resolve(event.paths);
        });
      });
    },
    advance(ms) {
      passed += ms;
    },
    async restart() {
      await running.close();
      running = await open();
    },
    async close() {
      await running.close();
      await world.remove();
    },
  };
}
