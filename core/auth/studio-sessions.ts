/**
 * Who may use the studio in a browser: whoever brought a key from the command line once. Keys and sessions live in
 * memory, so a new start ends them all; only their digests are kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../ports.ts';

export interface StudioSessions {
  /** A key that opens one session, within `KEY_LIFETIME_MS`. 256 random bits, base64url. */
  issueKey(): string;
  /** The secret of a new session; undefined for a key that is unknown, used or too old. */
  redeem(key: string): string | undefined;
  /** Whether a session is open; being asked keeps it open. */
  isOpen(session: string): boolean;
}

export const KEY_LIFETIME_MS = 10 * 60_000;
/** Of a session that nobody uses. */
export const SESSION_IDLE_MS = 7 * 24 * 60 * 60_000;

/** The oldest go first beyond these many. */
const MOST_KEYS = 16;
const MOST_SESSIONS = 64;

const secret = (): string => randomBytes(32).toString('base64url');
/** Looked up by digest: how long a lookup takes says nothing about the secret. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64');

export function createStudioSessions(clock: Clock): StudioSessions {
  /** Digest → until when, in `clock.monotonic()`; in the order of their last use. */
  const keys = new Map<string, number>();
  const sessions = new Map<string, number>();

  const keep = (map: Map<string, number>, name: string, lifetimeMs: number, most: number): void => {
    map.delete(name);
    map.set(name, clock.monotonic() + lifetimeMs);
    const [oldest] = map.keys();
    if (map.size > most && oldest !== undefined) map.delete(oldest);
  };
  const isAlive = (map: ReadonlyMap<string, number>, name: string): boolean =>
    (map.get(name) ?? Number.NEGATIVE_INFINITY) > clock.monotonic();

  return {
    issueKey() {
      const key = secret();
      keep(keys, digest(key), KEY_LIFETIME_MS, MOST_KEYS);
      return key;
    },
    redeem(key) {
      const name = digest(key);
      const good = isAlive(keys, name);
      keys.delete(name);
      if (!good) return undefined;
      const session = secret();
      keep(sessions, digest(session), SESSION_IDLE_MS, MOST_SESSIONS);
      return session;
    },
    isOpen(session) {
      const name = digest(session);
      if (!isAlive(sessions, name)) {
        sessions.delete(name);
        return false;
      }
      keep(sessions, name, SESSION_IDLE_MS, MOST_SESSIONS);
      return true;
    },
  };
}
