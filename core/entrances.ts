/** The ways in: the HTTP API on this computer and on the network, and the studio. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StudioStatus } from '../contract/studio/app.ts';
import type { AccessService } from './auth/access-service.ts';
import { createAccessService } from './auth/access.ts';
import { createStudioSessions } from './auth/studio-sessions.ts';
import { engineMetrics } from './engine-metrics.ts';
import { healthFacts, studioFacts } from './host-status.ts';
import { createOwnerCheck } from './http/bearer.ts';
import type { HealthFacts, HttpDeps } from './http/http-deps.ts';
import { RequestMetrics } from './http/metrics.ts';
import { createMdnsAnnouncer } from './http/network/announcer.ts';
import type { ApiSwitch } from './http/network/api-switch.ts';
import { createApiSwitch } from './http/network/api-switch.ts';
import { ownAddresses, ownNames } from './http/network/own-addresses.ts';
import type { HttpServer } from './http/server.ts';
import { createHttpServer } from './http/server.ts';
import { registerStudio } from './http/studio/studio-routes.ts';
import { studioLink } from './http/studio/studio-sign-in.ts';
import { createTokenLimits } from './http/token-limits.ts';
import type { InfluxionDeps } from './influxion-deps.ts';
import type { LogTail } from './log-tail.ts';
import type { Services } from './services.ts';
import type { Ownership } from './store/owner-lock.ts';
import { createSeenRequests } from './studio/seen-requests.ts';
import type { Studio } from './studio/studio.ts';
import { createStudio } from './studio/studio.ts';
import { createTemplateRenderer } from './templates/worker-renderer.ts';
import { createTlsIdentities } from './tls/tls-identity.ts';
import type { CelerySettings } from './transport/celery/celery-settings.ts';
import { transportMetrics } from './transport/transport-metrics.ts';
import { assertAllowList } from './webhooks/webhooks.ts';

/** The certificate of the network's side, for people who give it to their clients. */
export const CERTIFICATE_FILE = 'lan-certificate.pem';

export interface Entrances {
  /** The API on this computer, with the studio where a browser shows it. */
  readonly http: HttpServer;
  /** The API as the settings open it. */
  readonly api: ApiSwitch;
  readonly access: AccessService;
  /** Proves to this host that a command belongs to its owner. */
  readonly ownerToken: string;
  /** Made when it is first asked for. */
  readonly openStudio: () => Studio;
  /** A one-time link to the studio's page at an origin of this host. */
  readonly studioLink: (origin: string) => string;
}

