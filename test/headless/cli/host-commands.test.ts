/** client, job and template: the same commands while a host owns the data folder and while none does. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiClient, CreatedClient } from '../../../contract/access.ts';
import type { Job } from '../../../contract/job.ts';
import type { TemplateSummary } from '../../../contract/template.ts';
import { cli, ServeProcess, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
const PATIENT = { timeout: 30_000 };

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const parse = <T>(text: string): T => JSON.parse(text) as T;

async function token(
  url: string,
  client: CreatedClient,
): Promise<{ status: number; headers: Record<string, string> }> {
  const reply = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: client.client_id, client_secret: client.client_secret }),
  });
  const { access_token = '' } = (await reply.json()) as { access_token?: string };
  return {
    status: reply.status,
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
  };
}

describe.each([['while a host runs'], ['while none runs']])('%s', (when) => {
  const live = when === 'while a host runs';
  let data: string;
  let host: ServeProcess | undefined;

  beforeAll(async () => {
    data = join(folder.path, live ? 'live' : 'still');
    if (live) host = await ServeProcess.start({ data });
  });
  afterAll(async () => {
    expect(await host?.end()).toBe(live ? 0 : undefined);
  });

  it('adds, lists and removes clients', async () => {
    const added = await cli(['client', 'add', 'Order system', '--json'], { data });
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const client = parse<CreatedClient>(added.stdout);
    expect(client).toMatchObject({
      name: 'Order system',
      scopes: ['pdf', 'templates.read', 'templates.write'],
    });
    expect(client.client_secret.length).toBeGreaterThan(30);

    const listed = await cli(['client', 'list', '--json'], { data });
    expect(parse<ApiClient[]>(listed.stdout).map(({ client_id }) => client_id)).toEqual([client.client_id]);
    expect(listed.stdout, 'the secret is told once').not.toContain(client.client_secret);
    const table = await cli(['client', 'list'], { data });
    expect(table.stdout).toMatch(/^CLIENT ID .*\n.*Order system/);

    if (host !== undefined) expect((await token(host.url, client)).status).toBe(200);
    expect((await cli(['client', 'remove', client.client_id], { data })).code).toBe(0);
    if (host !== undefined) expect((await token(host.url, client)).status).toBe(401);
    expect(parse<ApiClient[]>((await cli(['client', 'list', '--json'], { data })).stdout)).toEqual([]);
  });

  it('tells a person id and secret on stdout, and what to do with them on stderr', async () => {
    const { stdout, stderr } = await cli(['client', 'add', 'x', '--scope', 'pdf', '--scope', 'admin'], {
      data,
    });
    expect(stdout).toMatch(/^client_id {6}\S+\nclient_secret {2}\S+\n$/);
    expect(stderr).toMatch(live ? /curl -s http:\/\/127/ : /influxion serve/);
  });

  it.each([
    [['client', 'remove', 'nobody'], /no.*client/i],
    [['job', 'show', '4711'], /no.*job/i],
    [['job', 'cancel', '4711'], /no.*job/i],
    [['job', 'download', '4711', '-o', 'x.pdf'], /no.*job/i],
    [['template', 'export', 'nothing'], /no.*template/i],
  ])('%j: exit code 1 and a sentence', async (args, message) => {
    const { code, stdout, stderr } = await cli(args, { data, cwd: folder.path });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('lists, exports and imports templates', async () => {
    const listed = parse<TemplateSummary[]>((await cli(['template', 'list', '--json'], { data })).stdout);
    expect(listed.map(({ id }) => id)).toContain('invoice');

    const zip = join(folder.path, `${when.replaceAll(' ', '-')}.zip`);
    const exported = await cli(['template', 'export', 'invoice', '-o', zip], { data });
    expect(exported.code).toBe(0);
    expect((await readFile(zip)).subarray(0, 2).toString()).toBe('PK');

    const imported = await cli(['template', 'import', zip, '--name', 'copy', '--json'], { data });
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(parse<TemplateSummary>(imported.stdout).id).toBe('copy');
    const again = await cli(['template', 'import', zip, '--name', 'copy'], { data });
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/already/);
    expect((await cli(['template', 'import', zip, '--name', 'copy', '--replace'], { data })).code).toBe(0);

    await writeFile(join(folder.path, 'broken.zip'), 'not a zip');
    const broken = await cli(['template', 'import', join(folder.path, 'broken.zip')], { data });
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/^error: .*zip/im);
  });
});

describe('jobs', () => {
  let data: string;
  let host: ServeProcess;
  let headers: Record<string, string>;

  beforeAll(async () => {
    data = join(folder.path, 'jobs');
    host = await ServeProcess.start({ data });
    const client = parse<CreatedClient>((await cli(['client', 'add', 'test', '--json'], { data })).stdout);
    ({ headers } = await token(host.url, client));
  });
  afterAll(() => host.end());

  async function submit(body: object): Promise<number> {
    const reply = await fetch(`${host.url}/pdf/generate`, {
      method: 'POST',
      headers: { ...headers, prefer: 'wait=20' },
      body: JSON.stringify(body),
    });
    return ((await reply.json()) as { job_id: number }).job_id;
  }
  const show = async (id: number): Promise<Job> =>
    parse<Job>((await cli(['job', 'show', String(id), '--json'], { data })).stdout);

  it('shows and downloads one that is done, under the name of its document', async () => {
    const id = await submit({ html_template: { content: '<p>x</p>' }, document_id: '../Rechnung 7' });
    expect(await show(id)).toMatchObject({ id, status: 'Done', document_id: '../Rechnung 7' });
    const cwd = join(folder.path, 'downloads');
    await mkdir(cwd);
    const { code, stderr } = await cli(['job', 'download', String(id)], { data, cwd });
    expect(code).toBe(0);
    const name = /Wrote (.+\.pdf), /.exec(stderr)?.[1] ?? '';
    expect(name).not.toMatch(/\//);
    expect((await readFile(join(cwd, name))).subarray(0, 5).toString()).toBe('%PDF-');
    await rm(cwd, { recursive: true });

    const person = await cli(['job', 'show', String(id)], { data });
    expect(person.stdout).toMatch(/status +Done/);
    expect((await cli(['job', 'cancel', String(id)], { data })).stderr).toMatch(/already ended \(Done\)/);
    expect((await show(id)).status, 'cancel deletes nothing that is done').toBe('Done');
  });

  it('shows why one failed, with the line, and tries it again', async () => {
    const id = await submit({ html_template: { content: '<p>\n{{curency 1}}</p>' } });
    const { code, stdout } = await cli(['job', 'show', String(id)], { data });
    expect(code).toBe(0);
    expect(stdout).toMatch(/status +Error/);
    expect(stdout).toMatch(/2 \| \{\{curency 1\}\}/);
    expect(stdout).toMatch(/currency/);
    const download = await cli(['job', 'download', String(id), '-o', join(folder.path, 'no.pdf')], { data });
    expect(download.code).toBe(1);
    expect((await cli(['job', 'retry', String(id)], { data })).code).toBe(0);
    await expect.poll(async () => (await show(id)).attempt, PATIENT).toBe(2);
    const listed = await cli(['job', 'list', '--status', 'error', '--json'], { data });
    expect(parse<Job[]>(listed.stdout).map((job) => job.id)).toEqual([id]);
  });

  it('cancels one that runs', async () => {
    const reply = await fetch(`${host.url}/pdf/generate`, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        html_template: { content: '<script>window.influxionReady = new Promise(() => {})</script>' },
        options: { scripts: true },
      }),
    });
    const { job_id: id } = (await reply.json()) as { job_id: number };
    expect((await cli(['job', 'cancel', String(id)], { data })).code).toBe(0);
    await expect.poll(async () => (await show(id)).error_detail?.code, PATIENT).toBe('JOB_CANCELLED');
  });

  it('ends without a word when the reader of a list goes away', async () => {
    const { code, stderr } = await cli(['job', 'list', '--limit', '5'], { data });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

it('says that there is no data folder rather than making one where a name was mistyped', async () => {
  const data = join(folder.path, 'mistyped');
  const { code, stderr } = await cli(['job', 'list'], { data });
  expect(code).toBe(1);
  expect(stderr).toContain(`no data folder at ${data} yet`);
  await expect(readFile(data)).rejects.toThrow('ENOENT');
});

it('lets five clients be added at the same time to a folder that nobody owns', async () => {
  const data = join(folder.path, 'crowd');
  const added = await Promise.all(
    Array.from({ length: 5 }, (_, index) => cli(['client', 'add', `c${index}`, '--json'], { data })),
  );
  expect(added.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    added.map(() => ({ code: 0, stderr: '' })),
  );
  expect(parse<ApiClient[]>((await cli(['client', 'list', '--json'], { data })).stdout)).toHaveLength(5);
});
