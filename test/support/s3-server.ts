/** An S3-compatible store from npm, which looks at no signatures; installed beside the tests, since its libraries are old. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { S3Bucket } from '../../core/transport/blobs/s3-presign.ts';

const run = promisify(execFile);
const PACKAGE = 's3rver@3.7.1';
const FOLDER = join(tmpdir(), 'influxion-test-cache', PACKAGE);

const SCRIPT = `
const S3rver = require('s3rver');
new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: process.argv[2], configureBuckets: [{ name: 'influxion' }] })
  .run()
  .then(({ port }) => console.log(port));
`;

export interface S3Server extends AsyncDisposable {
  readonly bucket: S3Bucket;
}

export async function startS3Server(): Promise<S3Server> {
  if (!existsSync(join(FOLDER, 'node_modules/s3rver'))) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, 'package.json'), '{}');
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', PACKAGE], { cwd: FOLDER });
  }
  await writeFile(join(FOLDER, 'serve.cjs'), SCRIPT);
  const data = await mkdtemp(join(tmpdir(), 'influxion-s3-'));
  const child = spawn(process.execPath, [join(FOLDER, 'serve.cjs'), data], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    // The one account that it knows.
    bucket: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'influxion',
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(data, { recursive: true, force: true });
    },
  };
}
