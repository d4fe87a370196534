/** The hidden-window engine in a process of its own, asked over a socket: see engine-client.ts. */
import { connect } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
// eslint-disable-next-line no-restricted-imports
import { app } from 'electron';
import { InfluxionError } from '../../core/error.ts';
import type { Asset, PdfEngine, PrintRequest } from '../../core/pdf/engine.ts';
import type { Logger } from '../../core/ports.ts';
import { hasPrivateFonts } from '../../main/engine/private-fonts.ts';
import { createWindowEngine } from '../../main/engine/window-engine.ts';
import type { EngineAnswer, EngineCall, EngineSetup } from './engine-messages.ts';

const setup = JSON.parse(process.env['VEHICLE_ENGINE'] ?? '') as EngineSetup;
const folders = { cacheDir: setup.cacheDir, fontsDir: setup.fontsDir };
const ownFonts = hasPrivateFonts(folders, process.env);

const say =
  (level: string) =>
  (facts: object, message: string): void => {
    const { err } = facts as { err?: unknown };
    process.stderr.write(
      `${level} ${message} ${err instanceof Error ? (err.stack ?? '') : JSON.stringify(facts)}\n`,
    );
  };
const logger: Logger = {
  debug: () => undefined,
  info: say('info'),
  warn: say('warn'),
  error: say('error'),
  child: () => logger,
};

function serve(engine: PdfEngine): void {
  const socket = connect(setup.port, '127.0.0.1');
  const send = (answer: EngineAnswer): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify({ ...answer, status: engine.status() })}\n`);
  };
  const aborts = new Map<number, AbortController>();
  const assets = new Map<number, (asset: Asset | 'failed' | undefined) => void>();
  let lastAsset = 0;

  const ask = (job: number, name: string): Promise<Asset | undefined> => {
    const asset = ++lastAsset;
    return new Promise((resolve, reject) => {
      assets.set(asset, (answer) => {
        if (answer === 'failed') reject(new Error('ASSET_FAILED'));
        else resolve(answer);
      });
      send({ kind: 'asset', id: job, asset, name });
    });
  };
  const print = async (
    id: number,
    request: Extract<EngineCall, { kind: 'print' }>['request'],
  ): Promise<void> => {
    const controller = new AbortController();
    aborts.set(id, controller);
    const full: PrintRequest = { ...request, signal: controller.signal, assets: (name) => ask(id, name) };
    const { pdf, warnings } = await engine.print(full);
    const parts = [];
    if (pdf instanceof Uint8Array) parts.push(pdf);
    else for await (const part of pdf) parts.push(part);
    const whole = Buffer.concat(parts).toString('base64');
    send({
      kind: 'printed',
      id,
      pdf: whole,
      streamed: !(pdf instanceof Uint8Array),
      warnings: [...warnings],
    });
  };
  const fail = (id: number) => (error: unknown) => {
    const aborted = aborts.get(id)?.signal.aborted === true && !InfluxionError.is(error);
    const code = InfluxionError.is(error) ? error.code : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    send({ kind: 'failed', id, code, message, cause, aborted });
  };
  const act = (call: EngineCall): void => {
    if (call.kind === 'abort') aborts.get(call.id)?.abort('aborted');
    else if (call.kind === 'asset') {
      const { answer } = call;
      const settle = assets.get(call.asset);
      assets.delete(call.asset);
      settle?.(
        typeof answer === 'object' && answer !== null
          ? { bytes: Buffer.from(answer.bytes, 'base64'), mimeType: answer.mimeType }
          : answer === 'failed'
            ? 'failed'
            : undefined,
      );
    } else if (call.kind === 'print') void print(call.id, call.request).catch(fail(call.id));
    else if (call.kind === 'crash') {
      const pid = app.getAppMetrics().find(({ type }) => type === 'Tab')?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      send({ kind: 'done', id: call.id });
    } else {
      void (call.kind === 'start' ? engine.start() : engine.close()).then(
        () => send({ kind: 'done', id: call.id }),
        fail(call.id),
      );
    }
  };
  createInterface({ input: socket }).on('line', (line) => act(JSON.parse(line) as EngineCall));
  socket.on('connect', () => send({ kind: 'hello', id: 0, concurrency: engine.concurrency }));
  socket.on('close', () => app.exit(0));
  socket.on('error', () => app.exit(0));
}

app.on('window-all-closed', () => undefined);
void app.whenReady().then(() => {
  app.setPath('userData', path.join(setup.cacheDir, 'user-data'));
  serve(createWindowEngine({ ...folders, ...setup.options, ownFonts, logger }));
});
