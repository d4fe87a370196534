/** The way into the studio from the command line, and the network that `serve` opens. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cli, ServeProcess, startCli, temporaryFolder, type TemporaryFolder } from '../../support/cli-run.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let folder: TemporaryFolder;
let data: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Where a link leads, and what it gives; the page itself may not be built here. */
async function follow(link: string) {
  const reply = await fetch(link, { redirect: 'manual' });
  return { status: reply.status, cookie: reply.headers.get('set-cookie')?.replace(/;.*/s, '') ?? '' };
}

const status = (url: string, cookie: string) =>
  fetch(`${url}/studio/rpc/app.status`, {
    method: 'POST',
    headers: { 'x-influxion-studio': '1', 'content-type': 'application/json', cookie },
    body: '{}',
  });

describe('the studio', () => {
  it('is opened by the link of the start and by each fresh one, and by no link twice', async () => {
    await using host = await ServeProcess.start({ data });
    const links = [host.ready.studio_url];
    for (let more = 0; more < 2; more += 1) {
      const printed = await cli(['studio'], { data });
      expect(printed.code).toBe(0);
      expect(printed.stderr).toMatch(/works once, for ten minutes/);
      links.push(printed.stdout.trim());
    }
    for (const link of links) {
      expect(link.startsWith(`${host.url}/?key=`)).toBe(true);
      const { status: found, cookie } = await follow(link);
      expect(found).toBe(303);
      expect((await status(host.url, cookie)).status).toBe(200);
      expect((await follow(link)).status).toBe(403);
    }
    expect((await status(host.url, '')).status).toBe(401);
    // Keys are as good as passwords for their ten minutes.
    for (const link of links) expect(host.stderr).not.toContain(new URL(link).searchParams.get('key') ?? '-');
    expect(await host.end()).toBe(0);
  });

  it('that does not run is no studio: 1, and how to start it', async () => {
    for (const made of [false, true]) {
      if (made) await mkdir(data);
      const { code, stdout, stderr } = await cli(['studio', '--json'], { data });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/No Influxion runs on this data folder/);
      expect(stderr).toContain('influxion serve');
    }
  });
});

describe('serve', () => {
  it.each([
    [['--lan', 'desk.local'], /--lan desk\.local is not an IP address/],
    [['--lan', '0.0.0.0'], /--lan 0\.0\.0\.0 is not an IP address of a computer/],
    [['--lan-port', '9000'], /--lan-port is the port of --lan/],
    [['--lan', '--lan-port', '70000'], /0 to 65535/],
  ])('%j is refused before anything is opened: 2', async (args, message) => {
    const { code, stderr } = await cli(['serve', '--port', '0', '--json', ...args], { data });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('that cannot open the network as asked says so and serves this computer', async () => {
    // Of TEST-NET-3: no computer has it.
    const child = startCli(['serve', '--port', '0', '--lan', '203.0.113.7'], { data });
    let stderr = '';
    const ready = Promise.withResolvers<undefined>();
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('Ctrl+C')) ready.resolve(undefined);
    });
    child.once('exit', () => ready.reject(new Error(stderr)));
    await ready.promise;
    expect(stderr).toContain('203.0.113.7 is not an address of this computer now.');
    expect(stderr).toMatch(/studio +http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43}/);
    const url = /ready at (http:\S+)/.exec(stderr)?.[1] ?? '';
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    expect(child.exitCode).toBe(0);
  });

  it('takes the port of the settings where none is given', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await mkdir(data);
    await writeFile(join(data, 'settings.json'), JSON.stringify({ api: { port } }));
    const { code, stderr } = await cli(['serve', '--json'], { data });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
  });
});
