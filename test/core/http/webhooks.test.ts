import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientWebhook, WebhookDeliveryList } from '../../../contract/webhook.ts';
import { call } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const OWNER_TOKEN = 'the-owner-of-this-test-and-nobody-else';
const URL = 'https://hooks.example.com/pdf';

describe('webhooks over HTTP', () => {
  let world: HttpWorld;
  let admin: Record<string, string>;
  const owner = { authorization: `Bearer ${OWNER_TOKEN}` };
  beforeEach(async () => {
    world = await openHttpWorld({ ownerToken: OWNER_TOKEN });
    admin = await world.signIn(['admin', 'pdf']);
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const allow = (allowed: unknown, headers = owner) =>
    call(world, 'PUT', '/webhooks/allowed', { headers, body: { allowed } });

  it('go where the owner allows, and nobody else may widen that', async () => {
    expect((await allow([URL], admin as typeof owner)).status).toBe(404);
    expect((await call(world, 'GET', '/webhooks/allowed', { headers: admin })).status).toBe(404);
    expect((await allow(['*'])).json()).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect((await allow(['hooks.example.com'])).json()).toEqual({ allowed: ['hooks.example.com'] });
    expect((await call(world, 'GET', '/webhooks/allowed', { headers: owner })).json()).toEqual({
      allowed: ['hooks.example.com'],
    });
  });

  it('are set for a client, whose secret is told once', async () => {
    const { client_id } = await world.client();
    const path = `/clients/${client_id}/webhook`;
    const refused = await call(world, 'PUT', path, { headers: admin, body: { url: URL } });
    expect(refused.json()).toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' });
    await allow(['hooks.example.com']);
    const set = await call(world, 'PUT', path, { headers: admin, body: { url: URL } });
    const { secret } = ClientWebhook.parse(set.json());
    expect(secret).toMatch(/^whsec_/);
    const listed = await call(world, 'GET', '/clients', { headers: admin });
    expect(listed.json<{ clients: object[] }>().clients).toContainEqual(
      expect.objectContaining({ client_id, webhook_url: URL }),
    );
    expect(listed.text).not.toContain(secret);
    expect((await call(world, 'DELETE', path, { headers: admin })).status).toBe(204);
    expect((await call(world, 'GET', '/clients', { headers: admin })).text).not.toContain(URL);
    const nobody = await call(world, 'PUT', '/clients/nobody/webhook', {
      headers: admin,
      body: { url: URL },
    });
    expect(nobody.json()).toMatchObject({ code: 'CLIENT_NOT_FOUND' });
  });

  it.each([
    { url: 'hooks.example.com' },
    { url: `https://u:p@hooks.example.com/` },
    { url: URL, secret: 'x' },
    {},
  ])('%j is refused with its field', async (body) => {
    const reply = await call(world, 'PUT', '/clients/x/webhook', { headers: admin, body });
    expect(reply.json()).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
  });

  it('are listed for whose they are, and may only be managed by an admin', async () => {
    const program = await world.signIn(['pdf']);
    const list = await call(world, 'GET', '/webhooks/deliveries?state=failed', { headers: program });
    expect(WebhookDeliveryList.parse(list.json())).toEqual({ deliveries: [], next_cursor: null });
    const resent = await call(world, 'POST', '/webhooks/deliveries/msg_1/resend', { headers: program });
    expect(resent.json()).toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    const set = await call(world, 'PUT', '/clients/x/webhook', { headers: program, body: { url: URL } });
    expect(set.status).toBe(403);
    for (const query of ['state=lost', 'cursor=x', 'limit=0', 'other=1']) {
      const reply = await call(world, 'GET', `/webhooks/deliveries?${query}`, { headers: program });
      expect(reply.status).toBe(422);
    }
  });
});
