/** The hidden-window engine of the vehicle as a PdfEngine of the tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { InfluxionError } from '../../core/error.ts';
import { SHIPPED_FAMILIES } from '../../core/pdf/font-aliases.ts';
import { writeFontConfiguration } from '../../core/pdf/fontconfig.ts';
import type { EngineStatus, PdfEngine, PrintRequest, PrintResult } from '../../core/pdf/engine.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { shippedFonts } from '../support/engine-folders.ts';
import type { EngineCall, EngineLine, EngineSetup } from './engine-messages.ts';

const IDLE: EngineStatus = {
  state: 'idle',
  product: undefined,
  processes: 0,
  busyPages: 0,
  waiting: 0,
  printed: 0,
  recycled: 0,
  crashed: 0,
  problem: undefined,
};

interface Pending {
  readonly request: PrintRequest | undefined;
  assetError: unknown;
  readonly resolve: (line: EngineLine) => void;
  readonly reject: (error: unknown) => void;
}

export interface VehicleEngine {
  readonly engine: PdfEngine;
  /** Kills a renderer, as the system does that runs out of memory. */
  crash(): Promise<void>;
  dispose(): Promise<void>;
}

export function openVehicleEngine(
  start: { readonly program: string; readonly appFolder: string; readonly environment: NodeJS.ProcessEnv },
  options: EngineSetup['options'] & { readonly concurrency: number },
): VehicleEngine {
  const cacheDir = mkdtempSync(path.join(tmpdir(), 'influxion-vehicle-'));
  const pending = new Map<number, Pending>();
  let child: ChildProcess | undefined;
  let socket: Socket | undefined;
  let status = IDLE;
  let lastId = 0;
  let launched: Promise<void> | undefined;

  const send = (call: EngineCall): void => void socket?.write(`${JSON.stringify(call)}\n`);

  const answerAsset = async (line: Extract<EngineLine, { kind: 'asset' }>): Promise<void> => {
    const job = pending.get(line.id);
    try {
      const asset = await job?.request?.assets(line.name);
      const answer = asset && {
        bytes: Buffer.from(asset.bytes).toString('base64'),
        mimeType: asset.mimeType,
      };
      send({ kind: 'asset', asset: line.asset, answer: answer ?? null });
    } catch (error) {
      if (job) job.assetError = error;
      send({ kind: 'asset', asset: line.asset, answer: 'failed' });
    }
  };

  const receive = (line: EngineLine): void => {
    ({ status } = line);
    if (line.kind === 'asset') {
      void answerAsset(line);
      return;
    }
    const job = pending.get(line.id);
    pending.delete(line.id);
    if (line.kind !== 'failed') job?.resolve(line);
    else if (line.aborted) job?.reject(job.request?.signal.reason);
    else if (line.code === undefined) job?.reject(job.assetError ?? new Error(line.message));
    else job?.reject(new InfluxionError(line.code as ErrorCode, line.message, {}, new Error(line.cause)));
  };

  const launch = async (): Promise<void> => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const setup: EngineSetup = { port, cacheDir, fontsDir: shippedFonts, options };
    const profile = path.join(cacheDir, 'profile');
    const FONTCONFIG_FILE = await writeFontConfiguration({
      cacheDir,
      fontsDir: shippedFonts,
      shipped: SHIPPED_FAMILIES,
    });
    // The container of the tests is root, which Chromium's sandbox is not made for; the product never runs so.
    child = spawn(start.program, ['--no-sandbox', `--user-data-dir=${profile}`, start.appFolder], {
      env: { ...start.environment, FONTCONFIG_FILE, VEHICLE_ENGINE: JSON.stringify(setup) },
      stdio: ['ignore', 'ignore', process.env['VEHICLE_LOG'] === undefined ? 'ignore' : 'inherit'],
    });
    const died = once(child, 'exit').then(() =>
      Promise.reject(new Error('The vehicle ended while it started')),
    );
    const [connected] = (await Promise.race([once(server, 'connection'), died])) as [Socket];
    died.catch(() => undefined);
    server.close();
    socket = connected;
    const hello = new Promise<void>((resolve) => {
      pending.set(0, {
        request: undefined,
        assetError: undefined,
        resolve: () => resolve(),
        reject: () => resolve(),
      });
    });
    createInterface({ input: connected }).on('line', (line) => receive(JSON.parse(line) as EngineLine));
    connected.on('close', () => {
      for (const job of pending.values()) job.reject(new Error('The vehicle has gone'));
    });
    await hello;
  };

  const call = async (make: (id: number) => EngineCall, request?: PrintRequest): Promise<EngineLine> => {
    await (launched ??= launch());
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<EngineLine>();
    pending.set(id, { request, assetError: undefined, resolve, reject });
    send(make(id));
    const abort = (): void => send({ kind: 'abort', id });
    request?.signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => request?.signal.removeEventListener('abort', abort));
  };

  return {
    engine: {
      concurrency: options.concurrency,
      status: () => status,
      start: async () => {
        await call((id) => ({ kind: 'start', id }));
      },
      close: async () => {
        await call((id) => ({ kind: 'close', id }));
      },
      async print(request): Promise<PrintResult> {
        request.signal.throwIfAborted();
        const plain = { ...request, assets: undefined, signal: undefined };
        const line = await call((id) => ({ kind: 'print', id, request: plain }), request);
        if (line.kind !== 'printed') throw new Error(`The vehicle answered with ${line.kind}`);
        const bytes = Buffer.from(line.pdf, 'base64');
        return { pdf: line.streamed ? inOnePart(bytes) : bytes, warnings: line.warnings };
      },
    },
    crash: async () => {
      await call((id) => ({ kind: 'crash', id }));
    },
    async dispose() {
      const exited = child && once(child, 'exit');
      socket?.destroy();
      await exited;
      rmSync(cacheDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function* inOnePart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
