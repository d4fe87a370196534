/** What a host brings along. */
import type { Announcer } from './http/network/announcer.ts';
import type { PdfEngine } from './pdf/engine.ts';
import type { SigningNetwork } from './pdf/signing/trust/signing-network.ts';
import type { Clock, Logger, Paths, SecretStore } from './ports.ts';
import type { CelerySettings } from './transport/celery/celery-settings.ts';

export interface InfluxionDeps {
  readonly paths: Paths;
  readonly engine: PdfEngine;
  readonly secrets: SecretStore;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** The built page of the studio, `dist/renderer`, where a browser shows it; absent where windows of its own do. */
  readonly pageFolder?: string;
  /** The built reference, `dist/docs`. */
  readonly docsFolder: string;
  /** What the environment of the host says of whom signatures may reach; it goes before the settings. */
  readonly signingNetwork?: Partial<Pick<SigningNetwork, 'timeStamp' | 'revocation'>>;
  /** The workers that jobs run on; absent: they run here. */
  readonly celery?: CelerySettings;
  /** Host names answered besides those of this computer. */
  readonly allowedHosts?: readonly string[];
  /** The network around this computer, for tests that have one of their own. */
  readonly network?: Partial<Network>;
}

export interface Network {
  readonly ownAddresses: () => string[];
  readonly ownNames: () => string[];
  readonly announcer: Announcer;
  /** Milliseconds between two looks at the addresses. */
  readonly recheckMs: number;
}
