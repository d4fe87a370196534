/** The API over the real queue; only the pipeline is a stand-in. */
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../contract/job.ts';
import { call } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { heldPipeline, openWorld as openJobWorld, pdfOf, printText } from '../../support/job-world.ts';

const body = (text: string) => ({ data: { text }, html_template: { content: '<p>{{text}}</p>' } });

const generate = (world: HttpWorld, headers: Record<string, string>, text: string) =>
  call(world, 'POST', '/pdf/generate', { headers, body: body(text) });

const jobIdOf = (text: string): number => (JSON.parse(text) as { job_id: number }).job_id;

describe('the API over the queue', () => {
  it('brings many clients their own documents at once', async () => {
    await using jobs = await openJobWorld({ run: printText, concurrency: 3 });
    await using world = await openHttpWorld({ queue: jobs.queue });
    const clients = await Promise.all([world.signIn(), world.signIn(), world.signIn()]);
    await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const headers = clients[at % 3] ?? {};
        const text = `document ${at}`;
        const created = await generate(world, headers, text);
        const id = jobIdOf(created.text);
        const ended = await call(world, 'GET', `/pdf/${id}`, { headers: { ...headers, prefer: 'wait=30' } });
        expect(ended.json<Job>().status).toBe('Done');
        const document = await call(world, 'GET', `/pdf/${id}/download`, { headers });
        expect(document.bytes.equals(pdfOf(text))).toBe(true);
        const other = clients[(at + 1) % 3] ?? {};
        expect((await call(world, 'GET', `/pdf/${id}/download`, { headers: other })).status).toBe(404);
      }),
    );
  });

  it('makes one job of 20 requests with one Idempotency-Key, also after a restart, and refuses it for another', async () => {
    const folder = temporaryFolder();
    const first = await openJobWorld({ folder, run: printText });
    const world = await openHttpWorld({ queue: first.queue });
    const client = await world.client();
    const { accessToken } = await world.access.issueToken(client.client_id, client.client_secret, undefined);
    const headers = { authorization: `Bearer ${accessToken}`, 'idempotency-key': '"order 17"' };
    const replies = await Promise.all(Array.from({ length: 20 }, () => generate(world, headers, 'once')));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    const other = await generate(world, headers, 'something else');
    expect(other.json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_MISMATCH' });
    await first.close();

    await using second = await openJobWorld({ folder, run: printText });
    const queue = second.queue;
    await using restarted = await openHttpWorld({
      queue: {
        ...queue,
        // The same client came back: tokens of another test server are not known to this one.
        submit: (request, options) =>
          queue.submit(request, { ...options, caller: { ...options.caller, clientId: client.client_id } }),
      },
    });
    const again = await generate(
      restarted,
      { ...(await restarted.signIn()), 'idempotency-key': 'order 17' },
      'once',
    );
    expect(again.text).toBe(replies[0]?.text);
    await world[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells what a client missed while it was away, from the history on disk', async () => {
    await using jobs = await openJobWorld({ run: printText });
    await using world = await openHttpWorld({ queue: jobs.queue });
    const headers = await world.signIn();
    const id = jobIdOf((await generate(world, { ...headers, prefer: 'wait=30' }, 'x')).text);
    const leave = new AbortController();
    const stream = await fetch(`${world.url}/events`, {
      headers: { ...headers, 'last-event-id': '1' },
      signal: leave.signal,
    });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('"status":"Done"')) break;
    }
    leave.abort();
    expect(text).toContain(`"id":${id}`);
    expect(text).toMatch(/^id: \d+$/m);
  });

  it('cancels a running job, whose waiting request then ends', async () => {
    const pipeline = heldPipeline();
    await using jobs = await openJobWorld({ run: pipeline.run });
    await using world = await openHttpWorld({ queue: jobs.queue });
    const headers = await world.signIn();
    const sent = call(world, 'POST', '/pdf', { headers, body: body('long') });
    const run = await pipeline.next();
    const [{ id } = { id: 0 }] = (await call(world, 'GET', '/pdf?status=InProgress', { headers })).json<{
      jobs: Job[];
    }>().jobs;
    const cancelled = await call(world, 'DELETE', `/pdf/${id}`, { headers });
    expect(cancelled.json()).toMatchObject({ status: 'Error', error_detail: { code: 'JOB_CANCELLED' } });
    expect(run.signal.aborted).toBe(true);
    expect((await sent).json()).toMatchObject({ status: 409, code: 'JOB_CANCELLED', job_id: id });
  });

  it('refuses with 429 and Retry-After beyond the depth of the queue', async () => {
    const pipeline = heldPipeline();
    await using jobs = await openJobWorld({ run: pipeline.run, limits: { maxQueued: 3 } });
    await using world = await openHttpWorld({ queue: jobs.queue });
    const headers = await world.signIn();
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, at) => generate(world, headers, `${at}`)),
    );
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const reply of refused) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(replies.every(({ status }) => status === 202 || status === 429)).toBe(true);
  });
});
