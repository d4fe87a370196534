/** The preview pane in a browser, on a server whose host is scripted: every preview waits for the test's answer or gets the standing one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { StudioEvent } from '../../contract/studio/event.ts';
import { encodeFrame, FRAME_TYPE } from '../../contract/studio/frame.ts';
import type { PreviewInput, PreviewOutput } from '../../contract/studio/preview.ts';
import type { StudioFailure, StudioReply } from '../../contract/studio/route.ts';
import { loadPage, PAGE_CSP, type PageFile } from '../../core/http/studio/studio-page.ts';
import { pageConfig } from '../../scripts/page.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/preview-page', import.meta.url));

export type PreviewAnswer = StudioReply<PreviewOutput>;

/** A preview that was asked for. */
export interface Asked {
  readonly input: PreviewInput;
  answer(answer: PreviewAnswer): void;
}

export interface PreviewWorld extends AsyncDisposable {
  readonly url: string;
  /** In the order they came. */
  readonly asked: Asked[];
  /** What is answered at once; undefined leaves it to `asked[…].answer`. */
  standing: ((input: PreviewInput) => PreviewAnswer) | undefined;
  /** Answers of every other call, by its name. */
  readonly others: Record<string, object>;
  /** Tells the page of something that happened. */
  emit(event: StudioEvent): void;
  /** Resolves when so many previews have been asked for. */
  whenAsked(count: number): Promise<Asked>;
}

export const shown = (bytes: Uint8Array, changes: Partial<PreviewOutput> = {}): PreviewAnswer => ({
  ok: true,
  data: {
    bytes: new Uint8Array(bytes),
    pages: 1,
    places: [],
    warnings: [],
    conformance: [],
    timings_ms: { render: 2.4, print: 11.8, conform: 0, total: 15.1 },
    passes: 1,
    ...changes,
  },
});

export const failed = (changes: Partial<StudioFailure>): PreviewAnswer => ({
  ok: false,
  error: { code: 'TEMPLATE_SYNTAX', message: 'It failed.', hint: null, errors: [], detail: null, ...changes },
});

/** Builds the page once; returns its folder. */
export async function buildPreviewPage(): Promise<string> {
  const out = await mkdtemp(path.join(tmpdir(), 'influxion-preview-'));
  await build({ ...pageConfig(out), root: FIXTURE });
  return out;
}

export async function openPreviewWorld(out: string): Promise<PreviewWorld> {
  const files = await loadPage(path.join(out, 'renderer'));
  const listeners = new Set<() => void>();
  const streams = new Set<ServerResponse>();

  const answerPreview = (input: PreviewInput): Promise<PreviewAnswer> =>
    new Promise((resolve) => {
      world.asked.push({ input, answer: resolve });
      if (world.standing !== undefined) resolve(world.standing(input));
      for (const listener of listeners) listener();
    });

  const call = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const input = JSON.parse((await buffer(request)).toString()) as PreviewInput;
    const reply =
      name === 'preview.render'
        ? await answerPreview(input)
        : { ok: true as const, data: world.others[name] ?? {} };
    const isFrame = reply.ok && 'bytes' in reply.data;
    response.setHeader('content-type', isFrame ? FRAME_TYPE : 'application/json');
    response.end(isFrame ? encodeFrame(reply) : JSON.stringify(reply));
  };

  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (url === '/studio/events') {
      streams.add(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      return;
    }
    const name = /^\/studio\/rpc\/(.+)$/.exec(url)?.[1];
    if (name === undefined) void sendFile(files.get(url), response);
    else void call(name, request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));

  const world: PreviewWorld = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: [],
    standing: undefined,
    others: {},
    emit(event) {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
    },
    whenAsked: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          const last = world.asked[count - 1];
          if (last === undefined) return;
          listeners.delete(look);
          resolve(last);
        };
        listeners.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return world;
}

async function sendFile(file: PageFile | undefined, response: ServerResponse): Promise<void> {
  response.setHeader('content-security-policy', PAGE_CSP);
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': file.mimeType }).end(await file.read());
}

export const removePreviewPage = (out: string): Promise<void> => rm(out, { recursive: true, force: true });
