/** What the core needs of its host. Each port has one contract test suite that every side passes. */
export type { PdfEngine } from './pdf/engine.ts';

/** Structured log; a record is an object of facts and a sentence. Secrets are redacted by the adapter. */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(bindings: Record<string, unknown>): Logger;
}

/** Time. Durations, leases and back-off go by `monotonic`, which no change of the wall clock moves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start, never running backwards. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** Where things lie. All are absolute; the folders exist once the data folder is open. */
export interface Paths {
  /** The data folder, owned by one process at a time. */
  readonly data: string;
  readonly database: string;
  /** Finished documents. */
  readonly output: string;
  /** The template library. */
  readonly templates: string;
  /** What can be made again: unpacked browser, browser profiles, font configuration. */
  readonly cache: string;
  /** What ships with the product: fonts, sample templates. Read only. */
  readonly assets: string;
}

/** Keeps small secrets (token signing keys, private keys) encrypted at rest. */
export interface SecretStore {
  /** How secrets are kept from others here, in a sentence for their owner. */
  readonly protection: string;
  /** The secret, or undefined when there is none of that name. Throws DATA_FOLDER_UNUSABLE when it cannot be opened. */
  get(name: string): Promise<Uint8Array | undefined>;
  set(name: string, secret: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
}
