/** One browser process: started on its own profile, talked to over its pipe, ended with all that it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { InfluxionError } from '../../core/error.ts';
import type { Logger } from '../../core/ports.ts';
import { CdpConnection } from './cdp-connection.ts';
import type { FoundBrowser } from './find-browser.ts';
import { launchFlags } from './launch-flags.ts';
import { killGroup, makeProfile, noteBrowser, removeProfile, type Profile } from './leftovers.ts';
import { StderrTail } from './stderr-tail.ts';
import { yieldToHost } from './yield-to-host.ts';

const START_TIMEOUT_MS = 20_000;

/** What of the host's environment a browser gets: no secret of the host is among these. */
const PASSED_ON =
  /^(?:PATH|TZ|LANG|LANGUAGE|LC_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PROGRAMFILES.*|PROGRAMDATA|NUMBER_OF_PROCESSORS|PROCESSOR_\w+)$/i;

export interface LaunchOptions {
  readonly browser: FoundBrowser;
  readonly cacheDir: string;
  /** Private fontconfig file, Linux only. */
  readonly fontConfiguration: string | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export class BrowserProcess {
  readonly connection: CdpConnection;
  readonly pid: number;
  /** E.g. `HeadlessChrome/153.0.8010.0`. */
  readonly product: string;
  readonly #child: ChildProcess;
  readonly #profile: Profile;
  readonly #left: Promise<undefined>;
  #ending: Promise<void> | undefined;

  private constructor(parts: {
    child: ChildProcess;
    pid: number;
    connection: CdpConnection;
    profile: Profile;
    left: Promise<undefined>;
    product: string;
  }) {
    this.#child = parts.child;
    this.pid = parts.pid;
    this.connection = parts.connection;
    this.#profile = parts.profile;
    this.#left = parts.left;
    this.product = parts.product;
  }

  /** Errors: ENGINE_START_FAILED with the browser's own words; the reason of the aborted signal. */
  static async launch(options: LaunchOptions): Promise<BrowserProcess> {
    options.signal.throwIfAborted();
    const profile = await makeProfile(options.cacheDir);
    const stderr = new StderrTail();
    const started = spawnBrowser(options, profile, stderr);
    const { child, left } = started;
    try {
      const { pid } = child;
      if (pid === undefined) throw await started.spawnError;
      const connection = new CdpConnection(child.stdio[3] as Writable, child.stdio[4] as Readable);
      const abort = (): void => {
        connection.close('The start was cancelled');
      };
      options.signal.addEventListener('abort', abort, { once: true });
      try {
        const version = await connection.send('Browser.getVersion', {}, START_TIMEOUT_MS);
        await noteBrowser(profile, pid, options.browser.path);
        const product = String(version['product']);
        return new BrowserProcess({ child, pid, connection, profile, left, product });
      } finally {
        options.signal.removeEventListener('abort', abort);
      }
    } catch (cause) {
      if (child.pid !== undefined) {
        killGroup(child.pid);
        await left;
      }
      await removeProfile(profile);
      options.signal.throwIfAborted();
      const words = stderr.lastWords();
      options.logger.error(
        { err: cause, stderr: stderr.text(), exitCode: child.exitCode, signal: child.signalCode },
        'The browser did not start',
      );
      throw startError(cause, words);
    }
  }

  /** Resolves once the process has ended, whoever ended it. */
  get left(): Promise<undefined> {
    return this.#left;
  }

  get hasLeft(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** In words, for the log. */
  get exit(): string {
    const { exitCode, signalCode } = this.#child;
    if (signalCode !== null) return `signal ${signalCode}`;
    return exitCode === null ? 'running' : `exit code ${exitCode}`;
  }

  /**
   * Ends the process and all that it started at once, then removes its profile: there is nothing in it that a polite
   * end would save. Never rejects.
   */
  kill(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #end(): Promise<void> {
    this.connection.close('The browser was ended');
    // Also when the browser itself has left: it may have been killed and its children not.
    killGroup(this.pid);
    await this.#left;
    // What cannot be removed now is removed by the next start.
    await removeProfile(this.#profile).catch(() => undefined);
  }
}

function spawnBrowser(
  options: LaunchOptions,
  profile: Profile,
  stderr: StderrTail,
): { child: ChildProcess; left: Promise<undefined>; spawnError: Promise<Error> } {
  const root = process.getuid?.() === 0;
  const child = spawn(
    options.browser.path,
    launchFlags({ kind: options.browser.kind, profile: profile.folder, root }),
    {
      cwd: profile.folder,
      env: browserEnvironment(options, profile),
      // A process group of its own, so that it can be ended with all that it started.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    },
  );
  if (child.pid !== undefined) yieldToHost(child.pid);
  const left = Promise.withResolvers<undefined>();
  const spawnError = Promise.withResolvers<Error>();
  child.on('exit', () => {
    left.resolve(undefined);
  });
  child.on('error', (error) => {
    spawnError.resolve(error);
    if (child.pid === undefined) left.resolve(undefined);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr.add(chunk);
  });
  return { child, left: left.promise, spawnError: spawnError.promise };
}

function browserEnvironment(options: LaunchOptions, profile: Profile): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) if (PASSED_ON.test(name)) env[name] = value;
  env['HOME'] = profile.folder;
  env['USERPROFILE'] = profile.folder;
  env['XDG_CONFIG_HOME'] = path.join(profile.folder, 'config');
  env['XDG_CACHE_HOME'] = path.join(profile.folder, 'cache');
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) env[name] = profile.temp;
  env['DBUS_SESSION_BUS_ADDRESS'] = 'disabled:';
  if (options.fontConfiguration !== undefined) env['FONTCONFIG_FILE'] = options.fontConfiguration;
  if (options.browser.libraries !== undefined) env['LD_LIBRARY_PATH'] = options.browser.libraries;
  return env;
}

function startError(cause: unknown, words: string): InfluxionError {
  if (/no usable sandbox/i.test(words)) {
    return new InfluxionError(
      'ENGINE_START_FAILED',
      'The browser did not start: this system does not let it build its sandbox.',
      {
        hint: 'Allow unprivileged user namespaces for the browser (on Ubuntu: an AppArmor profile), or install Google Chrome, which brings one.',
      },
      cause,
    );
  }
  return new InfluxionError(
    'ENGINE_START_FAILED',
    words === ''
      ? 'The browser did not start; the log has the details.'
      : `The browser did not start. Its last words: ${words}`,
    { hint: 'Run `influxion doctor`, or set INFLUXION_BROWSER to another browser.' },
    cause,
  );
}
