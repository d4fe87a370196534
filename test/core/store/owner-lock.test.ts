import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { acquireOwnership, readOwner } from '../../../core/store/owner-lock.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

const WORKER = join(import.meta.dirname, '../../support/owner-worker.ts');
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startOwner(data: string): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const child = spawn(process.execPath, [WORKER, data], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [said] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, said };
}

test('a second owner in the same process is refused', async () => {
  const data = temporaryFolder();
  const first = await acquireOwnership({ data });
  await expect(acquireOwnership({ data })).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
  first.release();
  (await acquireOwnership({ data })).release();
});

test('a second process is refused and told who has the folder, since when and where', async () => {
  const data = temporaryFolder();
  const { child, said } = await startOwner(data);
  expect(said).toBe('owner');
  await expect(acquireOwnership({ data })).rejects.toThrow(
    new RegExp(`process ${child.pid}, since 20.*Z, at http://127.0.0.1:8787`),
  );
  const other = await startOwner(data);
  expect(other.said).toContain(`process ${child.pid}`);
});

test('the lock dies with its owner, and the facts it left are not believed', async () => {
  const data = temporaryFolder();
  const { child } = await startOwner(data);
  expect(readOwner({ data })).toMatchObject({ pid: child.pid, token: 'secret-of-the-owner' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readdirSync(data)).toContain('owner.json');
  expect(readOwner({ data })).toBeUndefined();
  const next = await acquireOwnership({ data });
  expect(readOwner({ data })).toMatchObject({ pid: process.pid });
  expect(readOwner({ data })).not.toHaveProperty('token');
  next.release();
});

test('reading who owns the folder never frees it', async () => {
  const data = temporaryFolder();
  const owner = await acquireOwnership({ data });
  for (let i = 0; i < 5; i += 1) expect(readOwner({ data })).toMatchObject({ pid: process.pid });
  const { said } = await startOwner(data);
  expect(said).toContain('already in use');
  owner.release();
});

test('the facts are for this user only and are withdrawn at the end', async () => {
  const data = temporaryFolder();
  const owner = await acquireOwnership({ data });
  owner.publish({ url: 'http://127.0.0.1:1', token: 't' });
  expect(statSync(join(data, 'owner.json')).mode & 0o077).toBe(0);
  owner.release();
  expect(readdirSync(data)).toEqual(['owner.lock']);
});

test('facts that are not what they should be do not get in the way', async () => {
  const data = temporaryFolder();
  for (const text of ['', 'null', '{"pid":"x"}', '[]', '{']) {
    writeFileSync(join(data, 'owner.json'), text);
    expect(readOwner({ data })).toBeUndefined();
  }
  (await acquireOwnership({ data })).release();
});

test('a folder that cannot hold the lock is DATA_FOLDER_UNUSABLE', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(acquireOwnership({ data: file })).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
});
