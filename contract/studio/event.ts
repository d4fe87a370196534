/** What a host tells the studio by itself. Typed but not parsed: the page trusts its host. */
import type { Batch } from '../batch.ts';
import type { ApiState, SeenRequest } from './api.ts';
import type { Settings, StudioStatus } from './app.ts';
import type { JobRow } from './jobs.ts';
import type { TransportStatus } from '../transport.ts';

export type StudioEvent =
  | { readonly type: 'status.changed'; readonly status: StudioStatus }
  /** As they are now, each once; what changed in quick succession comes together. */
  | { readonly type: 'jobs.changed'; readonly jobs: readonly JobRow[] }
  /** A batch came, went on or ended; each at most ten times a second. */
  | { readonly type: 'batch.changed'; readonly batch: Batch }
  /** Files of a template (`paths` in its folder) came, went or changed on the disk, by whomever; an id of `null`: templates did. */
  | { readonly type: 'templates.changed'; readonly id: string | null; readonly paths: readonly string[] }
  | { readonly type: 'settings.changed'; readonly settings: Settings }
  /** Signing keys came or went in a studio. */
  | { readonly type: 'keys.changed' }
  /** Broker, queue or workers; at most once a second. */
  | { readonly type: 'transport.changed'; readonly status: TransportStatus }
  /** Deliveries of webhooks came or changed. */
  | { readonly type: 'webhooks.changed' }
  /** Open elsewhere than before, or not at all. */
  | { readonly type: 'api.changed'; readonly api: ApiState }
  /** Hot folders or their files came or changed. */
  | { readonly type: 'hot_folders.changed' }
  | { readonly type: 'api.request'; readonly request: SeenRequest }
  /** The system asked to open a template: `.html`, `.hbs` or an exported `.zip`. Electron only. */
  | { readonly type: 'file.opened'; readonly name: string; readonly bytes: Uint8Array }
  /** A command of the registry was chosen in a native menu. Electron only. */
  | { readonly type: 'command'; readonly id: string }
  /** The host came back after it was away: what is shown may be old. */
  | { readonly type: 'resync' };

export type StudioEventType = StudioEvent['type'];
