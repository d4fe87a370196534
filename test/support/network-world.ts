/** The whole host over a temporary data folder, in a network that a test makes up of loopback addresses; no browser. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { TLSSocket } from 'node:tls';
import { join, resolve } from 'node:path';
import type { SettingsPatch } from '../../contract/studio/app.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../contract/studio/table.ts';
import type { Announcement } from '../../core/http/network/announcer.ts';
import { openInfluxion, type Influxion } from '../../core/influxion.ts';
import { systemClock, type PdfEngine } from '../../core/ports.ts';
import { createFileSecretStore } from '../../headless/secret-store.ts';
import { recordingLogger, type LogRecord } from './http-logger.ts';
import { pdfOf } from './job-world.ts';

const engine = (): PdfEngine => ({
  start: () => Promise.resolve(),
  print: () => Promise.resolve({ pdf: pdfOf('x'), warnings: [] }),
  concurrency: 1,
  status: () => ({
    state: 'ready',
    product: 'Fake/1',
    processes: 0,
    busyPages: 0,
    waiting: 0,
    printed: 0,
    recycled: 0,
    crashed: 0,
    problem: undefined,
  }),
  close: () => Promise.resolve(),
});

export interface LanReply {
  readonly status: number;
  readonly body: string;
  readonly fingerprint: string;
  readonly protocol: string | null;
}

export interface NetworkWorld extends AsyncDisposable {
  readonly influxion: Influxion;
  readonly folder: string;
  readonly log: LogRecord[];
  /** What is being told by mDNS. */
  readonly announced: Announcement[];
  addresses: string[];
  call<Name extends RouteName>(name: Name, input: RouteInput<Name>): Promise<RouteOutput<Name>>;
  set(patch: SettingsPatch): Promise<void>;
  /** Over TLS, verified against the certificate in the data folder. */
  ask(url: string, options?: LanRequest): Promise<LanReply>;
}

export interface LanRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2';
}

export interface NetworkOptions {
  /** Whether the page and its calls are served over HTTP; default true. */
  readonly studio?: boolean;
  /** The text of a settings file that is there before. */
  readonly settings?: string;
}

export async function openNetworkWorld(options: NetworkOptions = {}): Promise<NetworkWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'influxion-network-'));
  if (options.settings !== undefined) writeFileSync(join(folder, 'settings.json'), options.settings);
  const log: LogRecord[] = [];
  const announced: Announcement[] = [];
  const assets = resolve(import.meta.dirname, '../../assets');
  const influxion = await openInfluxion({
    paths: {
      data: folder,
      cache: join(folder, 'cache'),
      database: join(folder, 'influxion.db'),
      output: join(folder, 'output'),
      templates: join(folder, 'templates'),
      assets,
    },
    engine: engine(),
    secrets: createFileSecretStore({ folder: join(folder, 'secrets') }),
    logger: recordingLogger(log),
    clock: systemClock,
    version: '1.2.3',
    docsFolder: join(folder, 'docs'),
    ...(options.studio !== false && { pageFolder: join(folder, 'page') }),
    network: {
      ownAddresses: () => world.addresses,
      ownNames: () => ['desk', 'desk.local'],
      announcer: {
        announce: (announcement) => {
          announced.push(announcement);
          return Promise.resolve(() => {
            announced.splice(announced.indexOf(announcement), 1);
            return Promise.resolve();
          });
        },
      },
      recheckMs: 20,
    },
  });

  const world: NetworkWorld = {
    influxion,
    folder,
    log,
    announced,
    addresses: ['127.0.0.2', '127.0.0.3'],
    async call(name, input) {
      const reply = await influxion.studio.router.handle(name, input, {
        client: 'test',
        signal: new AbortController().signal,
      });
      if (!reply.ok) throw Object.assign(new Error(reply.error.message), reply.error);
      return reply.data as never;
    },
    async set(patch) {
      await world.call('settings.write', { patch });
    },
    ask: (url, { method = 'GET', headers = {}, body = '', maxVersion } = {}) =>
      new Promise((resolve, reject) => {
        const ca = readFileSync(join(folder, 'lan-certificate.pem'), 'utf8');
        const request = httpsRequest(
          url,
          { method, headers, ca, agent: false, ...(maxVersion && { minVersion: 'TLSv1', maxVersion }) },
          (reply) => {
            const { socket } = reply;
            if (!(socket instanceof TLSSocket)) {
              reject(new Error('This is no TLS'));
              return;
            }
            const fingerprint = socket.getPeerCertificate().fingerprint256;
            const protocol = socket.getProtocol();
            let text = '';
            reply.setEncoding('utf8');
            reply.on('data', (chunk: string) => (text += chunk));
            reply.on('end', () =>
              resolve({ status: reply.statusCode ?? 0, body: text, fingerprint, protocol }),
            );
          },
        );
        request.once('error', reject);
        request.end(body);
      }),
    async [Symbol.asyncDispose]() {
      await influxion.close(0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
