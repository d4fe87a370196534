/** The Node host: the ports of the core, filled in. */
import { join, resolve } from 'node:path';
import { growHeapsInLargeSteps } from '../core/heap-steps.ts';
import { openInfluxion, type Influxion } from '../core/influxion.ts';
import type { PdfEngine } from '../core/pdf/engine.ts';
import type { CelerySettings } from '../core/transport/celery/celery-settings.ts';
import { systemClock, type Logger, type Paths } from '../core/ports.ts';
import { engineLimits } from '../core/studio/settings-file.ts';
import { createLogger, type LogLevel } from './logger.ts';
import { openEngine } from './open-engine.ts';
import { createFileSecretStore } from './secret-store.ts';
import { revocationSetting } from './revocation-setting.ts';
import { timeStampServer } from './time-stamp-server.ts';
import { VERSION } from './version.ts';

export interface HostOptions {
  readonly paths: Paths;
  readonly logLevel: LogLevel;
  readonly workers?: number | undefined;
  readonly browser?: string | undefined;
  /** Host names, besides this machine's, that requests may be addressed to. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The workers that jobs run on. */
  readonly celery?: CelerySettings | undefined;
}

export interface OpenedHost {
  readonly influxion: Influxion;
  readonly engine: PdfEngine;
  readonly logger: Logger;
}

/** Opens the data folder with a browser that starts at the first need. Errors: those of openInfluxion. */
export async function openHost({
  paths,
  logLevel,
  workers,
  browser,
  allowedHosts,
  celery,
}: HostOptions): Promise<OpenedHost> {
  growHeapsInLargeSteps();
  const logger = createLogger({ level: logLevel });
  const key = process.env['INFLUXION_SECRET_KEY'];
  const timeStamp = timeStampServer(process.env);
  const revocation = revocationSetting(process.env);
  const limits = await engineLimits(paths.data);
  const dist = resolve(paths.assets, '..', 'dist');
  const engine = openEngine({
    browser,
    workers: workers ?? limits.concurrency,
    printMemoryBytes: limits.printMemoryBytes,
    cacheFolder: paths.cache,
    assetsFolder: paths.assets,
    logger,
  });
  const influxion = await openInfluxion({
    paths,
    engine,
    secrets: createFileSecretStore({
      folder: join(paths.data, 'secrets'),
      ...(key !== undefined && key !== '' && { key }),
    }),
    logger,
    clock: systemClock,
    version: VERSION,
    pageFolder: join(dist, 'renderer'),
    docsFolder: join(dist, 'docs'),
    signingNetwork: { ...(timeStamp && { timeStamp }), ...(revocation && { revocation }) },
    ...(allowedHosts !== undefined && { allowedHosts }),
    ...(celery !== undefined && { celery }),
  });
  return { influxion, engine, logger };
}
