/** The studio's side of the host: its calls and its events, whichever way they reach a page. */
import type { StudioStatus } from '../../contract/studio/app.ts';
import type { TransportStatus } from '../../contract/transport.ts';
import type { ApiState } from '../../contract/studio/api.ts';
import type { AccessService } from '../auth/access-service.ts';
import type { BatchService } from '../batch/batch-service.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { SigningKeys } from '../pdf/signing/keys/signing-keys.ts';
import type { PrintDeps } from '../document/print-document.ts';
import type { Clock, Logger, Paths, SecretStore } from '../ports.ts';
import type { Db } from '../store/db.ts';
import type { EditableLibrary } from '../templates/template.ts';
import { createApiHandlers } from './api-handlers.ts';
import { createAppHandlers } from './app-handlers.ts';
import { writeDiagnostics } from './diagnostics-text.ts';
import { StudioEventHub } from './event-hub.ts';
import {
  batchSource,
  jobSource,
  newsSource,
  requestSource,
  statusSource,
  transportSource,
} from './event-sources.ts';
import { createJobHandlers } from './job-handlers.ts';
import type { ClientNames } from './job-row.ts';
import { createBatchHandlers } from './batch-handlers.ts';
import { createKeyHandlers } from './key-handlers.ts';
import { createPreviewHandlers } from './preview-handlers.ts';
import { createStudioRouter, type StudioRouter } from './router.ts';
import type { SeenRequests } from './seen-requests.ts';
import type { SettingsStore } from './settings-store.ts';
import { createTemplateHandlers } from './template-handlers.ts';
import type { Finisher } from '../pdf/finish/finisher.ts';
import type { Verifier } from '../pdf/verify/verifier.ts';
import { createVerifyHandlers } from './verify-handlers.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { HotFolders } from '../hot-folders/hot-folders.ts';
import { createHotFolderHandlers } from './hot-folder-handlers.ts';
import { createWebhookHandlers } from './webhook-handlers.ts';
import { openTemplateWorkspace } from './template-workspace.ts';

export interface StudioDeps extends Pick<PrintDeps, 'engine' | 'renderer'> {
  readonly finisher: Finisher;
  readonly db: Db;
  readonly library: EditableLibrary;
  readonly paths: Paths;
  readonly queue: JobQueue;
  readonly batches: BatchService;
  readonly access: AccessService;
  readonly keys: SigningKeys;
  readonly verifier: Verifier;
  readonly webhooks: Webhooks;
  readonly hotFolders: HotFolders;
  readonly settings: SettingsStore;
  readonly secrets: Pick<SecretStore, 'set' | 'delete'>;
  readonly requests: SeenRequests;
  readonly status: () => StudioStatus;
  readonly api: () => ApiState;
  readonly transport: () => TransportStatus;
  /** Resolves when a change of the settings has taken effect. */
  readonly settled: () => Promise<void>;
  readonly logLines: () => readonly string[];
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface Studio {
  readonly router: StudioRouter;
  readonly events: StudioEventHub;
  /** Finishes what is being saved; to be called before the database is closed. */
  close(): Promise<void>;
}

/** Watches the template library from now on. */
export function createStudio(deps: StudioDeps): Studio {
  const { queue, status, settings, requests, library, clock } = deps;
  const logger = deps.logger.child({ part: 'studio' });
  const events = new StudioEventHub();
  const clientNames = (): ClientNames =>
    new Map(deps.access.listClients().map(({ client_id, name }) => [client_id, name]));
  events.whileHeard(jobSource(events, queue, clientNames));
  events.whileHeard(batchSource(events, deps.batches));
  events.whileHeard(statusSource(events, status, deps.api));
  events.whileHeard(requestSource(events, requests));
  events.whileHeard(transportSource(events, deps.transport));
  events.whileHeard(newsSource(events, 'webhooks.changed', deps.webhooks));
  events.whileHeard(newsSource(events, 'hot_folders.changed', deps.hotFolders));
  settings.onChange((changed) => {
    // Whoever is told may ask at once where the API is now.
    void deps.settled().then(() => events.emit({ type: 'settings.changed', settings: changed }));
  });

  const workspace = openTemplateWorkspace({
    library,
    folder: deps.paths.templates,
    db: deps.db,
    events,
    clock,
    logger,
  });

  const router = createStudioRouter(
    {
      ...createAppHandlers({
        status,
        settings,
        secrets: deps.secrets,
        settled: deps.settled,
        diagnostics: () => writeDiagnostics(deps),
      }),
      ...createTemplateHandlers(workspace),
      ...createPreviewHandlers(deps),
      ...createJobHandlers({ queue, clientNames, clock }),
      ...createBatchHandlers(deps.batches),
      ...createApiHandlers({ access: deps.access, requests, state: deps.api }),
      ...createKeyHandlers(deps.keys, events),
      ...createVerifyHandlers(deps.verifier),
      'transport.status': () => deps.transport(),
      ...createWebhookHandlers(deps.webhooks),
      ...createHotFolderHandlers(deps.hotFolders),
    },
    logger,
  );
  return {
    router,
    events,
    close() {
      events.close();
      return workspace.close();
    },
  };
}
