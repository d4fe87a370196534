import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyFacts, KeyList } from '../../../contract/key.ts';
import { call } from '../../support/http-call.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const FIXTURES = path.join(import.meta.dirname, '../../fixtures/keys');
const content = (name: string): string => readFileSync(path.join(FIXTURES, name)).toString('base64');

describe('keys over HTTP', () => {
  let world: HttpWorld;
  let admin: Record<string, string>;
  beforeEach(async () => {
    world = await openHttpWorld();
    admin = await world.signIn(['admin', 'pdf']);
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('are made, imported, told, exported and removed', async () => {
    const made = await call(world, 'POST', '/keys', { headers: admin, body: { id: 'own', type: 'ec' } });
    expect([made.status, made.headers.get('location')]).toEqual([201, '/keys/own']);
    const body = { content: content('rsa-aes.p12'), passphrase: 'test' };
    const imported = await call(world, 'PUT', '/keys/sign-key-id', { headers: admin, body });
    expect((await call(world, 'PUT', '/keys/sign-key-id', { headers: admin, body })).status).toBe(409);
    expect(KeyFacts.parse(imported.json())).toMatchObject({ id: 'sign-key-id', type: 'rsa', size: 2048 });

    const list = await call(world, 'GET', '/keys', { headers: admin });
    expect(KeyList.parse(list.json()).keys.map(({ id }) => id)).toEqual(['own', 'sign-key-id']);
    expect((await call(world, 'GET', '/keys/own', { headers: admin })).json()).toEqual(made.json());
    const pem = await call(world, 'GET', '/keys/sign-key-id/certificate', { headers: admin });
    expect(pem.headers.get('content-type')).toBe('application/pem-certificate-chain');
    expect(pem.text.match(/-----BEGIN [A-Z ]+-----/g)).toEqual(Array(3).fill('-----BEGIN CERTIFICATE-----'));

    expect((await call(world, 'DELETE', '/keys/own', { headers: admin })).status).toBe(204);
    expect((await call(world, 'DELETE', '/keys/own', { headers: admin })).status).toBe(404);
    expect((await call(world, 'GET', '/keys/own', { headers: admin })).status).toBe(404);
  });

  it('are told to a program that makes documents, which may change none', async () => {
    const program = await world.signIn(['pdf']);
    expect((await call(world, 'GET', '/keys', { headers: program })).json()).toEqual({ keys: [] });
    const body = { id: 'x' };
    expect((await call(world, 'POST', '/keys', { headers: program, body })).status).toBe(403);
    expect((await call(world, 'DELETE', '/keys/x', { headers: program })).status).toBe(403);
    const other = await world.signIn(['templates.read']);
    expect((await call(world, 'GET', '/keys', { headers: other })).status).toBe(403);
  });

  it.each([
    ['a path as its name', 'POST', '/keys', { id: '../x' }, 'VALIDATION_FAILED'],
    ['a size of a curve', 'POST', '/keys', { id: 'x', type: 'ec', size: 2048 }, 'VALIDATION_FAILED'],
    ['a name with a space', 'PUT', '/keys/a%20b', { content: content('p256-sec1.pem') }, 'VALIDATION_FAILED'],
    ['what is not base64', 'PUT', '/keys/x', { content: 'not base64!' }, 'VALIDATION_FAILED'],
    ['no key file', 'PUT', '/keys/x', { content: Buffer.from('hello').toString('base64') }, 'KEY_INVALID'],
    ['no key', 'PUT', '/keys/x', { content: content('no-key.p12'), passphrase: 'test' }, 'KEY_INVALID'],
    ['the certificate of another', 'PUT', '/keys/x', { content: content('mismatch.pem') }, 'KEY_UNUSABLE'],
    ['no passphrase', 'PUT', '/keys/x', { content: content('rsa-aes.p12') }, 'KEY_PASSWORD_WRONG'],
  ])('are refused with %s', async (_what, method, address, body, code) => {
    const reply = await call(world, method, address, { headers: admin, body });
    expect([reply.status, reply.json()['code']]).toEqual([422, code]);
  });

  it('never tell a passphrase, in a reply or in the log', async () => {
    const passphrase = 'not-the-right-one-4711';
    const body = { content: content('rsa-aes.p12'), passphrase };
    const reply = await call(world, 'PUT', '/keys/x', { headers: admin, body });
    expect(reply.status).toBe(422);
    const long = { ...body, passphrase: passphrase.repeat(100) };
    const refused = await call(world, 'PUT', '/keys/x', { headers: admin, body: long });
    expect(refused.status).toBe(422);
    expect(reply.text + refused.text + inspect(world.log, { depth: 9 })).not.toContain('4711');
  });
});
