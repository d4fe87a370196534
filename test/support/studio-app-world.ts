/** The app, its settings and its API behind the studio's calls, held in memory and changed by the test. */
import type { ApiClient } from '../../contract/access.ts';
import type { ApiState, SeenRequest } from '../../contract/studio/api.ts';
import type { Settings } from '../../contract/studio/app.ts';
import type { StudioStatus } from '../../contract/studio/app.ts';
import type { TemplateSummary } from '../../contract/template.ts';
import type { TransportStatus } from '../../contract/transport.ts';
import type { WebhookDelivery } from '../../contract/webhook.ts';
import { InfluxionError } from '../../core/error.ts';
import type { StudioEventHub } from '../../core/studio/event-hub.ts';
import type { StudioHandlers } from '../../core/studio/router.ts';

export class AppWorld {
  events: StudioEventHub | undefined;
  settings: Settings = {
    theme: 'system',
    api: { mode: 'computer', port: 8787, lan_addresses: [], lan_port: 8788, announce: false },
    signing: { time_stamp_url: null, time_stamp_user: null, revocation: 'off', revocation_hosts: [] },
    webhooks: { allowed: [] },
    work: {
      concurrency: null,
      print_memory_mb: null,
      max_queued: 20_000,
      attempt_minutes: 15,
      body_mb: 32,
    },
    retention: { max_age_days: 30, max_jobs: 10_000, max_bytes: 5_000_000_000 },
  };
  status: StudioStatus = {
    version: '0.1.0',
    state: 'ready',
    uptime_s: 12,
    api_url: 'http://127.0.0.1:8787',
    engine: { state: 'ready', product: 'HeadlessChrome/153.0.8000.1', concurrency: 2, problem: null },
    queue: { received: 12, in_progress: 3, done: 1204, error: 2 },
  };
  api: ApiState = { mode: 'computer', urls: ['http://127.0.0.1:8787'], fingerprint: null, problem: null };
  /** Of the time-stamp server, as they came. */
  readonly passwords: (string | null)[] = [];
  clients: ApiClient[] = [];
  requests: SeenRequest[] = [];
  deliveries: WebhookDelivery[] = [];
  /** Ids of deliveries that were asked for again. */
  readonly resent: string[] = [];
  transport: TransportStatus = {
    kind: 'local',
    out: 0,
    broker: null,
    workers: [],
    counts: { published: 0, results: 0, dropped: 0, lost: 0 },
  };
  templates: TemplateSummary[] = [
    summary('invoice', 'Invoice', 'Lines, taxes and totals, with a payment code.'),
    summary('letter', 'Letter', 'A letter with a window address.'),
    summary('quarterly-report', 'Quarterly report', 'Chapters, contents and charts.'),
  ];

  readonly handlers: Partial<StudioHandlers> = {
    'app.status': () => this.status,
    'app.diagnostics': () => ({ text: 'Influxion 0.1.0' }),
    'settings.read': () => this.settings,
    'settings.write': ({ patch }) => {
      this.settings = {
        theme: patch.theme ?? this.settings.theme,
        api: { ...this.settings.api, ...patch.api } as Settings['api'],
        signing: { ...this.settings.signing, ...patch.signing } as Settings['signing'],
        webhooks: { ...this.settings.webhooks, ...patch.webhooks } as Settings['webhooks'],
        work: { ...this.settings.work, ...patch.work } as Settings['work'],
        retention: { ...this.settings.retention, ...patch.retention } as Settings['retention'],
      };
      this.events?.emit({ type: 'settings.changed', settings: this.settings });
      return this.settings;
    },
    'signing.set_password': ({ password }) => {
      this.passwords.push(password);
      return {};
    },
    'api.state': () => this.api,
    'api.requests': () => ({ requests: this.requests }),
    'clients.list': () => ({ clients: this.clients }),
    'clients.add': ({ name, scopes }) => {
      const client: ApiClient = {
        client_id: `client-${this.clients.length + 1}`,
        name,
        scopes: scopes ?? ['pdf'],
        created_at: '2026-11-23T10:00:00.000Z',
        last_used_at: null,
        webhook_url: null,
      };
      this.clients.push(client);
      return { ...client, client_secret: 'secret-told-once' };
    },
    'clients.remove': ({ client_id: id }) => {
      if (!this.clients.some((client) => client.client_id === id)) {
        throw new InfluxionError('CLIENT_NOT_FOUND', 'There is no such client.');
      }
      this.clients = this.clients.filter((client) => client.client_id !== id);
      return {};
    },
    'transport.status': () => this.transport,
    'webhooks.deliveries': () => ({ deliveries: this.deliveries, next_cursor: null }),
    'webhooks.resend': ({ id }) => {
      const found = this.deliveries.find((delivery) => delivery.id === id);
      if (found === undefined) throw new InfluxionError('WEBHOOK_NOT_FOUND', 'There is no such delivery.');
      this.resent.push(id);
      return found;
    },
    'clients.set_webhook': ({ client_id: id, url }) => {
      this.clients = this.clients.map((client) =>
        client.client_id === id ? { ...client, webhook_url: url } : client,
      );
      return { url, secret: 'whsec_told-once' };
    },
    'templates.list': () => ({ templates: this.templates }),
  };
}

const summary = (id: string, name: string, description: string): TemplateSummary => ({
  id,
  name,
  description,
  samples: ['default'],
  updated_at: '2026-11-23T10:00:00.000Z',
  problem: null,
});

export const seenRequest = (seq: number, changes: Partial<SeenRequest> = {}): SeenRequest => ({
  seq,
  at: new Date(Date.UTC(2026, 10, 23, 10, 0, seq)).toISOString(),
  method: 'POST',
  path: '/pdf/generate',
  status: 202,
  ms: 3.4,
  client_id: 'client-1',
  remote: '127.0.0.1',
  ...changes,
});
