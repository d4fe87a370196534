/**
 * Where the API is open: nowhere, to programs of this computer, or to the local network with TLS. What could not be
 * opened is told in words and tried again; addresses that come, go or change are followed.
 */
import type { ApiState } from '../../../contract/studio/api.ts';
import type { Settings } from '../../../contract/studio/app.ts';
import { InfluxionError } from '../../error.ts';
import type { Logger } from '../../ports.ts';
import type { TlsIdentities, TlsIdentity } from '../../tls/tls-identity.ts';
import type { Announcer } from './announcer.ts';
import { ListenerSet, type ListenTarget } from './listener-set.ts';
import type { HttpServer } from '../server.ts';

export type ApiSettings = Settings['api'];

export interface ApiSwitchDeps {
  readonly settings: () => ApiSettings;
  /** A server for programs of this computer. */
  readonly createLocal: () => HttpServer;
  /** A server for the network: the public API and nothing else. */
  readonly createLan: (tls: TlsIdentity) => HttpServer;
  readonly identities: TlsIdentities;
  readonly announcer: Announcer;
  /** IP addresses that this computer has now. */
  readonly ownAddresses: () => string[];
  /** DNS names of this computer. */
  readonly ownNames: () => string[];
  readonly version: string;
  readonly logger: Logger;
  /** Called when the address for this computer has changed. */
  readonly localChanged: (url: string | undefined) => void;
  /** Milliseconds between two looks at the addresses; default 10 s. */
  readonly recheckMs?: number;
}

/** For this run, whatever the settings say. */
export interface LanOverride {
  /** Empty: all. */
  readonly addresses: readonly string[];
  readonly port?: number;
}

export interface ApiSwitch {
  /** Follows the settings from now on. `fixedUrl`: a server for this computer that is open whatever they say. */
  start(options: { readonly fixedUrl?: string; readonly lan?: LanOverride }): Promise<void>;
  /** The settings have changed; resolves when that has taken effect. The override ends with `ownWill`. */
  apply(ownWill: boolean): Promise<void>;
  /** Whether programs may use the API. */
  readonly isOpen: boolean;
  state(): ApiState;
  close(budgetMs: number): Promise<void>;
}

const RECHECK_MS = 10_000;
const LOCAL = '127.0.0.1';

export function createApiSwitch(deps: ApiSwitchDeps): ApiSwitch {
  const { logger, announcer } = deps;
  const listeners = new ListenerSet();
  const portAtStart = deps.settings().port;
  let override: LanOverride | undefined;
  let fixedUrl: string | undefined;
  let identity: TlsIdentity | undefined;
  let problems: readonly string[] = [];
  /** Of the round that runs. */
  let found: string[] = [];
  let announced: { readonly key: string; readonly end: () => Promise<void> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let last: Promise<void> = Promise.resolve();

  const effective = (): ApiSettings => {
    const settings = deps.settings();
    if (override === undefined) return settings;
    const { addresses, port = settings.lan_port } = override;
    return { ...settings, mode: 'lan', lan_addresses: [...addresses], lan_port: port };
  };

  const localUrl = (): string | undefined => fixedUrl ?? listeners.urls('local')[0];

  const lanTargets = async (settings: ApiSettings): Promise<ListenTarget[]> => {
    const present = deps.ownAddresses();
    // Temporary addresses of IPv6 come and go daily, and each would need another certificate.
    const chosen = settings.lan_addresses.length > 0 ? settings.lan_addresses : present.filter(isIPv4);
    const hosts = chosen.filter((address) => present.includes(address));
    for (const host of chosen) {
      if (!hosts.includes(host)) found.push(`${host} is not an address of this computer now.`);
    }
    if (chosen.length === 0) found.push('This computer is in no network now.');
    if (hosts.length === 0) return [];
    const next = await deps.identities.identityFor({ names: deps.ownNames(), addresses: hosts });
    if (identity !== undefined && identity.fingerprint !== next.fingerprint) {
      for (const { server } of listeners.of('lan')) server.setCertificate(next);
    }
    identity = next;
    return hosts.map((host) => ({
      host,
      port: settings.lan_port,
      kind: 'lan',
      create: () => deps.createLan(next),
    }));
  };

  const announce = async ({ announce: wanted }: ApiSettings): Promise<void> => {
    const [first] = listeners.urls('lan');
    const port = first === undefined ? undefined : Number(new URL(first).port);
    const key = wanted && port !== undefined ? String(port) : undefined;
    if (key === announced?.key) return;
    await announced?.end();
    announced = undefined;
    if (key === undefined || port === undefined) return;
    const name = `Influxion on ${deps.ownNames()[0] ?? 'this computer'}`;
    const facts = { version: deps.version, path: '/openapi.json', tls: '1' };
    announced = { key, end: await announcer.announce({ name, port, facts }) };
  };

  const round = async (): Promise<void> => {
    if (closed) return;
    const settings = effective();
    const before = [localUrl(), ...problems].join('\n');
    found = [];
    const targets: ListenTarget[] = [];
    if (settings.mode !== 'off' && fixedUrl === undefined) {
      targets.push({ host: LOCAL, port: settings.port, kind: 'local', create: deps.createLocal });
    }
    if (settings.mode === 'lan') targets.push(...(await attempt(() => lanTargets(settings), [])));
    else identity = undefined;
    found.push(...(await listeners.reconcile(targets)));
    await attempt(() => announce(settings), undefined);
    if (fixedUrl !== undefined && settings.port !== portAtStart) {
      found.push(`Port ${settings.port} is taken at the next start: this page stands at the present one.`);
    }
    problems = found;
    if ([localUrl(), ...problems].join('\n') === before) return;
    for (const problem of problems) logger.warn({ part: 'api' }, problem);
    deps.localChanged(localUrl());
  };

  /** What fails is a problem to tell, not the end of the round. */
  const attempt = async <Value>(work: () => Promise<Value>, fallback: Value): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      const failure = InfluxionError.from(error);
      if (failure.code === 'INTERNAL')
        logger.error({ err: error, part: 'api' }, 'The API could not be opened');
      found.push(failure.message);
      return fallback;
    }
  };

  const nextRound = (): Promise<void> => {
    last = last.then(round).catch((error: unknown) => {
      logger.error({ err: error, part: 'api' }, 'The API could not be opened or closed');
    });
    return last;
  };

  return {
    start(options) {
      fixedUrl = options.fixedUrl;
      override = options.lan;
      timer = setInterval(() => void nextRound(), deps.recheckMs ?? RECHECK_MS).unref();
      return nextRound();
    },
    apply(ownWill) {
      if (ownWill) override = undefined;
      // Before `start` nothing is open, and nothing is to be.
      return timer === undefined ? Promise.resolve() : nextRound();
    },
    get isOpen() {
      return effective().mode !== 'off';
    },
    state() {
      const { mode } = effective();
      const local = mode === 'off' ? undefined : localUrl();
      return {
        mode,
        urls: [...(local === undefined ? [] : [local]), ...listeners.urls('lan')],
        fingerprint: identity?.fingerprint ?? null,
        problem: problems.length === 0 ? null : problems.join(' '),
      };
    },
    async close(budgetMs) {
      closed = true;
      clearInterval(timer);
      await last;
      await Promise.all([announced?.end(), listeners.close(budgetMs)]);
    },
  };
}

const isIPv4 = (address: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(address);
