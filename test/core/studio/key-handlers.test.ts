import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import { studioRoutes } from '../../../contract/studio/table.ts';
import { createKeyHandlers } from '../../../core/studio/key-handlers.ts';
import { createStudioRouter, type StudioHandlers } from '../../../core/studio/router.ts';
import { recordingLogger } from '../../support/http-logger.ts';
import { openSigningKeysWorld } from '../../support/signing-keys-world.ts';

it('lets the owner make, import, list, export and remove keys, and told faults stay in the page', async () => {
  using world = openSigningKeysWorld();
  const told: string[] = [];
  const events = { emit: ({ type }: StudioEvent) => void told.push(type) };
  const handlers = createKeyHandlers(world.keys, events) as StudioHandlers;
  const router = createStudioRouter(handlers, recordingLogger(world.log));
  const ask = async (name: keyof typeof studioRoutes, input: object): Promise<object> => {
    const reply = await router.handle(name, input, { client: 'a', signal: new AbortController().signal });
    if (!reply.ok) return reply.error;
    expect(studioRoutes[name].output.safeParse(reply.data).error).toBeUndefined();
    return reply.data;
  };
  const file = (): Uint8Array =>
    readFileSync(path.join(import.meta.dirname, '../../fixtures/keys/p256-aes.p12'));

  expect(await ask('keys.create', { id: 'own', type: 'ec', common_name: 'Ada' })).toMatchObject({
    id: 'own',
  });
  expect(await ask('keys.import', { id: 'b', bytes: file() })).toMatchObject({ code: 'KEY_PASSWORD_WRONG' });
  expect(await ask('keys.import', { id: 'b', bytes: file(), passphrase: 'test' })).toMatchObject({
    curve: 'P-256',
  });
  expect(await ask('keys.import', { id: 'c', bytes: new Uint8Array(2_000_000) })).toMatchObject({
    code: 'BODY_TOO_LARGE',
  });
  expect(await ask('keys.list', {})).toMatchObject({ keys: [{ id: 'b' }, { id: 'own' }] });
  const exported = (await ask('keys.export', { id: 'b' })) as { filename: string; bytes: Uint8Array };
  expect(exported.filename).toBe('b.pem');
  expect(Buffer.from(exported.bytes).toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(await ask('keys.remove', { id: 'b' })).toEqual({});
  expect(await ask('keys.remove', { id: 'b' })).toMatchObject({ code: 'KEY_NOT_FOUND' });
  // Made, imported, removed: what was refused changed nothing.
  expect(told).toEqual(['keys.changed', 'keys.changed', 'keys.changed']);
});
