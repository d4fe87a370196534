/**
 * The floor: the least that any program can do to print with this browser. Raw CDP over a pipe to the same binary with
 * the same fonts: P processes × 1 hosted page, `Page.setDocumentContent` + `Page.printToPDF` in a loop. It shares no code with
 * the product's engine, so that a fault there cannot lower the bar.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const ORIGIN = 'https://floor.invalid/';
const CSP =
  "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:";

export interface FloorDocument {
  readonly html: string;
  readonly assets: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly mimeType: string }>;
}

export interface Browser {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

type Reply = Record<string, unknown>;

class FloorPage {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #out: Writable;
  readonly #pending = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #next = 1;
  #session: string | undefined;
  #frame = '';
  #onLoad: (() => void) | undefined;
  #assets: FloorDocument['assets'] = new Map();

  private constructor(child: ChildProcess, profile: string) {
    this.#child = child;
    this.#profile = profile;
    this.#out = child.stdio[3] as Writable;
    this.#read(child.stdio[4] as Readable);
  }

  static async launch(browser: Browser): Promise<FloorPage> {
    const profile = await mkdtemp(join(tmpdir(), 'influxion-floor-'));
    const child = spawn(
      browser.path,
      [...browser.args, `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank'],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        env: browser.env,
      },
    );
    const page = new FloorPage(child, profile);
    const { targetInfos } = (await page.#send('Target.getTargets')) as {
      targetInfos: { type: string; targetId: string }[];
    };
    const target =
      targetInfos.find((info) => info.type === 'page')?.targetId ??
      ((await page.#send('Target.createTarget', { url: 'about:blank' }))['targetId'] as string);
    const { sessionId } = (await page.#send('Target.attachToTarget', {
      targetId: target,
      flatten: true,
    })) as { sessionId: string };
    page.#session = sessionId;
    await page.#send('Page.enable');
    await page.#send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    const loaded = new Promise<void>((resolve) => (page.#onLoad = resolve));
    page.#frame = (await page.#send('Page.navigate', { url: ORIGIN }))['frameId'] as string;
    await loaded;
    return page;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async print(document: FloorDocument, tagged = false): Promise<Uint8Array> {
    this.#assets = document.assets;
    await this.#send('Page.setDocumentContent', { frameId: this.#frame, html: document.html });
    if (document.assets.size > 0) await this.#imagesDecoded();
    const { data } = (await this.#send('Page.printToPDF', {
      printBackground: true,
      preferCSSPageSize: true,
      generateTaggedPDF: tagged,
      generateDocumentOutline: false,
      paperWidth: 210 / 25.4,
      paperHeight: 297 / 25.4,
    })) as { data: string };
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
    await rm(this.#profile, { recursive: true, force: true });
  }

  async #imagesDecoded(): Promise<void> {
    await this.#send('Runtime.evaluate', {
      expression: 'Promise.all([...document.images].map((image) => image.decode()))',
      awaitPromise: true,
    });
  }

  async #send(method: string, params: object = {}): Promise<Reply> {
    const id = this.#next++;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    const reply = new Promise<Reply>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#out.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return reply;
  }

  #read(input: Readable): void {
    let chunks: Buffer[] = [];
    input.on('data', (chunk: Buffer) => {
      let rest = chunk;
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        chunks.push(rest.subarray(0, end));
        this.#receive(JSON.parse(Buffer.concat(chunks).toString()) as Reply);
        chunks = [];
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 0) chunks.push(rest);
    });
  }

  #receive(message: Reply): void {
    if (message['method'] === 'Fetch.requestPaused') {
      void this.#answer(message['params'] as { requestId: string; request: { url: string } });
      return;
    }
    if (message['method'] === 'Page.loadEventFired') this.#onLoad?.();
    const waiting = this.#pending.get(message['id'] as number);
    if (!waiting) return;
    this.#pending.delete(message['id'] as number);
    const error = message['error'] as { message: string } | undefined;
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(message['result'] as Reply);
  }

  async #answer({ requestId, request }: { requestId: string; request: { url: string } }): Promise<void> {
    const asset = this.#assets.get(request.url.slice(ORIGIN.length));
    await this.#send('Fetch.fulfillRequest', {
      requestId,
      responseCode: request.url === ORIGIN || asset ? 200 : 404,
      responseHeaders: [
        { name: 'Content-Type', value: asset?.mimeType ?? 'text/html' },
        { name: 'Content-Security-Policy', value: CSP },
      ],
      body: asset ? Buffer.from(asset.bytes).toString('base64') : '',
    });
  }
}

export class Floor {
  readonly #pages: FloorPage[];

  private constructor(pages: FloorPage[]) {
    this.#pages = pages;
  }

  static async start(browser: Browser, processes: number): Promise<Floor> {
    return new Floor(await Promise.all(Array.from({ length: processes }, () => FloorPage.launch(browser))));
  }

  get pids(): number[] {
    return this.#pages.map((page) => page.pid);
  }

  async printOnce(document: FloorDocument): Promise<Uint8Array> {
    const [page] = this.#pages;
    if (!page) throw new Error('The floor has no page.');
    return page.print(document);
  }

  /** Prints `count` documents on all pages; the milliseconds of each. */
  async run(document: FloorDocument, count: number, tagged: boolean): Promise<number[]> {
    const latencies: number[] = [];
    let left = count;
    await Promise.all(
      this.#pages.map(async (page) => {
        while (left-- > 0) {
          const started = performance.now();
          await page.print(document, tagged);
          latencies.push(performance.now() - started);
        }
      }),
    );
    return latencies;
  }

  async close(): Promise<void> {
    await Promise.all(this.#pages.map((page) => page.close()));
  }
}
