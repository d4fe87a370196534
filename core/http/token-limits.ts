/** Throttles guessing at `/token`, which RFC 6749 §2.3.1 asks for: token buckets by address and by client id. */
import type { Clock } from '../ports.ts';

interface Bucket {
  level: number;
  filledAt: number;
}

/** The least recently used key is forgotten beyond this many: a flood of invented ids costs bounded memory. */
const MAX_KEYS = 10_000;

export class Buckets {
  readonly #clock: Clock;
  readonly #size: number;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, size: number, perSecond: number) {
    this.#clock = clock;
    this.#size = size;
    this.#perSecond = perSecond;
  }

  /** Seconds until there is something to take, 0 when there is. */
  secondsUntilFree(key: string): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return 0;
    const level = this.#levelOf(bucket);
    return level >= 1 ? 0 : (1 - level) / this.#perSecond;
  }

  take(key: string): void {
    const known = this.#buckets.get(key);
    const level = known === undefined ? this.#size : this.#levelOf(known);
    // Deleted first, so that the order of the map is the order of use.
    this.#buckets.delete(key);
    this.#buckets.set(key, { level: Math.max(0, level - 1), filledAt: this.#clock.monotonic() });
    if (this.#buckets.size > MAX_KEYS) this.#forgetOldest();
  }

  #levelOf({ level, filledAt }: Bucket): number {
    const seconds = (this.#clock.monotonic() - filledAt) / 1000;
    return Math.min(this.#size, level + seconds * this.#perSecond);
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

export interface TokenLimits {
  /** Seconds to wait, 0 when the request may be looked at. Counts the request against its address. */
  admit(address: string, clientId: string): number;
  /** Wrong credentials. */
  countFailure(clientId: string): void;
}

/** 10 wrong secrets a client id, then one in 6 s; 120 requests an address, then two a second. */
export function createTokenLimits(clock: Clock): TokenLimits {
  const failures = new Buckets(clock, 10, 1 / 6);
  const requests = new Buckets(clock, 120, 2);
  return {
    admit: (address, clientId) => {
      const wait = Math.max(requests.secondsUntilFree(address), failures.secondsUntilFree(clientId));
      if (wait === 0) requests.take(address);
      return wait;
    },
    countFailure: (clientId) => failures.take(clientId),
  };
}
