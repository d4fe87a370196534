/** `app://studio/` serves the files of the page and nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveStudio } from '../../main/studio-scheme.ts';

describe('the scheme of the studio', () => {
  let folder: string;
  const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'influxion-scheme-'));
    const page = path.join(folder, 'page');
    await mkdir(path.join(page, 'assets'), { recursive: true });
    await writeFile(path.join(folder, 'secret.js'), 'secret');
    await writeFile(path.join(page, 'index.html'), '<!doctype html>studio');
    await writeFile(path.join(page, 'assets', 'app.js'), 'app()');
    await serveStudio({ handle: (scheme, handler) => void handlers.set(scheme, handler) }, page);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const get = async (url: string, method = 'GET', scheme = 'app'): Promise<Response> =>
    (await handlers.get(scheme)?.({ url, method } as Request)) ?? Response.error();

  it('serves the page with its policy', async () => {
    const response = await get('app://studio/');
    expect(await response.text()).toContain('studio');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get('app://studio/assets/app.js?v=1')).headers.get('content-type')).toContain(
      'text/javascript',
    );
  });

  it.each([
    'app://studio/../secret.js',
    'app://studio/%2e%2e/secret.js',
    'app://studio/..%2fsecret.js',
    'app://studio/assets/..%5c..%5csecret.js',
    'app://studio/assets/../../secret.js',
    'app://studio//etc/passwd',
    'app://studio/index.html%00.js',
    'app://studio/secret.js',
    'app://other/',
    'app://studio.evil/',
    'app://user@other/',
    'https://studio/',
    'file:///etc/passwd',
    'not a url',
  ])('does not know %s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  it('comes with a refusal of every file of the computer', async () => {
    expect((await get('file:///etc/passwd', 'GET', 'file')).status).toBe(403);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('does not take %s', async (method) => {
    expect((await get('app://studio/', method)).status).toBe(405);
  });
});
