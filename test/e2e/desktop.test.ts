/** The desktop app as a person has it, on a real, older Electron: windows, calls, printing, leaving. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildApp, dataFolder, startApp, type BuiltApp, type RunningApp } from '../vehicle/app.ts';
import { Studio } from '../support/studio-pages/studio.ts';
import { findVehicle } from '../vehicle/fetch-electron.ts';
import { openScreen, type Screen } from '../vehicle/screen.ts';
import {
  endsWhatNeverEnds,
  followsAnEdit,
  leadsToTheBrokenLine,
  outlivesItsFolder,
  saysWhereDataIsNoJson,
} from './edited-templates.ts';
import { goesByThePalette, keepsNobodyOut } from './every-screen.ts';
import { makesABatch } from './made-batches.ts';
import { cancelsARunningJob, mendsAFailedJob } from './mended-jobs.ts';
import { provesDocuments } from './proven-documents.ts';
import type { SpecHost } from './spec-host.ts';

const program = await findVehicle();
const LONG_MS = 90_000;
const WAIT = { timeout: 30_000 };

interface Answer {
  readonly ok: boolean;
  readonly data: Record<string, unknown>;
}

describe.skipIf(program === undefined)('the desktop app', () => {
  let built: BuiltApp;
  let screen: Screen;
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let running: RunningApp | undefined;

  beforeAll(async () => {
    [built, screen] = await Promise.all([buildApp(), openScreen()]);
  }, 2 * LONG_MS);
  afterAll(async () => {
    await built[Symbol.asyncDispose]();
    await screen[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    data = await dataFolder();
  });
  afterEach(async () => {
    await running?.quit();
    running = undefined;
    await data.remove();
  });

  const start = async (args: readonly string[] = []): Promise<RunningApp> => {
    running = await startApp({
      program: program ?? '',
      folder: built.folder,
      data: data.path,
      environment: screen.environment,
      args,
    });
    return running;
  };
  const submit = async (app: RunningApp, content: string, timeout = 20_000): Promise<number> => {
    const request = {
      html_template: { content },
      data: { name: 'Ada' },
      options: { timeout_ms: timeout, scripts: true },
    };
    const answer = (await app.ask('jobs.submit', { request })) as Answer;
    expect(answer).toMatchObject({ ok: true });
    return Number(answer.data['id']);
  };
  const statusOf = async (app: RunningApp, id: number): Promise<unknown> => {
    const answer = (await app.ask('jobs.get', { id })) as Answer;
    return (answer.data['job'] as { status: string }).status;
  };

  it(
    'shows the studio, prints a job in a hidden window and leaves in order',
    async () => {
      const app = await start();
      const page = await app.studio();
      await page.getByText('Invoice').first().waitFor();
      const id = await submit(app, '<h1>Hello {{name}}</h1>');
      await expect.poll(() => statusOf(app, id), WAIT).toBe('Done');
      const file = (await app.ask('jobs.get', { id })) as Answer;
      expect(file.data['job']).toMatchObject({ pages: 1 });
      expect(await app.quit()).toBe(0);
    },
    LONG_MS,
  );

  it(
    'finishes what runs before it leaves (a print that quitting closes)',
    async () => {
      const app = await start();
      const wait = '<script>window.influxionReady = new Promise((go) => setTimeout(go, 1500))</script>';
      const id = await submit(app, `<p>slow${wait}`);
      await expect.poll(() => statusOf(app, id), WAIT).toBe('InProgress');
      expect(await app.quit()).toBe(0);
      const again = await start();
      expect(await statusOf(again, id)).toBe('Done');
    },
    LONG_MS,
  );

  it(
    'stays in the tray while jobs run and its window is closed, and shows itself when it is started again',
    async () => {
      const app = await start();
      const page = await app.studio();
      const wait = '<script>window.influxionReady = new Promise(() => undefined)</script>';
      const id = await submit(app, `<p>never ready${wait}`, LONG_MS);
      await expect
        .poll(() => app.app.evaluate(({ powerSaveBlocker }) => powerSaveBlocker.isStarted(0)), WAIT)
        .toBe(true);
      await page.close({ runBeforeUnload: true });
      await expect.poll(() => app.app.windows().some((open) => open.url().startsWith('app://'))).toBe(false);
      const second = spawn(
        program ?? '',
        ['--no-sandbox', `--user-data-dir=${path.join(data.path, 'profile')}`, built.folder],
        {
          env: { ...screen.environment, INFLUXION_DATA_DIR: data.path },
          stdio: 'ignore',
          timeout: WAIT.timeout,
        },
      );
      const [code] = (await once(second, 'exit')) as [number];
      expect(code).toBe(0);
      await (await app.studio()).getByText('Invoice').first().waitFor();
      expect(await app.ask('jobs.cancel', { ids: [id] })).toMatchObject({ ok: true });
    },
    LONG_MS,
  );

  it(
    'lets its page go nowhere, open nothing and reach only what the bridge has',
    async () => {
      const app = await start();
      const page = await app.studio();
      await app.app.evaluate(({ shell }) => {
        shell.openExternal = () => Promise.resolve();
      });
      for (const target of [
        'https://elsewhere.example/',
        'file:///etc/passwd',
        'data:text/html,x',
        'app://other/',
        'chrome://gpu',
      ]) {
        await page
          .evaluate((url) => {
            location.href = url;
          }, target)
          .catch(() => undefined);
        expect(await page.evaluate((url) => window.open(url) === null, target)).toBe(true);
        expect(page.url()).toMatch(/^app:\/\/studio\//);
      }
      expect(
        await page.evaluate(() =>
          Object.keys((globalThis as unknown as { influxion: object }).influxion).sort(),
        ),
      ).toEqual(['cancel', 'host', 'on', 'platform', 'request', 'showCommands', 'versions']);
      expect(
        await page.evaluate(() =>
          ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
        ),
      ).toEqual([]);
      expect(
        await page.evaluate(() =>
          fetch('https://elsewhere.example/').then(
            () => 'sent',
            () => 'blocked',
          ),
        ),
      ).toBe('blocked');
      expect(await page.evaluate(() => fetch('/../../main/main.js').then(({ status }) => status))).toBe(404);
    },
    LONG_MS,
  );

  it(
    'reads no file for a page of its session, also where no policy of a page forbids it',
    async () => {
      const app = await start();
      await app.studio();
      const shown = await app.app.evaluate(async ({ BrowserWindow, session }, file) => {
        const stray = new BrowserWindow({
          show: false,
          webPreferences: { session: session.fromPartition('persist:studio'), sandbox: true },
        });
        await stray.loadURL(`file://${file}`).catch(() => undefined);
        const text: unknown = await stray.webContents.executeJavaScript('document.body.innerText');
        stray.destroy();
        return text;
      }, '/etc/hostname');
      expect(shown).not.toContain((await readFile('/etc/hostname', 'utf8')).trim());
    },
    LONG_MS,
  );

  it(
    'copies to the clipboard when it is asked to',
    async () => {
      const app = await start();
      const page = await app.studio();
      await page.getByText('Invoice').first().waitFor();
      await page.evaluate(() => {
        location.hash = '#settings';
      });
      await page.getByRole('button', { name: 'Copy diagnostics' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const text = await app.app.evaluate(({ clipboard }) => clipboard.readText());
      expect(text).toContain('Influxion');
    },
    LONG_MS,
  );

  it(
    'says why it cannot start, and starts when that is mended',
    async () => {
      const database = path.join(data.path, 'influxion.db');
      await mkdir(path.join(database, 'in the way'), { recursive: true });
      const app = await start();
      const isNotice = (open: Page): boolean => open.url().startsWith('data:text/html');
      await expect.poll(() => app.app.windows().some(isNotice), WAIT).toBe(true);
      const notice = app.app.windows().find(isNotice);
      await notice?.getByRole('heading', { name: 'Influxion could not start' }).waitFor();
      expect(await notice?.locator('main').innerText()).not.toContain(data.path);
      await rm(database, { recursive: true });
      await notice?.getByRole('link', { name: 'Try again' }).click();
      await (await app.studio()).getByText('Invoice').first().waitFor();
    },
    LONG_MS,
  );

  it(
    'loses no job of fifty when it is left in the middle of them, and prints none twice',
    async () => {
      const app = await start();
      const wait = '<script>window.influxionReady = new Promise((go) => setTimeout(go, 100))</script>';
      const ids: number[] = [];
      for (let at = 0; at < 50; at += 1) ids.push(await submit(app, `<p>document ${at}${wait}`));
      await expect.poll(() => statusOf(app, ids[0] ?? 0), WAIT).toBe('Done');
      expect(await app.quit()).toBe(0);
      const again = await start();
      const attempts: unknown[] = [];
      for (const id of ids) {
        await expect.poll(() => statusOf(again, id), WAIT).toBe('Done');
        const answer = (await again.ask('jobs.get', { id })) as Answer;
        attempts.push((answer.data['job'] as { attempt: number }).attempt);
      }
      expect(attempts.filter((attempt) => attempt !== 1)).toEqual([]);
    },
    2 * LONG_MS,
  );

  it(
    'answers the page of the studio only, not another that has the same bridge',
    async () => {
      const app = await start();
      await app.studio();
      const reply = await app.app.evaluate(async ({ app: own, BrowserWindow }) => {
        const preload = `${own.getAppPath()}/dist/preload/preload.cjs`;
        const stranger = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, contextIsolation: true },
        });
        await stranger.loadURL('data:text/html,stranger');
        const answer: unknown = await stranger.webContents.executeJavaScript(
          `influxion.request(1, 'app.status', {})`,
        );
        stranger.destroy();
        return answer;
      });
      expect(reply).toMatchObject({ ok: false, error: { code: 'STUDIO_FORBIDDEN' } });
      expect(await app.ask('no.such.call')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    },
    LONG_MS,
  );

  it(
    'shows its page again when the renderer is killed, and jobs go on',
    async () => {
      const app = await start();
      const page = await app.studio();
      await page.getByText('Invoice').first().waitFor();
      const id = await submit(app, '<p>survivor');
      const status = (await app.app.evaluate(async ({ BrowserWindow }, job) => {
        const contents = BrowserWindow.getAllWindows().find(({ webContents }) =>
          webContents.getURL().startsWith('app://'),
        )?.webContents;
        if (contents === undefined) return 'there is no window';
        const shown = new Promise<void>((resolve) => {
          contents.once('render-process-gone', () => contents.once('did-finish-load', () => resolve()));
        });
        contents.forcefullyCrashRenderer();
        await shown;
        return contents.executeJavaScript(`(async () => {
          for (;;) {
            const { data } = await influxion.request(77, 'jobs.get', { id: ${job} });
            if (data.job.completed_at !== null) return data.job.status;
          }
        })()`) as Promise<unknown>;
      }, id)) as string;
      expect(status).toBe('Done');
    },
    LONG_MS,
  );

  const openStudio = async (): Promise<{ readonly studio: Studio; readonly spec: SpecHost }> => {
    const app = await start();
    const studio = Studio.on(await app.studio());
    await studio.library.waitFor();
    return { studio, spec: { data: data.path, writesTags: false, downloads: false } };
  };

  it(
    'prints what is edited, says what is broken and where, and loses nothing on bad days',
    async () => {
      const { studio, spec } = await openStudio();
      await followsAnEdit(studio, spec);
      await leadsToTheBrokenLine(studio, spec);
      await saysWhereDataIsNoJson(studio);
      await outlivesItsFolder(studio, spec);
      await endsWhatNeverEnds(studio, spec);
      await goesByThePalette(studio);
      expect(studio.complaints).toEqual([]);
    },
    2 * LONG_MS,
  );

  it(
    'proves documents, mends a job that failed, stops one that never ends, and makes a batch',
    async () => {
      const { studio, spec } = await openStudio();
      await provesDocuments(studio, spec);
      await mendsAFailedJob(studio, spec);
      await cancelsARunningJob(studio, spec);
      await makesABatch(studio, spec);
      expect(studio.complaints).toEqual([]);
    },
    2 * LONG_MS,
  );

  it(
    'has no accessibility violations on any screen, light and dark',
    async () => {
      const { studio } = await openStudio();
      await keepsNobodyOut(studio, 'light');
      await studio.page.keyboard.press('Escape');
      await studio.command('Use the dark theme');
      await studio.go('Templates');
      await keepsNobodyOut(studio, 'dark');
      expect(studio.complaints).toEqual([]);
    },
    2 * LONG_MS,
  );

  it(
    'hands a file that it was started with to the studio',
    async () => {
      const file = path.join(data.path, 'letter.hbs');
      await writeFile(file, '<p>Dear {{name}}</p>');
      const app = await start([file]);
      const page = await app.studio();
      // The page listens before the file is opened: the two go by connections of their own.
      const heard = await page.evaluateHandle(() => {
        const { influxion } = globalThis as unknown as {
          influxion: { on(listener: (event: { type: string; name?: string }) => void): void };
        };
        const names: unknown[] = [];
        influxion.on((event) => {
          if (event.type === 'file.opened') names.push(event.name);
        });
        return names;
      });
      await app.app.evaluate(
        ({ app: own }, opened) => void own.emit('open-file', { preventDefault: () => undefined }, opened),
        file,
      );
      await expect.poll(() => heard.jsonValue(), WAIT).toContain('letter.hbs');
    },
    LONG_MS,
  );
});
