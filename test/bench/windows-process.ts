/**
 * Inside an Electron: one hidden window that prints by the shortest way there is, and the engine with one window, in turn.
 * Writes one line of JSON, the milliseconds of each round. It shares no code with the engine.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
// eslint-disable-next-line no-restricted-imports
import { app, BrowserWindow } from 'electron';
import { resolvePrintSettings } from '../../core/pdf/print-settings.ts';
import { hasPrivateFonts } from '../../main/engine/private-fonts.ts';
import { createWindowEngine } from '../../main/engine/window-engine.ts';
import type { BenchPage, WindowsRounds, WindowsSetup } from './windows.ts';
import { silentLogger } from './silent-logger.ts';

const setup = JSON.parse(process.env['INFLUXION_BENCH_WINDOWS'] ?? '') as WindowsSetup;
const { html, assets } = JSON.parse(readFileSync(setup.pageFile, 'utf8')) as BenchPage;
const ORIGIN = 'https://floor.invalid/';

interface PausedRequest {
  readonly requestId: string;
  readonly request: { readonly url: string };
}

function answer({ requestId, request: { url } }: PausedRequest): object {
  const asset = assets[url.slice(ORIGIN.length)];
  return {
    requestId,
    responseCode: url === ORIGIN || asset ? 200 : 404,
    responseHeaders: [{ name: 'Content-Type', value: asset?.mimeType ?? 'text/html' }],
    body: asset?.base64 ?? '',
  };
}

async function openRawWindow(): Promise<() => Promise<Uint8Array>> {
  const window = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, backgroundThrottling: false },
  });
  const { webContents: contents } = window;
  await contents.loadURL('about:blank');
  const { debugger: page } = contents;
  page.attach('1.3');
  page.on('message', (_event, method: string, params: PausedRequest) => {
    if (method === 'Fetch.requestPaused') void page.sendCommand('Fetch.fulfillRequest', answer(params));
  });
  await page.sendCommand('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
  await page.sendCommand('Page.enable');
  await contents.loadURL(ORIGIN);
  const { frameTree } = (await page.sendCommand('Page.getFrameTree')) as {
    readonly frameTree: { readonly frame: { readonly id: string } };
  };
  return async () => {
    await page.sendCommand('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
    await page.sendCommand('Runtime.evaluate', {
      expression: 'Promise.all([...document.images].map((image) => image.decode()))',
      awaitPromise: true,
    });
    return contents.printToPDF({ printBackground: true, preferCSSPageSize: true, pageSize: 'A4' });
  };
}

async function timed(count: number, print: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let done = 0; done < count; done += 1) await print();
  return performance.now() - started;
}

async function measure(): Promise<WindowsRounds> {
  const raw = await openRawWindow();
  const { cacheDir, fontsDir } = setup;
  const engine = createWindowEngine({
    cacheDir,
    fontsDir,
    ownFonts: hasPrivateFonts({ cacheDir, fontsDir }, process.env),
    concurrency: 1,
    logger: silentLogger,
  });
  const files = new Map(
    Object.entries(assets).map(([name, { base64, mimeType }]) => [
      name,
      { bytes: Buffer.from(base64, 'base64'), mimeType },
    ]),
  );
  const settings = resolvePrintSettings({}, { header: undefined, footer: undefined });
  const product = () =>
    engine.print({
      html,
      settings,
      assets: (name) => files.get(name),
      scripts: false,
      timeoutMs: 60_000,
      signal: new AbortController().signal,
    });
  for (const warm of [raw, product]) await timed(Math.ceil(setup.count / 5), warm);
  const rounds: { floorMs: number; engineMs: number }[] = [];
  for (let round = 0; round < setup.rounds; round += 1) {
    rounds.push({ floorMs: await timed(setup.count, raw), engineMs: await timed(setup.count, product) });
  }
  await engine.close();
  return { electron: process.versions.electron, rounds };
}

app.on('window-all-closed', () => undefined);
void app.whenReady().then(async () => {
  app.setPath('userData', path.join(setup.cacheDir, 'user-data'));
  try {
    process.stdout.write(`${JSON.stringify(await measure())}\n`, () => app.exit(0));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  }
});
