/** Who is answered over IPC, what happens to calls nobody waits for, and what the native side does with notes. */
import { describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../contract/studio/event.ts';
import { StudioEventHub } from '../../core/studio/event-hub.ts';
import type { StudioCall } from '../../core/studio/router.ts';
import { serveStudioIpc, type StudioContents, type StudioIpcMain } from '../../main/ipc/studio-ipc.ts';
import type { SendingFrame } from '../../main/ipc/studio-sender.ts';
import { silentLogger } from '../support/engine-folders.ts';

const OWN: SendingFrame = { parent: null, origin: 'app://studio' };

class Contents implements StudioContents {
  readonly id = 7;
  readonly sent: unknown[] = [];
  isGone = false;
  readonly #listeners: [string, () => void][] = [];
  isDestroyed(): boolean {
    return this.isGone;
  }
  send(_channel: string, event: unknown): void {
    if (this.isGone) throw new Error('Object has been destroyed');
    this.sent.push(event);
  }
  on(event: string, listener: () => void): void {
    this.#listeners.push([event, listener]);
  }
  emit(name: string): void {
    for (const [event, listener] of this.#listeners) if (event === name) listener();
  }
}

function world() {
  type Handler = Parameters<StudioIpcMain['handle']>[1];
  type Listener = Parameters<StudioIpcMain['on']>[1];
  let handler: Handler | undefined;
  let listener: Listener | undefined;
  const events = new StudioEventHub();
  const calls: { name: string; input: unknown; call: StudioCall }[] = [];
  const answer = Promise.withResolvers<object>();
  const onCommands = vi.fn();
  serveStudioIpc({
    ipcMain: {
      handle: (_channel, added) => (handler = added),
      on: (_channel, added) => (listener = added),
    },
    studio: Promise.resolve({
      events,
      router: {
        handle: async (name, input, call) => {
          calls.push({ name, input, call });
          return { ok: true, data: name === 'slow' ? await answer.promise : {} };
        },
      },
    }),
    logger: silentLogger,
    onCommands,
    onListening: () => undefined,
  });
  const contents = new Contents();
  return {
    contents,
    calls,
    events,
    onCommands,
    finish: () => answer.resolve({}),
    ask: (call: unknown, senderFrame: SendingFrame | null = OWN) =>
      handler?.({ sender: contents, senderFrame }, call),
    note: (note: unknown, senderFrame: SendingFrame | null = OWN) =>
      listener?.({ sender: contents, senderFrame }, note),
  };
}

const CALL = { id: 1, name: 'app.status', input: {} };

describe('a call', () => {
  it('of the studio reaches the router with its window and its input', async () => {
    const { ask, calls } = world();
    expect(await ask({ id: 1, name: 'jobs.get', input: { id: 3 } })).toEqual({ ok: true, data: {} });
    expect(calls[0]).toMatchObject({ name: 'jobs.get', input: { id: 3 }, call: { client: 'window-7' } });
  });

  const strangers: Record<string, SendingFrame | null> = {
    'a frame that has gone': null,
    'a frame inside the page': { parent: {}, origin: 'app://studio' },
    'a page of the web': { parent: null, origin: 'https://evil.example' },
    'another host of the scheme': { parent: null, origin: 'app://other' },
    'an address that begins alike': { parent: null, origin: 'app://studio.evil' },
    'an opaque origin': { parent: null, origin: 'null' },
    'a file': { parent: null, origin: 'file://' },
  };
  it.each(Object.entries(strangers))('of %s is refused', async (_who, frame) => {
    const { ask, calls } = world();
    expect(await ask(CALL, frame)).toMatchObject({ ok: false, error: { code: 'STUDIO_FORBIDDEN' } });
    expect(calls).toEqual([]);
  });

  it.each([
    undefined,
    null,
    'x',
    [],
    {},
    { id: 'x', name: 'a' },
    { id: 1 },
    { id: 1, name: 'a', input: 1, more: 1 },
  ])('that is none is refused: %j', async (call) => {
    const { ask, calls } = world();
    expect(await ask(call)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    expect(calls).toEqual([]);
  });

  it('is aborted when the page cancels it, goes away or is loaded anew', async () => {
    for (const end of ['cancel', 'destroyed', 'render-process-gone', 'did-navigate']) {
      const { ask, note, contents, calls, finish } = world();
      const asked = ask({ id: 5, name: 'slow', input: {} });
      await vi.waitFor(() => expect(calls).toHaveLength(1));
      expect(calls[0]?.call.signal.aborted).toBe(false);
      if (end === 'cancel') note({ kind: 'cancel', id: 5 });
      else contents.emit(end);
      expect(calls[0]?.call.signal.aborted).toBe(true);
      finish();
      await asked;
    }
  });
});

describe('events', () => {
  const EVENT: StudioEvent = { type: 'resync' };

  it('reach a page once, however often it says that it listens, and not after it has gone', async () => {
    const { note, contents, events } = world();
    note({ kind: 'listening' });
    note({ kind: 'listening' });
    await vi.waitFor(() => expect(events.size).toBe(1));
    events.emit(EVENT);
    expect(contents.sent).toEqual([EVENT]);
    contents.isGone = true;
    contents.emit('destroyed');
    expect(events.size).toBe(0);
  });

  it('reach no stranger', async () => {
    const { note, events } = world();
    note({ kind: 'listening' }, { parent: null, origin: 'https://evil.example' });
    await Promise.resolve();
    expect(events.size).toBe(0);
  });
});

describe('the commands of the page', () => {
  it('go to the menus, and only when they are commands', () => {
    const { note, onCommands } = world();
    const commands = [{ id: 'jobs.retry', title: 'Retry', shortcut: 'Mod+R' }];
    note({ kind: 'commands', commands: [{ id: 1 }] });
    note({ kind: 'commands', commands }, { parent: {}, origin: 'app://studio' });
    expect(onCommands).not.toHaveBeenCalled();
    note({ kind: 'commands', commands });
    expect(onCommands).toHaveBeenCalledWith(commands);
  });
});