/** Nobody is listened to yet. What is opened here is closed with `opened`. */
export function createEntrances(
  deps: InfluxionDeps,
  services: Services,
  {
    opened,
    ownership,
    logLines,
  }: {
    readonly opened: AsyncDisposableStack;
    readonly ownership: Pick<Ownership, 'publish'>;
    readonly logLines: LogTail['lines'];
  },
): Entrances {
  const { paths, engine, clock, logger } = deps;
  const { settings, db, templates, keys, finisher, verifier, transport, blobs, webhooks } = services;
  const { queue, batches, hotFolders } = services;

  const access = createAccessService({ db, secrets: deps.secrets, clock, logger });
  const ownerToken = randomBytes(32).toString('base64url');
  const startedAt = clock.monotonic();
  const health = (): HealthFacts => healthFacts(queue, engine, transport);
  const status = (): StudioStatus => ({
    version: deps.version,
    uptime_s: Math.round((clock.monotonic() - startedAt) / 1000),
    api_url: api.state().urls[0] ?? '',
    ...studioFacts(queue, engine, health()),
  });
  const requests = createSeenRequests(() => clock.now());
  const metrics = new RequestMetrics();
  opened.defer(() => metrics.close());
  const sessions = createStudioSessions(clock);
  const link = (origin: string): string => studioLink(origin, sessions.issueKey());

  const apiDeps: HttpDeps = {
    limits: { bodyBytes: settings.current.work.body_mb * 1024 * 1024 },
    jobs: queue,
    batches,
    templates,
    access,
    keys,
    verifier,
    webhooks,
    hotFolders,
    allowedAddresses: {
      get current() {
        return settings.current.webhooks.allowed;
      },
      async set(allowed) {
        assertAllowList(allowed);
        await settings.write({ webhooks: { allowed: [...allowed] } });
      },
    },
    health,
    metrics: () => [...engineMetrics(engine.status()), ...transportMetrics(transport.status())],
    ...(blobs !== undefined && { blobs }),
    requests: metrics,
    tokenLimits: createTokenLimits(clock),
    onAnswered: (request) => requests.add(request),
    isOpen: () => api.isOpen,
    logger,
    clock,
    version: deps.version,
    docsFolder: deps.docsFolder,
  };
  const allowedHosts = [...(deps.allowedHosts ?? []), ...blobHost(deps.celery)];
  const names = deps.network?.ownNames ?? (() => ownNames());
  const api = createApiSwitch({
    settings: () => settings.current.api,
    createLocal: () => createHttpServer({ ...apiDeps, ownerToken, allowedHosts }),
    createLan: (tls) => createHttpServer({ ...apiDeps, tls, allowedHosts: [...allowedHosts, ...names()] }),
    identities: createTlsIdentities({
      secrets: deps.secrets,
      clock,
      logger,
      publish: (certificate) => writeFile(join(paths.data, CERTIFICATE_FILE), certificate, { mode: 0o600 }),
    }),
    announcer: deps.network?.announcer ?? createMdnsAnnouncer(logger),
    ownAddresses: deps.network?.ownAddresses ?? ownAddresses,
    ownNames: names,
    version: deps.version,
    logger,
    ...(deps.network?.recheckMs !== undefined && { recheckMs: deps.network.recheckMs }),
    localChanged: (url) => ownership.publish(url === undefined ? {} : { url, token: ownerToken }),
  });
  let settled = Promise.resolve();
  settings.onChange((_changed, patch) => {
    if (patch.api !== undefined) settled = api.apply(true);
  });

  let studio: Studio | undefined;
  /** Made when the first page asks: a command that only looks into the folder has no use for it. */
  const openStudio = (): Studio => {
    if (studio !== undefined) return studio;
    // Of its own: a template that never ends in a preview would hold up every job.
    const previews = createTemplateRenderer({ workers: 1, logger, startsOnDemand: true });
    opened.defer(() => previews.close());
    const made = createStudio({
      paths,
      db,
      engine,
      renderer: previews,
      library: templates,
      queue,
      batches,
      access,
      keys,
      finisher,
      verifier,
      webhooks,
      hotFolders,
      settings,
      secrets: deps.secrets,
      requests,
      status,
      api: () => api.state(),
      transport: () => transport.status(),
      settled: () => settled,
      logLines,
      logger,
      clock,
    });
    opened.defer(() => made.close());
    return (studio = made);
  };
  const { pageFolder } = deps;
  const http = createHttpServer({
    ...apiDeps,
    ownerToken,
    allowedHosts,
    ...(pageFolder !== undefined && {
      register: async (app) => {
        await app.register(registerStudio, {
          router: { handle: (name, input, call) => openStudio().router.handle(name, input, call) },
          events: { subscribe: (listener) => openStudio().events.subscribe(listener) },
          rendererDir: pageFolder,
          sessions,
          isOwner: createOwnerCheck(ownerToken),
          link: () => link(reachableOrigin(http.url ?? '')),
        });
      },
    }),
  });

  return { http, api, access, ownerToken, openStudio, studioLink: link };
}

/** "All addresses" is none that a browser can open. */
export const reachableOrigin = (url: string): string =>
  url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** Workers reach this host by the name that the settings give them. */
function blobHost(celery: CelerySettings | undefined): string[] {
  const url = celery?.blobs.url;
  return url === undefined ? [] : [new URL(url).hostname];
}
