import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOpenApi } from '../../../core/http/openapi/openapi.ts';
import { OPERATIONS } from '../../../core/http/openapi/operations.ts';
import { call } from '../../support/http-call.ts';
import { nonconformance } from '../../support/http-conformance.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

describe('the OpenAPI document', () => {
  let world: HttpWorld;
  beforeAll(async () => {
    world = await openHttpWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('is served and passes the recommended rules of Redocly', async () => {
    const { text } = await call(world, 'GET', '/openapi.json');
    const config = await createConfig({
      extends: ['recommended-strict'],
      // The one server is this host, wherever it is; service calls have no 4xx of their own.
      rules: { 'no-server-example.com': 'off', 'operation-4xx-response': 'off' },
    });
    const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
      [],
    );
  });

  it('has examples that its own schemas accept', () => {
    for (const { method, path, replies } of OPERATIONS) {
      for (const { status, bodies } of replies) {
        for (const { type, example } of bodies ?? []) {
          if (example === undefined) continue;
          const url = path.replace(/:\w+/g, '1');
          expect(
            nonconformance(method, url, { status, type, text: JSON.stringify(example) }),
          ).toBeUndefined();
        }
      }
    }
  });

  it.each(
    OPERATIONS.map(({ method, path, scope }) => [method.toUpperCase(), path, scope ?? 'no scope'] as const),
  )('%s %s is really there and asks for %s', async (method, path, scope) => {
    const url = path.replace(/:\w+/g, '1');
    const reply = await call(world, method, url);
    expect(reply.status).not.toBe(405);
    if (path === '/token') return;
    expect(reply.status).toBe(scope === 'no scope' ? 200 : 401);
  });

  it('knows every method of its addresses', async () => {
    for (const path of new Set(OPERATIONS.map((operation) => operation.path))) {
      const documented = OPERATIONS.filter((operation) => operation.path === path).map(({ method }) =>
        method.toUpperCase(),
      );
      const reply = await call(world, 'PROPFIND', path.replace(/:\w+/g, '1'));
      const allowed = reply.headers.get('allow')?.split(', ') ?? [];
      expect([path, allowed.filter((method) => method !== 'HEAD')]).toEqual([path, documented.sort()]);
    }
  });

  it('describes what each field of a request is', () => {
    const document = JSON.stringify(buildOpenApi('1.0.0'));
    expect(document).toContain('"GenerateRequest"');
    expect(document).not.toContain('Studio');
    expect(document).not.toContain('"$schema"');
  });
});
