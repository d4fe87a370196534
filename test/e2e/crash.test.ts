/**
 * `kill -9` of the whole tree at random moments under load. What it would catch: a 202 before the commit, a job that
 * stays InProgress for ever, a second document for one key, torn or stray files, browsers that outlive their host.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { Host, influxion, leftoverBrowsers, temporaryFolder } from './host.ts';

const ROUNDS = 50;
const CLIENTS = 4;

interface Session {
  readonly url: string;
  readonly headers: Record<string, string>;
}

async function signIn(host: Host, client: Record<string, string>): Promise<Session> {
  const reply = await fetch(`${host.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: client['client_id'], client_secret: client['client_secret'] }),
  });
  const { access_token } = (await reply.json()) as { access_token: string };
  return { url: host.url, headers: { authorization: `Bearer ${access_token}` } };
}

/** Submits until the host is gone; a key of each request, and the id that a 202 told. */
async function load(session: Session, prefix: string, accepted: Map<string, number>): Promise<void> {
  for (let serial = 0; ; serial += 1) {
    const key = `${prefix}-${serial}`;
    try {
      const reply = await fetch(`${session.url}/pdf/generate`, {
        method: 'POST',
        headers: { ...session.headers, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({
          data: { key },
          document_id: key,
          html_template: { content: '<h1>{{key}}</h1>' },
        }),
      });
      if (reply.status === 202) accepted.set(key, ((await reply.json()) as { job_id: number }).job_id);
      await sleep(15);
    } catch {
      return; // the host was killed
    }
  }
}

/** More than the rehearsal of the start and what was claimed first. */
async function somethingPrinted(host: Host): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    if (Number(/^influxion_engine_printed_total (\d+)/m.exec(metrics)?.[1] ?? 0) > 8) return;
    await sleep(20);
  }
}

async function allJobs(session: Session): Promise<Job[]> {
  const jobs: Job[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const reply = await fetch(`${session.url}/pdf?limit=500${query}`, { headers: session.headers });
    const page = (await reply.json()) as { jobs: Job[]; next_cursor: string | null };
    jobs.push(...page.jobs);
    cursor = page.next_cursor;
  }
  return jobs;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

it('loses nothing, does nothing twice and leaves nothing behind', async () => {
  const data = await temporaryFolder();
  const added = await influxion(['client', 'add', 'load', '--json'], data.path);
  const client = JSON.parse(added.stdout) as Record<string, string>;
  const accepted = new Map<string, number>();

  for (let round = 0; round < ROUNDS; round += 1) {
    const host = await Host.start(data.path);
    const session = await signIn(host, client);
    const clients = Array.from({ length: CLIENTS }, (_, index) =>
      load(session, `${round}-${index}`, accepted),
    );
    // Every other host gets far enough to finish something: one that never does is what poison looks like.
    if (round % 2 === 1) await somethingPrinted(host);
    await sleep(Math.random() * 700);
    await host.killTree();
    await Promise.all(clients);
  }

  const host = await Host.start(data.path);
  onTestFinished(async () => {
    await host.stop();
    await data.remove();
  });
  const session = await signIn(host, client);
  let jobs = await allJobs(session);
  while (jobs.some((job) => job.status === 'Received' || job.status === 'InProgress')) {
    await sleep(200);
    jobs = await allJobs(session);
  }

  const byId = new Map(jobs.map((job) => [job.id, job]));
  const lost = [...accepted].filter(([key, id]) => byId.get(id)?.document_id !== key);
  expect(lost, 'accepted but not found').toEqual([]);
  expect(
    jobs.filter((job) => job.status !== 'Done').map((job) => [job.id, job.error]),
    'not Done',
  ).toEqual([]);
  const keys = jobs.map((job) => job.document_id);
  expect(new Set(keys).size, 'one job for each key').toBe(keys.length);

  for (const job of jobs) {
    const reply = await fetch(`${session.url}/pdf/${job.id}/download`, { headers: session.headers });
    const hash = createHash('sha256')
      .update(new Uint8Array(await reply.arrayBuffer()))
      .digest('hex');
    expect(hash, `document of job ${job.id}`).toBe(job.sha256);
  }
  const files = await filesBelow(join(data.path, 'output'));
  expect(files.length, 'one file for each document').toBe(jobs.length);

  expect(await host.stop()).toBe(0);
  expect(leftoverBrowsers()).toEqual([]);
}, 600_000);
