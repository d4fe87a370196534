/** Which edit is shown: turns of one editor, without a renderer or an engine. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { PreviewSession, type Made, type Turn } from '../../../core/studio/preview-session.ts';

/** A preview that is made when the test says so. */
class Making {
  readonly #done = Promise.withResolvers<Made<string>>();
  turn: Turn | undefined;

  readonly make = (turn: Turn): Promise<Made<string>> => {
    this.turn = turn;
    turn.signal.addEventListener('abort', () => this.#done.reject(turn.signal.reason));
    return this.#done.promise;
  };

  finish(output: string, pageNumbers?: Turn['pageNumbers']): void {
    this.#done.resolve({ output, pageNumbers });
  }
}

const NEVER = new AbortController().signal;

/** Lets promises that are settled be noticed. */
const turns = async (): Promise<void> => {
  for (let index = 0; index < 20; index += 1) await Promise.resolve();
};

const outcomeOf = (work: Promise<string>): { value?: string } => {
  const outcome: { value?: string } = {};
  work.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.value = InfluxionError.is(error) ? error.code : String(error)),
  );
  return outcome;
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const session = new PreviewSession();
  return {
    session,
    ask: (signal = NEVER) => {
      const making = new Making();
      return { making, outcome: outcomeOf(session.render(signal, making.make)) };
    },
  };
}

describe('the previews of an editor', () => {
  it('finish what was begun, give up what only waited, and show the newest', async () => {
    const { ask } = open();
    const [first, second, third] = [ask(), ask(), ask()];
    await turns();
    expect(second.outcome.value).toBe('PREVIEW_SUPERSEDED');
    expect([second.making.turn, third.making.turn]).toEqual([undefined, undefined]);
    first.making.finish('first');
    await turns();
    expect(first.outcome.value).toBe('first');
    expect(third.making.turn).toBeDefined();
    third.making.finish('third');
    await turns();
    expect(third.outcome.value).toBe('third');
  });

  it('keep appearing while edits come faster than pictures (a screen that never changes)', async () => {
    const { ask } = open();
    let shown = 0;
    let [running, waiting] = [ask(), ask()];
    for (let edit = 0; edit < 50; edit += 1) {
      await vi.advanceTimersByTimeAsync(100);
      if (edit % 5 === 4) {
        running.making.finish('picture');
        await turns();
        if (running.outcome.value === 'picture') shown += 1;
        running = waiting;
      }
      waiting = ask();
    }
    expect(shown).toBe(10);
  });

  it('end one that hangs when a newer edit waits, and not before (an endless template that blocks its own repair)', async () => {
    const { ask } = open();
    const hanging = ask();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hanging.outcome.value).toBeUndefined();
    const repaired = ask();
    await vi.advanceTimersByTimeAsync(1);
    expect(hanging.outcome.value).toBe('PREVIEW_SUPERSEDED');
    repaired.making.finish('repaired');
    await turns();
    expect(repaired.outcome.value).toBe('repaired');
  });

  it('grow patient with a document that takes long by nature (one that is ended over and over)', async () => {
    const { session } = open();
    const outcomes: { value?: string }[] = [];
    for (let second = 0; second < 120; second += 1) {
      const making = new Making();
      const slow = (turn: Turn) => {
        setTimeout(() => making.finish('shown'), 10_000);
        return making.make(turn);
      };
      outcomes.push(outcomeOf(session.render(NEVER, slow)));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(outcomes.filter(({ value }) => value === 'shown').length).toBeGreaterThan(8);
  });

  it('tell a caller that went away at once, and let what runs end by itself', async () => {
    const { ask } = open();
    const [leaving, waiting] = [new AbortController(), new AbortController()];
    const running = ask(leaving.signal);
    const queued = ask(waiting.signal);
    leaving.abort('left');
    waiting.abort('left too');
    await turns();
    expect([running.outcome.value, queued.outcome.value]).toEqual(['left', 'left too']);
    expect(running.making.turn?.signal.aborted).toBe(false);
    const next = ask();
    running.making.finish('unseen');
    await turns();
    next.making.finish('next');
    await turns();
    expect(next.outcome.value).toBe('next');
  });

  it('go on after a failure, with the page numbers of the last print', async () => {
    const { ask } = open();
    const numbers = { count: 3, pages: new Map([['a', 2]]) };
    const first = ask();
    first.making.finish('first', numbers);
    await turns();
    const failing = outcomeOf(
      new PreviewSession().render(NEVER, () => Promise.reject(new InfluxionError('BAD_JSON', 'x'))),
    );
    const second = ask();
    await turns();
    expect(failing.value).toBe('BAD_JSON');
    expect(second.making.turn?.pageNumbers).toBe(numbers);
  });

  it('end when the editor is closed', async () => {
    const { session, ask } = open();
    const [running, waiting] = [ask(), ask()];
    session.close();
    await turns();
    const late = ask();
    await turns();
    for (const { outcome } of [running, waiting, late]) expect(outcome.value).toBe('PREVIEW_SUPERSEDED');
  });
});
