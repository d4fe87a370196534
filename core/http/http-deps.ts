/** What the HTTP API is made of, and its limits. */
import type { FastifyInstance } from 'fastify';
import type { Health } from '../../contract/health.ts';
import type { AccessService } from '../auth/access-service.ts';
import type { BatchService } from '../batch/batch-service.ts';
import type { HotFolders } from '../hot-folders/hot-folders.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { SigningKeys } from '../pdf/signing/keys/signing-keys.ts';
import type { Verifier } from '../pdf/verify/verifier.ts';
import type { Clock, Logger } from '../ports.ts';
import type { AnsweredRequest } from '../studio/seen-requests.ts';
import type { TemplateLibrary } from '../templates/template.ts';
import type { BlobAccess } from '../transport/blobs/http-blobs.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { MetricFamily, RequestMetrics } from './metrics.ts';
import type { TokenLimits } from './token-limits.ts';

export interface HttpLimits {
  /** Largest request body; more is 413. */
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** From the first byte of a request to the end of its header. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** A connection in use on which nothing moves; must outlast the longest `Prefer: wait`. */
  readonly idleTimeoutMs: number;
  /** How long `POST /pdf` waits for its document. */
  readonly renderWaitMs: number;
  /** A download gets this long, and as long again as its bytes take at `downloadBytesPerSecond`. */
  readonly downloadGraceMs: number;
  readonly downloadBytesPerSecond: number;
  readonly eventStreams: number;
  readonly eventStreamsPerClient: number;
  readonly heartbeatMs: number;
  /** What may wait unsent for the reader of an event stream before the stream is ended. */
  readonly eventBufferBytes: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  bodyBytes: 32 * 1024 * 1024,
  headerBytes: 16 * 1024,
  connections: 1024,
  connectionsPerAddress: 512,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  keepAliveTimeoutMs: 72_000,
  idleTimeoutMs: 120_000,
  renderWaitMs: 10 * 60_000,
  downloadGraceMs: 60_000,
  downloadBytesPerSecond: 16 * 1024,
  eventStreams: 256,
  eventStreamsPerClient: 16,
  heartbeatMs: 15_000,
  eventBufferBytes: 1024 * 1024,
};

/** A setting of the owner. */
export interface AllowedAddressSetting {
  readonly current: readonly string[];
  /** Durable when it resolves. Errors: VALIDATION_FAILED for what names no address, DISK_FULL, DATA_FOLDER_UNUSABLE. */
  set(allowed: readonly string[]): Promise<void>;
}

/** What the host knows about its own state; the server adds version and uptime. */
export type HealthFacts = Omit<Health, 'version' | 'uptime_s'>;

export interface HttpDeps {
  readonly jobs: JobService;
  readonly batches: BatchService;
  readonly templates: TemplateLibrary;
  readonly access: AccessService;
  readonly keys: SigningKeys;
  readonly verifier: Verifier;
  readonly webhooks: Webhooks;
  readonly hotFolders: HotFolders;
  /** Where webhooks may go. */
  readonly allowedAddresses: AllowedAddressSetting;
  readonly health: () => HealthFacts;
  /** Figures of the host beside the server's own, for `GET /metrics`. */
  readonly metrics?: () => readonly MetricFamily[];
  /** Large data of jobs that run on workers; absent where none is kept here. */
  readonly blobs?: BlobAccess;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  readonly limits?: Partial<HttpLimits>;
  /** Host names answered besides those of this computer and the address that was connected to. */
  readonly allowedHosts?: readonly string[];
  /**
   * A secret of this process and whoever can read the owner's files: its bearer is the owner with all scopes. Made up
   * when absent, so that only `inject` has it.
   */
  readonly ownerToken?: string;
  /** The folder with `redoc.standalone.js`, for `GET /docs`; without it there is no such page. */
  readonly docsFolder?: string;
  /** More routes on the same server: the studio's page and its calls. */
  readonly register?: (app: FastifyInstance) => Promise<void>;
  /** Whether programs may use the API; the owner always may. Default: always. */
  readonly isOpen?: () => boolean;
  /** HTTPS instead of HTTP. */
  readonly tls?: TlsIdentity;
  /** Shared by the servers of one host; one of its own when absent. */
  readonly requests?: RequestMetrics;
  /** Guesses at secrets are counted over all servers of a host. */
  readonly tokenLimits?: TokenLimits;
  /** Told of each request to the API after its answer; not of the studio's own. */
  readonly onAnswered?: (request: AnsweredRequest) => void;
}

/** PEM texts. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}
