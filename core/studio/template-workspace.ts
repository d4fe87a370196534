/** The library as the studio works on it: its files with their history, and what other programs do to it. */
import type { Clock, Logger } from '../ports.ts';
import type { Db } from '../store/db.ts';
import { diskCalls, type DiskCalls } from '../store/durable-file.ts';
import { LibraryFolder } from '../templates/library/library-folder.ts';
import { watchLibrary } from '../templates/library/library-watch.ts';
import { TemplateFiles } from '../templates/library/template-files.ts';
import { safeSegments } from '../templates/library/template-names.ts';
import type { EditableLibrary } from '../templates/template.ts';
import type { StudioEventHub } from './event-hub.ts';
import { HISTORY_BOUNDS, TemplateHistory } from './template-history.ts';
import { TemplateEditing } from './template-editing.ts';
import { TemplateNews } from './template-news.ts';
import { TemplateShelf } from './template-shelf.ts';
import { TemplateTurns } from './template-turns.ts';

export interface TemplateWorkspaceDeps {
  readonly library: EditableLibrary;
  /** The library folder, the one that `library` was made for. */
  readonly folder: string;
  readonly db: Db;
  readonly events: StudioEventHub;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the real one. */
  readonly disk?: DiskCalls;
  /** See LibraryWatchOptions. */
  readonly folderCheckMs?: number;
}

export interface TemplateWorkspace {
  readonly library: EditableLibrary;
  /** The library folder. */
  readonly folder: string;
  readonly editing: TemplateEditing;
  readonly shelf: TemplateShelf;
  readonly history: TemplateHistory;
  /** Resolves once changes by other programs are noticed. */
  readonly ready: Promise<void>;
  /** Finishes what is under way; to be called before the database is closed. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Watches the library folder from now on and clears old things away once a day. */
export function openTemplateWorkspace(deps: TemplateWorkspaceDeps): TemplateWorkspace {
  const { library, events, clock, logger } = deps;
  const folder = new LibraryFolder(deps.folder);
  const files = new TemplateFiles(folder, deps.disk ?? diskCalls, logger);
  const history = new TemplateHistory({ db: deps.db, clock, bounds: HISTORY_BOUNDS });
  const news = new TemplateNews(folder, events);
  const turns = new TemplateTurns();
  const editing = new TemplateEditing({ library, files, history, news, turns, logger });
  const shelf = new TemplateShelf({ library, folder, files, editing, history, news, turns, clock, logger });

  const inBackground = (work: Promise<unknown>): void => {
    work.catch((error: unknown) =>
      logger.warn({ err: error }, 'The template library could not be looked at'),
    );
  };
  const look = async (names: readonly string[]): Promise<void> => {
    await news.look();
    // Nobody knows what a folder that was exchanged holds.
    for (const name of names.length > 0 ? names : news.known) {
      if (safeSegments(name)?.length === 1) await editing.look(name);
    }
  };
  const watch = watchLibrary({
    folder: deps.folder,
    logger,
    onChange: (names) => inBackground(look(names)),
    ...(deps.folderCheckMs !== undefined && { folderCheckMs: deps.folderCheckMs }),
  });
  const sweep = (): void => inBackground(shelf.sweep());
  const daily = setInterval(sweep, DAY_MS);
  daily.unref();
  sweep();

  return {
    library,
    folder: deps.folder,
    editing,
    shelf,
    history,
    ready: Promise.all([news.begin(), watch.ready]).then(() => undefined),
    async close() {
      clearInterval(daily);
      await watch.close();
      await turns.idle();
    },
  };
}
