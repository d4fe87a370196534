/**
 * A window in a browser of its own that is watched no more than a person's: keys, clicks and questions over a pipe, and no
 * domain of the protocol enabled. Playwright enables `Network`, for which Chromium keeps the bodies of answers, up to 200 MB
 * a page: who measures memory beside it measures that.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CdpSession } from '../../core/pdf/page/cdp-session.ts';
import { CdpConnection } from '../../headless/engine/cdp-connection.ts';
import { findBrowser, type FoundBrowser } from '../../headless/engine/find-browser.ts';
import { benchCache } from './floor-browser.ts';

const VIEWPORT = { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false };
/** What takes longer has hung. */
const LONGEST_MS = 60_000;
const BETWEEN_LOOKS_MS = 50;

/** By `KeyboardEvent.key`. */
const KEY_CODES: Readonly<Record<string, number>> = { Backspace: 8, End: 35 };
const CONTROL = 2;

export class PlainWindow implements AsyncDisposable {
  /** The browser's process. */
  readonly pid: number;
  readonly #session: CdpSession;
  readonly #close: () => Promise<void>;

  private constructor(pid: number, session: CdpSession, close: () => Promise<void>) {
    this.pid = pid;
    this.#session = session;
    this.#close = close;
  }

  static async open(): Promise<PlainWindow> {
    const profile = await mkdtemp(join(tmpdir(), 'influxion-window-'));
    const child = spawnBrowser(await findBrowser({ browser: undefined, cacheDir: benchCache }), profile);
    const left = once(child, 'exit');
    const connection = new CdpConnection(child.stdio[3] as Writable, child.stdio[4] as Readable);
    const { targetInfos } = (await connection.send('Target.getTargets')) as {
      targetInfos: { type: string; targetId: string }[];
    };
    const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
    const attached = await connection.send('Target.attachToTarget', { targetId, flatten: true });
    const session = connection.session(String(attached['sessionId']));
    await session.send('Emulation.setDeviceMetricsOverride', VIEWPORT);
    return new PlainWindow(child.pid ?? 0, session, async () => {
      connection.close('The window was closed');
      await left;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  async goTo(url: string): Promise<void> {
    await this.#session.send('Page.navigate', { url }, LONGEST_MS);
  }

  /** The value of an expression, or of a function that uses nothing from around it; awaited when it is a promise. */
  async evaluate<Value>(work: string | (() => Value | Promise<Value>)): Promise<Value> {
    const expression = typeof work === 'string' ? work : `(${work.toString()})()`;
    const { result, exceptionDetails } = (await this.#session.send(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      LONGEST_MS,
    )) as { result: { value: Value }; exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) throw new Error(`${exceptionDetails.text}: ${expression}`);
    return result.value;
  }

  /** Waits until the expression is true. */
  async until(expression: string): Promise<void> {
    const deadline = performance.now() + LONGEST_MS;
    while (!(await this.evaluate<boolean>(`Boolean(${expression})`))) {
      if (performance.now() > deadline) throw new Error(`Not true after ${LONGEST_MS} ms: ${expression}`);
      await sleep(BETWEEN_LOOKS_MS);
    }
  }

  /** Clicks in the middle of the first element of a selector that holds this text, once it is there. */
  async click(selector: string, text = ''): Promise<void> {
    const found = `[...document.querySelectorAll('${selector}')].find((one) => one.textContent.includes('${text}'))`;
    await this.until(found);
    const [x, y] = await this.evaluate<[number, number]>(
      `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(${found}.getBoundingClientRect())`,
    );
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.#session.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  /** A character, or one of KEY_CODES. */
  async press(key: string, { control = false } = {}): Promise<void> {
    const code = KEY_CODES[key];
    const event = {
      key,
      modifiers: control ? CONTROL : 0,
      ...(code === undefined ? { text: key } : { code: key, windowsVirtualKeyCode: code }),
    };
    const down = code === undefined ? 'keyDown' : 'rawKeyDown';
    for (const type of [down, 'keyUp'])
      await this.#session.send('Input.dispatchKeyEvent', { type, ...event });
  }

  async collectGarbage(): Promise<void> {
    await this.#session.send('HeapProfiler.collectGarbage');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

function spawnBrowser({ path, kind, libraries }: FoundBrowser, profile: string) {
  const flags = [
    kind === 'shell' ? '--headless' : '--headless=new',
    // As root Chromium refuses to start with its sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--no-first-run',
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
  ];
  return spawn(path, [...flags, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A session of its own, as a person's browser is not of the terminal in which the host runs: sessions share the cores.
    detached: true,
    env: { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) },
  });
}
