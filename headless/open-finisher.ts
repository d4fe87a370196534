/** What makes documents conform and signs them, for a command without a queue. */
import { join } from 'node:path';
import { createFinisher, type Finisher, type Signing } from '../core/pdf/finish/finisher.ts';
import { openScratch } from '../core/pdf/finish/scratch.ts';
import { createPdfWorkers } from '../core/pdf/worker/pdf-workers.ts';
import type { Logger } from '../core/ports.ts';
import { findAssets, temporaryFolder } from './paths.ts';
import { revocationSetting } from './revocation-setting.ts';
import { silentLogger } from './silent-logger.ts';
import { timeStampServer } from './time-stamp-server.ts';

export interface OpenFinisher extends AsyncDisposable {
  readonly finisher: Finisher;
}

const ANSWER_MS = 15_000;

/**
 * `dataFolder`: whose keys sign, opened only when a document is signed; undefined for the default. Nothing is reached but
 * the time-stamp server and the servers about revocation that the environment allows. Errors: UsageError.
 */
export function openFinisher(
  dataFolder: string | undefined,
  env: NodeJS.ProcessEnv,
  { workers: count = 1, logger = silentLogger }: { readonly workers?: number; readonly logger?: Logger } = {},
): OpenFinisher {
  const timeStamp = timeStampServer(env);
  const revocation = revocationSetting(env) ?? 'off';
  const workers = createPdfWorkers({ workers: count, logger });
  const folder = temporaryFolder();
  const closing: AsyncDisposable[] = [folder];
  const known = new Map<string, Signing['keys']>();
  const finisher = createFinisher({
    workers,
    openScratch: async () => openScratch(join(await folder.path(), 'finishing')),
    signing: {
      keys: {
        async signer(id) {
          const opened = known.get(id);
          if (opened !== undefined) return opened.signer(id);
          const [{ connect }, { connectKey }] = await Promise.all([
            import('./connect.ts'),
            import('./connected-keys.ts'),
          ]);
          const connection = await connect(dataFolder);
          closing.push(connection);
          const key = await connectKey(connection, id);
          known.set(id, key);
          return key.signer(id);
        },
        get(id) {
          const key = known.get(id);
          if (key === undefined) throw new Error('A key that nobody signed with');
          return key.get(id);
        },
      },
      network: () =>
        Promise.resolve({
          timeStamp,
          revocation,
          timeoutMs: ANSWER_MS,
        }),
      fontsFolder: join(findAssets(), 'fonts'),
    },
    now: () => Date.now(),
  });
  return {
    finisher,
    async [Symbol.asyncDispose]() {
      await workers.close();
      for (const resource of closing.toReversed()) await resource[Symbol.asyncDispose]();
    },
  };
}
