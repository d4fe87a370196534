/** Hot folders over real batches and a real queue; the pipeline prints the template and its data as text. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HotFile, HotFolder } from '../../contract/hot-folder.ts';
import { InfluxionError } from '../../core/error.ts';
import { createHotFolders, type HotFolders } from '../../core/hot-folders/hot-folders.ts';
import { systemClock } from '../../core/ports.ts';
import { openBatchWorld, type BatchWorld, type BatchWorldOptions } from './batch-world.ts';
import { pdfOf, silentLogger } from './job-world.ts';

export interface HotFolderWorld extends AsyncDisposable {
  readonly batchWorld: BatchWorld;
  readonly hotFolders: HotFolders;
  /** The one that is watched. */
  readonly folder: string;
  readonly hot: HotFolder;
  drop(name: string, content: string | object): void;
  /** Names below the folder, without what lies out of sight; those of `out`, `done` and `failed` with their shelf. */
  names(shelf?: 'out' | 'done' | 'failed'): string[];
  files(): HotFile[];
  now(): HotFolder;
  /** Leaves the folders. */
  close(): Promise<void>;
}

export const TIMES = { settleMs: 60, lookMs: 100, pollMs: 50 };

const isShelf = (name: string): boolean => ['out', 'done', 'failed'].includes(name) || name.startsWith('.');

/** Data with `fail` in it becomes no document. */
const run: NonNullable<BatchWorldOptions['run']> =
  (library) =>
  async ({ html_template, data }, { onStage }) => {
    onStage('render');
    const { html } = await library.load(html_template.id ?? '');
    if (typeof data === 'object' && data !== null && 'fail' in data) {
      throw new InfluxionError('TEMPLATE_MISSING_FIELD', 'The data lacks "total".', {
        template: 'html',
        line: 3,
      });
    }
    onStage('print');
    return { pdf: pdfOf(`${html} ${JSON.stringify(data)}`), warnings: [], timings: {} };
  };

export interface HotFolderWorldOptions {
  readonly root?: string;
  readonly name?: string;
  readonly poll?: boolean;
  readonly atOnce?: number;
}

export async function openHotFolderWorld(options: HotFolderWorldOptions = {}): Promise<HotFolderWorld> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'influxion-hot-'));
  const folder = join(root, 'hot');
  const data = join(root, 'data');
  mkdirSync(join(data, 'templates', 'invoice'), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(data, 'templates', 'invoice', 'template.html'), 'Invoice');
  const batchWorld = await openBatchWorld({ folder: data, run });
  const hotFolders = createHotFolders({
    db: batchWorld.jobs.db,
    batches: batchWorld.batches,
    clock: systemClock,
    logger: silentLogger,
    dataFolder: data,
    admit: async ({ html_template: { id } }) => batchWorld.library.load(id ?? ''),
    times: TIMES,
    ...(options.atOnce !== undefined && { atOnce: options.atOnce }),
  });
  hotFolders.start();
  const hot =
    hotFolders.list().folders[0] ??
    (await hotFolders.add({
      folder,
      template_id: 'invoice',
      poll: options.poll ?? false,
      ...(options.name !== undefined && { name: options.name }),
    }));
  const close = async (): Promise<void> => {
    await hotFolders.close();
    await batchWorld.close();
  };
  return {
    batchWorld,
    hotFolders,
    folder,
    hot,
    drop: (name, content) =>
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content)),
    names: (shelf) =>
      readdirSync(shelf === undefined ? folder : join(folder, shelf))
        .filter((name) => shelf !== undefined || !isShelf(name))
        .sort(),
    files: () => hotFolders.files(hot.id, 500).files,
    now: () => hotFolders.list().folders[0] ?? hot,
    close,
    async [Symbol.asyncDispose]() {
      await close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
