/** `influxion webhook` and `influxion client webhook`: the same while a host owns the data folder and while none does. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClientWebhook, WebhookDelivery } from '../../../contract/webhook.ts';
import type { CreatedClient } from '../../../contract/access.ts';
import { cli, ServeProcess, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';
import { isSigned, openReceiver } from '../../support/webhook-receiver.ts';

// Each test is several processes, each loading its sources; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const parse = <T>(text: string): T => JSON.parse(text) as T;

describe('while none runs', () => {
  it('allows addresses, shows them and takes them off', async () => {
    const data = join(folder.path, 'still');
    const none = await cli(['webhook', 'allow'], { data });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toContain('may go nowhere');
    await cli(['webhook', 'allow', 'hooks.example.com', '127.0.0.1:9000'], { data });
    const some = await cli(['webhook', 'allow', '--remove', 'hooks.example.com', '--json'], { data });
    expect(parse<string[]>(some.stdout)).toEqual(['127.0.0.1:9000']);
    const wrong = await cli(['webhook', 'allow', 'http:/x y'], { data });
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.stderr).toContain('names no address');
  });
});

describe('while a host runs', () => {
  it('a client is told of its job, signed with the secret that it gave', async () => {
    const data = join(folder.path, 'live');
    const host = await ServeProcess.start({ data });
    await using receiver = await openReceiver();
    const added = await cli(['client', 'add', 'billing', '--json'], { data });
    const { client_id, client_secret } = parse<CreatedClient>(added.stdout);
    const refused = await cli(['client', 'webhook', client_id, receiver.url], { data });
    expect(refused.stderr).toContain(`influxion webhook allow ${receiver.host}`);
    await cli(['webhook', 'allow', receiver.host], { data });
    const secretFile = join(folder.path, 'secret');
    await writeFile(secretFile, `${SECRET}\n`);
    const set = await cli(
      ['client', 'webhook', client_id, `${receiver.url}/pdf`, '--secret-file', secretFile, '--json'],
      { data },
    );
    expect(parse<ClientWebhook>(set.stdout)).toEqual({ url: `${receiver.url}/pdf`, secret: SECRET });

    const post = (path: string, body: object, token?: string): Promise<Response> =>
      fetch(new URL(path, host.url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      });
    const reply = await post('/token', { client_id, client_secret });
    const { access_token } = (await reply.json()) as { access_token: string };
    expect((await post('/pdf', { html_template: { content: 'Hello' } }, access_token)).status).toBe(200);
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(1);
    expect(receiver.received.every((one) => isSigned(one, SECRET))).toBe(true);

    const listed = await cli(['webhook', 'list', '--json'], { data });
    const [delivery] = parse<WebhookDelivery[]>(listed.stdout);
    expect(delivery).toMatchObject({ type: 'job.done', state: 'delivered', client_id });
    expect((await cli(['webhook', 'resend', delivery?.id ?? ''], { data })).code).toBe(0);
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(2);
    expect(await host.end()).toBe(0);
  });
});
