import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiState } from '../contract/studio/api.ts';
import { InfluxionError } from '../core/error.ts';
import type { Influxion } from '../core/influxion.ts';
import type { Logger } from '../core/ports.ts';
import { celerySettings } from './celery-settings.ts';
import { EXIT } from './exit-code.ts';
import { giveMemoryBackWhenIdle } from './idle-memory.ts';
import { explainListenError, lanAddresses, reachableUrl, refuseOpenAddress } from './listen-address.ts';
import type { LogLevel } from './logger.ts';
import { openHost } from './open-host.ts';
import { hasDataFolder, hostPaths, makeDataFolder } from './paths.ts';
import type { ServeOptions } from './serve-options.ts';
import { stopRequested } from './stop-requested.ts';
import { isBrokenPipe, note, printResult, style, warn } from './terminal.ts';
import { VERSION } from './version.ts';

/** What closing may take beyond the budget of the jobs before the process ends all the same. */
const CLOSING_MS = 5_000;

const defaultLevel = (): LogLevel => (process.stderr.isTTY ? 'warn' : 'info');

/** How this command was started, so that a hint can be typed as it stands. */
const commandName = (): string => (process.env['npm_command'] === undefined ? 'influxion' : 'npx influxion');

const shellWord = (text: string): string =>
  /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function announce(urls: ServedUrls, influxion: Influxion, dataFolder: string, options: ServeOptions): void {
  const where = options.data === undefined ? '' : ` --data ${shellWord(options.data)}`;
  const { url, studio } = urls;
  const { fingerprint, problem } = influxion.api();
  const { broker } = influxion.transport();
  const facts: (readonly [string, string | undefined])[] = [
    ['studio', studio],
    ['', `works once, for ten minutes; another: ${commandName()} studio${where}`],
    ['API', [url, ...urls.lan].join('  ')],
    ['fingerprint', fingerprint === null ? undefined : `SHA-256 ${fingerprint}`],
    ['workers', broker === null ? undefined : `jobs go to workers over ${broker.address}`],
    ['reference', `${url}/docs`],
    ['data folder', dataFolder],
    ['new templates', influxion.seeded.length === 0 ? undefined : influxion.seeded.join(', ')],
  ];
  note(style('bold', `Influxion ${VERSION} is ready at ${url}`));
  for (const [name, says] of facts) if (says !== undefined) note(`  ${name.padEnd(13)}  ${says}`);
  if (problem !== null) warn(problem);
  if (influxion.access.listClients().length === 0) {
    note(`No program may call the API yet. Let one: ${commandName()} client add "My program"${where}`);
  }
  note('Ctrl+C stops it.');
}

interface ServedUrls {
  readonly url: string;
  /** Opens the studio, once. */
  readonly studio: string;
  readonly lan: readonly string[];
}

/** A script that closed its end has no more questions; the host goes on. */
async function announceToScript({ url, studio, lan }: ServedUrls, { fingerprint }: ApiState): Promise<void> {
  try {
    await printResult(
      JSON.stringify({
        event: 'ready',
        url,
        studio_url: studio,
        ...(fingerprint !== null && { lan_urls: lan, fingerprint }),
      }),
    );
  } catch (error) {
    if (!isBrokenPipe(error)) throw error;
  }
}

/** A host without any browser cannot do its work and ends; one that only failed to start it now tries again at each job. */
async function startWork(influxion: Influxion, logger: Logger): Promise<void> {
  try {
    await influxion.start();
  } catch (error) {
    const failure = InfluxionError.from(error);
    if (failure.code !== 'ENGINE_START_FAILED') throw error;
    logger.warn({ err: error }, 'The browser engine did not start; it is tried again with the next job');
    warn(`${failure.message} "${commandName()} doctor" tells more.`);
  }
}

async function listen(influxion: Influxion, options: ServeOptions): Promise<ServedUrls> {
  const { host, port = influxion.settings.current.api.port } = options;
  let url: string;
  try {
    url = reachableUrl(await influxion.listen({ host, port }));
  } catch (error) {
    throw explainListenError(error, { host, port });
  }
  const { lan, lanPort } = options;
  await influxion.openApi(
    lan && { lan: { addresses: lanAddresses(lan), ...(lanPort !== undefined && { port: lanPort }) } },
  );
  return {
    url,
    studio: influxion.studioLink(url),
    lan: influxion.api().urls.filter((open) => open.startsWith('https:')),
  };
}

/** Closes within the budget and a little more; what then still hangs is left to the end of the process. */
async function closeInTime(influxion: Influxion, budgetMs: number): Promise<void> {
  const late = new AbortController();
  const closing = influxion.close(budgetMs);
  const limit = sleep(budgetMs + CLOSING_MS, undefined, { signal: late.signal }).then(() => {
    warn('Not everything could be closed in time.');
    process.exit(EXIT.failed);
  });
  limit.catch(() => undefined);
  try {
    await closing;
  } finally {
    late.abort();
  }
}

/** Serves until a signal comes, then drains. Errors: those of opening the data folder, the port, the browser. */
export async function serve(options: ServeOptions): Promise<void> {
  refuseOpenAddress(options.host, options.allowPlainHttp ?? false);
  if (options.lan !== undefined) lanAddresses(options.lan);
  const stop = stopRequested('Jobs that were running are taken up at the next start.');
  const celery = celerySettings(process.env);
  const paths = hostPaths(options.data, process.env);
  if (!hasDataFolder(paths) && !options.json) note(`Making a new data folder at ${paths.data} …`);
  await makeDataFolder(paths);

  const host = await openHost({
    paths,
    logLevel: options.logLevel ?? defaultLevel(),
    workers: options.workers,
    browser: options.browser,
    allowedHosts: options.allowHost,
    celery,
  });
  const { influxion, engine, logger } = host;
  let budgetMs = 0;
  const stopLooking = giveMemoryBackWhenIdle(influxion.jobs, engine);
  try {
    const working = startWork(influxion, logger);
    working.catch(() => undefined);
    const urls = await listen(influxion, options);
    if (options.json) await announceToScript(urls, influxion.api());
    else announce(urls, influxion, paths.data, options);
    await Promise.race([stop, working.then(() => stop)]);
    budgetMs = options.drain * 1000;
    const { inProgress } = influxion.jobs.counts();
    // Those on workers go on without this host.
    if (inProgress > 0 && celery === undefined) {
      note(`Stopping: ${inProgress} running jobs get up to ${options.drain} s. Again to stop at once.`);
    }
  } finally {
    stopLooking();
    await closeInTime(influxion, budgetMs);
  }
  if (!options.json) note('Stopped.');
}
