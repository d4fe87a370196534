import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePrefer, preferenceApplied } from '../../../core/http/prefer.ts';
import { call } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const BODY = { html_template: { content: 'x' } };

describe('Prefer (RFC 7240)', () => {
  it.each([
    [undefined, undefined],
    ['wait=5', 'wait=5'],
    ['wait="5"', 'wait=5'],
    ['Wait = 5', 'wait=5'],
    ['wait=5; a=b', 'wait=5'],
    ['respond-async', 'respond-async'],
    ['respond-async, wait=10', 'respond-async, wait=10'],
    ['wait=10, wait=20', 'wait=10'],
    ['wait=3600', 'wait=60'],
    ['wait=0', 'wait=0'],
    ['wait=-1', undefined],
    ['wait=abc', undefined],
    ['wait', undefined],
    ['handling=lenient, ,', undefined],
    [['respond-async', 'wait=1'], 'respond-async, wait=1'],
  ])('%j applies as %j', (header, applied) => {
    expect(preferenceApplied(parsePrefer(header))).toBe(applied);
  });
});

describe('a request that waits', () => {
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeEach(async () => {
    world = await openHttpWorld({ limits: { idleTimeoutMs: 200 } });
    headers = await world.signIn();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const generate = (prefer: string) =>
    call(world, 'POST', '/pdf/generate', { headers: { ...headers, prefer }, body: BODY });

  it('is answered by generate as soon as the job ends, with the published reply', async () => {
    const sent = generate('wait=30');
    await expect.poll(() => world.jobs.waits.length).toBe(1);
    world.jobs.finish(1);
    const reply = await sent;
    expect([reply.status, reply.text]).toEqual([202, '{"job_id":1}']);
    expect(reply.headers.get('preference-applied')).toBe('wait=30');
  });

  it('is answered by generate after the wait when the job takes longer', async () => {
    const reply = await generate('wait=0');
    expect([reply.status, reply.headers.get('preference-applied')]).toEqual([202, 'wait=0']);
    const other = await generate('wait=1');
    expect(other.text).toBe('{"job_id":2}');
    expect(world.jobs.get(2, { clientId: '', admin: true }).status).toBe('Received');
  });

  it('is not held by respond-async alone', async () => {
    const reply = await generate('respond-async');
    expect(reply.headers.get('preference-applied')).toBe('respond-async');
    expect(world.jobs.waits).toHaveLength(0);
  });

  it('gets the ended job from its status, though longer than idle connections live', async () => {
    await generate('respond-async');
    const sent = call(world, 'GET', '/pdf/1', { headers: { ...headers, prefer: 'wait=20' } });
    await expect.poll(() => world.jobs.waits.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 600)); // three times the idle limit must pass
    world.jobs.finish(1);
    expect((await sent).json()).toMatchObject({ status: 'Done' });
  });

  it('is forgotten when its client leaves: the wait would hold memory for a minute', async () => {
    await generate('respond-async');
    const leave = new AbortController();
    const sent = call(world, 'GET', '/pdf/1', {
      headers: { ...headers, prefer: 'wait=60' },
      signal: leave.signal,
    });
    await expect.poll(() => world.jobs.waits.length).toBe(1);
    leave.abort();
    await expect(sent).rejects.toThrow();
    await expect.poll(() => world.jobs.waits[0]?.aborted).toBe(true);
    expect(world.jobs.listeners).toBe(0);
  });

  it('does not keep POST /pdf with respond-async', async () => {
    const reply = await call(world, 'POST', '/pdf', {
      headers: { ...headers, prefer: 'respond-async' },
      body: BODY,
    });
    expect([reply.status, reply.text]).toEqual([202, '{"job_id":1}']);
  });
});
