import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HotFileList, HotFolder, HotFolderList } from '../../../contract/hot-folder.ts';
import { call } from '../../support/http-call.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';

const OWNER_TOKEN = 'the-owner-of-this-test-and-nobody-else';

describe('hot folders over HTTP', () => {
  let world: HttpWorld;
  const owner = { authorization: `Bearer ${OWNER_TOKEN}` };
  beforeEach(async () => {
    world = await openHttpWorld({ ownerToken: OWNER_TOKEN });
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('are added, changed, looked at and removed by the owner', async () => {
    const folder = path.join(temporaryFolder(), 'hot');
    mkdirSync(folder);
    const body = { folder, template_id: 'invoice', pdf_standard: ['pdf/a-2a', 'pdf/ua-1'] };
    const added = await call(world, 'POST', '/hot-folders', { headers: owner, body });
    const hot = HotFolder.parse(added.json());
    expect(hot).toMatchObject({ state: 'watching', pdf_standard: 'pdf/a-2a, pdf/ua-1', poll: false });
    const at = `/hot-folders/${hot.id}`;
    const paused = await call(world, 'PUT', at, { headers: owner, body: { paused: true } });
    expect(paused.json()).toMatchObject({ state: 'paused' });
    const list = await call(world, 'GET', '/hot-folders', { headers: owner });
    expect(HotFolderList.parse(list.json()).folders).toHaveLength(1);
    const files = await call(world, 'GET', `${at}/files?limit=5`, { headers: owner });
    expect(HotFileList.parse(files.json())).toEqual({ files: [] });
    expect((await call(world, 'DELETE', at, { headers: owner })).status).toBe(204);
    expect((await call(world, 'DELETE', at, { headers: owner })).status).toBe(404);
    expect((await call(world, 'GET', '/hot-folders/x/files', { headers: owner })).status).toBe(404);
  });

  it('are nothing that a program knows of, whatever it may do', async () => {
    const admin = await world.signIn(['admin', 'pdf']);
    for (const [method, url] of [
      ['GET', '/hot-folders'],
      ['POST', '/hot-folders'],
      ['PUT', '/hot-folders/1'],
      ['DELETE', '/hot-folders/1'],
      ['GET', '/hot-folders/1/files'],
    ] as const) {
      const reply = await call(world, method, url, { headers: admin });
      expect([method, url, reply.status]).toEqual([method, url, 404]);
    }
  });

  it.each([
    {},
    { folder: '/x' },
    { folder: 'x', template_id: 'a', poll: 1 },
    { folder: 'x', template_id: 'a' },
  ])('%j is refused in words', async (body) => {
    const reply = await call(world, 'POST', '/hot-folders', { headers: owner, body });
    expect(reply.status).toBe(422);
  });
});
