import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobChanged } from '../../../contract/job.ts';
import { call } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const BODY = { html_template: { content: 'x' } };

interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** An open event stream as a browser's EventSource would read it. */
class EventReader {
  readonly events: StreamEvent[] = [];
  comments = 0;
  ended = false;
  readonly #leave = new AbortController();

  static async open(world: HttpWorld, headers: Record<string, string>): Promise<EventReader> {
    const reader = new EventReader();
    const reply = await fetch(`${world.url}/events`, { headers, signal: reader.#leave.signal });
    expect(reply.headers.get('content-type')).toBe('text/event-stream');
    void reader.#read(reply);
    return reader;
  }

  close(): void {
    this.#leave.abort();
  }

  async #read(reply: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of reply.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // Left by close().
    }
    this.ended = true;
  }

  #take(block: string): void {
    if (block.startsWith(':')) this.comments++;
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data });
  }
}

describe('GET /events', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeEach(async () => {
    world = await openHttpWorld({
      limits: { heartbeatMs: 100, eventBufferBytes: 200_000, eventStreamsPerClient: 2 },
    });
    headers = await world.signIn();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const generate = () => call(world, 'POST', '/pdf/generate', { headers, body: BODY });

  it('tells each change as job.changed with an id', async () => {
    const reader = await EventReader.open(world, headers);
    await generate();
    world.jobs.finish(1);
    await expect.poll(() => reader.events.length).toBe(2);
    expect(reader.events.map(({ id, event }) => [id, event])).toEqual([
      ['1', 'job.changed'],
      ['2', 'job.changed'],
    ]);
    const last = JobChanged.parse(JSON.parse(reader.events[1]?.data ?? ''));
    expect(last.job.status).toBe('Done');
    reader.close();
    await expect.poll(() => world.jobs.listeners).toBe(0);
  });

  it('resumes after Last-Event-ID without a gap or a repetition', async () => {
    await generate();
    await generate();
    const reader = await EventReader.open(world, { ...headers, 'last-event-id': '1' });
    await generate();
    await expect.poll(() => reader.events.map(({ id }) => id)).toEqual(['2', '3']);
    reader.close();
  });

  it.each(['abc', '-1', '1.5'])('refuses the Last-Event-ID %s', async (id) => {
    const reply = await call(world, 'GET', '/events', { headers: { ...headers, 'last-event-id': id } });
    expect(reply.status).toBe(400);
  });

  it('keeps a silent stream alive', async () => {
    const reader = await EventReader.open(world, headers);
    await expect.poll(() => reader.comments).toBeGreaterThan(1);
    reader.close();
  });

  it('ends for a client that was removed', async () => {
    const client = await world.client();
    const { accessToken } = await world.access.issueToken(client.client_id, client.client_secret, undefined);
    const reader = await EventReader.open(world, { authorization: `Bearer ${accessToken}` });
    world.access.removeClient(client.client_id);
    await expect.poll(() => reader.ended).toBe(true);
  });

  it('ends when the API is switched off, for all but the owner', async () => {
    let isOpen = true;
    await using switched = await openHttpWorld({
      limits: { heartbeatMs: 50 },
      ownerToken: 'the-owner',
      isOpen: () => isOpen,
    });
    const program = await EventReader.open(switched, await switched.signIn());
    const owner = await EventReader.open(switched, { authorization: 'Bearer the-owner' });
    isOpen = false;
    await expect.poll(() => program.ended, { timeout: 20_000 }).toBe(true);
    expect(owner.ended).toBe(false);
    owner.close();
  });

  it('is limited for each client', async () => {
    const readers = [await EventReader.open(world, headers), await EventReader.open(world, headers)];
    expect((await call(world, 'GET', '/events', { headers })).status).toBe(429);
    const other = await EventReader.open(world, await world.signIn());
    for (const reader of [...readers, other]) reader.close();
  });

  it('does not pile up in memory for a reader that does not read', async () => {
    const socket = connect(world.port, '127.0.0.1');
    socket.write(
      `GET /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers['authorization'] ?? ''}\r\n\r\n`,
    );
    socket.pause();
    await expect.poll(() => world.jobs.listeners).toBe(1);
    const admin = { clientId: '', admin: true };
    await generate();
    for (let change = 0; change < 40_000 && world.jobs.listeners > 0; change++) {
      world.jobs.fail(1, { code: 'PRINT_FAILED', message: 'x'.repeat(1000) });
      if (change % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(world.jobs.listeners).toBe(0);
    expect(world.jobs.get(1, admin).status).toBe('Error');
    socket.destroy();
  });
});
