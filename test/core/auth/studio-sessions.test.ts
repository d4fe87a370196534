import { describe, expect, it } from 'vitest';
import {
  createStudioSessions,
  KEY_LIFETIME_MS,
  SESSION_IDLE_MS,
} from '../../../core/auth/studio-sessions.ts';
import { MovableClock } from '../../support/http-world.ts';

const open = () => {
  const clock = new MovableClock();
  return { clock, sessions: createStudioSessions(clock) };
};

describe('a key of the studio', () => {
  it('opens one session, once', () => {
    const { sessions } = open();
    const key = sessions.issueKey();
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    const session = sessions.redeem(key) ?? '';
    expect(sessions.isOpen(session)).toBe(true);
    expect(session).not.toBe(key);
    expect(sessions.redeem(key)).toBeUndefined();
    expect(sessions.isOpen(session)).toBe(true);
  });

  it('is of no use after its time, wherever the clock on the wall stands', () => {
    const { sessions, clock } = open();
    const key = sessions.issueKey();
    clock.advance(KEY_LIFETIME_MS + 1);
    expect(sessions.redeem(key)).toBeUndefined();
  });

  it('is not kept for good when many are made and never used', () => {
    const { sessions } = open();
    const first = sessions.issueKey();
    const others = Array.from({ length: 16 }, () => sessions.issueKey());
    expect(sessions.redeem(first)).toBeUndefined();
    for (const key of others) expect(sessions.redeem(key)).toBeDefined();
  });

  it.each(['', 'a', '__proto__', 'undefined'])('is not %j', (key) => {
    expect(open().sessions.redeem(key)).toBeUndefined();
  });
});

describe('a session of the studio', () => {
  it('stays open while it is used and ends when it is not', () => {
    const { sessions, clock } = open();
    const session = sessions.redeem(sessions.issueKey()) ?? '';
    for (let day = 0; day < 30; day += 1) {
      clock.advance(SESSION_IDLE_MS / 2);
      expect(sessions.isOpen(session)).toBe(true);
    }
    clock.advance(SESSION_IDLE_MS + 1);
    expect(sessions.isOpen(session)).toBe(false);
  });

  it('makes room for a new one when it is the one that was quiet for longest', () => {
    const { sessions } = open();
    const [first = '', second = ''] = [1, 2].map(() => sessions.redeem(sessions.issueKey()));
    for (let more = 0; more < 62; more += 1) sessions.redeem(sessions.issueKey());
    expect(sessions.isOpen(first)).toBe(true);
    sessions.redeem(sessions.issueKey());
    expect([sessions.isOpen(first), sessions.isOpen(second)]).toEqual([true, false]);
  });

  it('of another start is not open', () => {
    const session = open().sessions.redeem(open().sessions.issueKey()) ?? 'none';
    const other = open();
    expect(other.sessions.isOpen(session)).toBe(false);
  });
});
