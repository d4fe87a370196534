import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { InfluxionError } from '../../../core/error.ts';
import { cacheFolder, openTestEngine, type TestEngine } from '../../support/engine-folders.ts';
import { pdfFacts } from '../../support/engine-pdf-facts.ts';
import { browserProcesses, profiles, startEngineHost, until } from '../../support/engine-processes.ts';
import { pngAsset, printRequest } from '../../support/engine-requests.ts';

const HANG = '<script>while (true);</script>';
const MB = 1024 * 1024;

const worlds: { dispose(): unknown }[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0).reverse()) await world.dispose();
});

function open(options?: Parameters<typeof openTestEngine>[0]): TestEngine {
  const world = openTestEngine(options);
  worlds.push(world);
  return world;
}

const failure = (work: Promise<unknown>): Promise<InfluxionError> =>
  work.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error as InfluxionError,
  );

const expectPrints = async ({ engine }: TestEngine): Promise<void> => {
  const { pages } = await pdfFacts(await engine.print(printRequest('<p>fine')));
  expect(pages[0]?.text).toBe('fine');
};

/** Chromium starts its GPU process beside the first page, which may be printed before. */
async function killOf(world: TestEngine, type: string): Promise<void> {
  const found = (): ReturnType<typeof browserProcesses> =>
    browserProcesses(world.cacheDir).filter((one) => one.type === type);
  await until(`a ${type}`, () => found().length > 0);
  for (const { pid } of found()) process.kill(pid, 'SIGKILL');
}

describe.runIf(process.platform === 'linux')('processes that are killed', () => {
  it.each(['renderer', 'browser'])('a %s killed while it prints costs that print only', async (type) => {
    const world = open({ concurrency: 1 });
    await world.engine.start();
    const hang = failure(world.engine.print(printRequest(HANG, { scripts: true })));
    const waiting = expectPrints(world);
    await until(
      'a page for the script',
      () => browserProcesses(world.cacheDir).filter((one) => one.type === 'renderer').length > 1,
    );
    await killOf(world, type);
    expect((await hang).code).toBe('ENGINE_CRASHED');
    await waiting;
    expect(world.engine.status()).toMatchObject({ crashed: 1, state: 'ready', waiting: 0, busyPages: 0 });
  });

  it.each(['renderer', 'browser', 'gpu-process', 'zygote'])(
    'a %s killed between two prints costs none',
    async (type) => {
      const world = open({ concurrency: 1 });
      await expectPrints(world);
      await killOf(world, type);
      const request = printRequest('<p>fine<img src="a.png">', {
        assets: { 'a.png': pngAsset(2, 2) },
        timeoutMs: 3000,
      });
      const first = await world.engine.print(request).catch((error: unknown) => error as InfluxionError);
      // The death may not be known yet when the next print takes the page: that one may fail, as one to be tried again.
      if ('code' in first) {
        expect(first.retryable).toBe(true);
        await world.engine.print(request);
      }
      await expectPrints(world);
    },
  );

  it('a browser killed while a document is being set costs that print only, and leaves no rejection behind', async () => {
    const world = open({ concurrency: 1 });
    // Hidden on the screen, so that the next document has to change the emulated media.
    await world.engine.print(printRequest('<!doctype html><p>x'));
    const processes = browserProcesses(world.cacheDir);
    for (const { pid } of processes) process.kill(pid, 'SIGSTOP');
    const request = printRequest('<p>x<img src="a.png">', { assets: { 'a.png': pngAsset(2, 2) } });
    const print = failure(world.engine.print(request));
    await until('the print', () => world.engine.status().busyPages === 1);
    for (const { pid } of processes) process.kill(pid, 'SIGKILL');
    expect((await print).code).toBe('ENGINE_CRASHED');
    await expectPrints(world);
  });

  it('a renderer killed at whatever moment of a print is a crash, not a document that was refused', async () => {
    const world = open({ concurrency: 1 });
    const rows = '<tr><td>some text in a cell<td>1,234.00</tr>'.repeat(3000);
    const started = performance.now();
    await world.engine.print(printRequest(`<table>${rows}</table>`));
    const whole = performance.now() - started;
    for (let part = 0.05; part < 1; part += 0.08) {
      const print = world.engine.print(printRequest(`<table>${rows}</table>`)).then(
        () => 'printed',
        (error: unknown) => (error as InfluxionError).code,
      );
      await until('the print', () => world.engine.status().busyPages === 1);
      await new Promise((resolve) => setTimeout(resolve, whole * part));
      for (const { pid, type } of browserProcesses(world.cacheDir)) {
        if (type === 'renderer') process.kill(pid, 'SIGKILL');
      }
      expect(await print).toBeOneOf(['printed', 'ENGINE_CRASHED']);
    }
  });

  it('nothing is left when the engine is closed, also in the middle of a print', async () => {
    const world = open();
    await Promise.all([expectPrints(world), expectPrints(world)]);
    const hang = failure(world.engine.print(printRequest(HANG, { scripts: true })));
    await until('the hanging print', () => world.engine.status().busyPages === 1);
    await world.engine.close();
    expect((await hang).code).toBe('SHUTTING_DOWN');
    expect(browserProcesses(world.cacheDir)).toEqual([]);
    expect(profiles(world.cacheDir)).toEqual([]);
  });

  it('starts also where the path of the cache is long, and leaves no temporary files either way', async () => {
    const cache = cacheFolder();
    worlds.push(cache);
    const deep = path.join(cache.path, 'a-folder-with-a-rather-long-name', 'and-another-one-of-that-kind');
    mkdirSync(deep, { recursive: true });
    symlinkSync(path.join(cache.path, 'browser'), path.join(deep, 'browser'));
    const world = open({ cacheDir: deep });
    await expectPrints(world);
    const temp = path.join(tmpdir(), `influxion-temp-${profiles(deep)[0] ?? ''}`);
    expect(existsSync(temp)).toBe(true);
    await world.engine.close();
    expect(existsSync(temp)).toBe(false);
    expect(profiles(deep)).toEqual([]);
  });

  it('the browser of a killed host leaves by itself, and the next start removes its profile', async () => {
    const cache = cacheFolder();
    worlds.push(cache);
    const host = startEngineHost(cache.path);
    await host.hanging;
    expect(browserProcesses(cache.path)).not.toEqual([]);
    host.process.kill('SIGKILL');
    await until('the browser to leave', () => browserProcesses(cache.path).length === 0);
    expect(profiles(cache.path)).toHaveLength(1);
    const next = open({ cacheDir: cache.path });
    await next.engine.start();
    expect(profiles(cache.path)).toHaveLength(1);
    await next.engine.close();
    expect(profiles(cache.path)).toEqual([]);
  });

  it('a browser that cannot leave is ended by the next start', async () => {
    const cache = cacheFolder();
    worlds.push(cache);
    const host = startEngineHost(cache.path);
    await host.hanging;
    const stuck = browserProcesses(cache.path);
    for (const { pid } of stuck) process.kill(pid, 'SIGSTOP');
    host.process.kill('SIGKILL');
    await once(host.process, 'exit');
    const next = open({ cacheDir: cache.path });
    await next.engine.start();
    const now = browserProcesses(cache.path).map(({ pid }) => pid);
    expect(stuck.filter(({ pid }) => now.includes(pid))).toEqual([]);
  });

  it('what only looks like a leftover is not touched: another process with the id, the profile of a live host', async () => {
    const cache = cacheFolder();
    worlds.push(cache);
    const sleeper = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const folder = path.join(cache.path, 'profiles', 'stale');
    mkdirSync(folder, { recursive: true });
    const owner = {
      host: { pid: 999_999_999, start: 'long ago' },
      browser: { pid: sleeper.pid, start: 'long ago', program: '/bin/sleep' },
    };
    writeFileSync(path.join(folder, 'influxion-owner.json'), JSON.stringify(owner));
    const first = open({ cacheDir: cache.path });
    await first.engine.start();
    const second = open({ cacheDir: cache.path });
    await second.engine.start();
    expect(profiles(cache.path)).toHaveLength(2);
    await expectPrints(first);
    expect(sleeper.exitCode ?? sleeper.signalCode).toBeNull();
    sleeper.kill('SIGKILL');
  });
});

describe('the number of processes', () => {
  it('is one, more under load, never more than asked for, and one again when idle', async () => {
    const world = open({ concurrency: 2, idleShutdownMs: 150 });
    await world.engine.start();
    expect(world.engine.status().processes).toBe(1);
    let most = 0;
    await Promise.all(
      Array.from({ length: 300 }, async () => {
        await world.engine.print(printRequest('<!doctype html><p>x'));
        most = Math.max(most, world.engine.status().processes);
      }),
    );
    expect(most).toBe(2);
    await until('one process', () => world.engine.status().processes === 1);
    await expectPrints(world);
  });

  it.runIf(process.platform === 'linux')(
    'of a browser is the least that prints (memory of idle hosts)',
    async () => {
      const world = open({ concurrency: 1 });
      await expectPrints(world);
      const types = browserProcesses(world.cacheDir).map(({ type }) => type);
      expect(types.sort()).toEqual(['browser', 'gpu-process', 'renderer', 'zygote', 'zygote']);
    },
  );

  it('stays when processes are replaced after their time, and no print is lost by it', async () => {
    const world = open({ concurrency: 2, recycleAfter: 10 });
    const prints = Array.from({ length: 120 }, () => world.engine.print(printRequest('<p>x')));
    await Promise.all(prints);
    await until('a replacement', () => world.engine.status().recycled >= 1);
    expect(world.engine.status()).toMatchObject({ printed: 120, crashed: 0 });
    expect(world.engine.status().processes).toBeLessThanOrEqual(3);
    await expectPrints(world);
  });

  it.runIf(process.platform === 'linux')('is renewed past the memory ceiling', async () => {
    const world = open({ concurrency: 1, memoryCeilingBytes: MB });
    const rows = '<tr><td>some text in a cell of a table</td></tr>'.repeat(9000);
    await world.engine.print(printRequest(`<table>${rows}</table>`));
    await until('the renewal', () => {
      const { recycled, processes } = world.engine.status();
      return recycled === 1 && processes === 1;
    });
    await expectPrints(world);
  });

  it.runIf(process.platform === 'linux')(
    'a document that eats memory is stopped and named as the cause',
    async () => {
      const world = open({ concurrency: 1, printMemoryBytes: 500 * MB });
      await world.engine.start();
      const eater = `<script>const hold = []; for (;;) hold.push(new Uint8Array(1e6).fill(7));</script>`;
      const error = await failure(world.engine.print(printRequest(eater, { scripts: true })));
      expect(error.code).toBeOneOf(['DOCUMENT_TOO_COMPLEX', 'ENGINE_CRASHED']);
      await expectPrints(world);
    },
  );
});

// Linux shares the cores out by session first: keys in the studio waited for prints that were nice among themselves.
it.runIf(existsSync('/proc/self/autogroup'))(
  'a browser yields to other sessions, not only in its own',
  async () => {
    const { engine, cacheDir } = open({ concurrency: 1 });
    await engine.start();
    const [{ pid } = { pid: 0 }] = browserProcesses(cacheDir);
    await until('the session to yield', () =>
      readFileSync(`/proc/${pid}/autogroup`, 'utf8').includes('nice 10'),
    );
  },
);

describe('a browser that does not start', () => {
  it('is explained in its own words, without paths of this machine', async () => {
    const cache = cacheFolder();
    worlds.push(cache);
    const program = path.join(cache.path, 'broken-browser');
    writeFileSync(
      program,
      '#!/bin/sh\necho "/opt/some/where/chrome: error while loading shared libraries: libfoo.so" >&2\nexit 127\n',
      { mode: 0o755 },
    );
    const { engine } = open({ browser: program, cacheDir: cache.path });
    const error = await failure(engine.start());
    expect(error.code).toBe('ENGINE_START_FAILED');
    expect(error.message).toContain('libfoo.so');
    expect(error.message).not.toContain('/opt');
    expect(engine.status()).toMatchObject({ state: 'failed', processes: 0, waiting: 0 });
    expect(engine.status().problem).toContain('libfoo.so');
    expect(profiles(cache.path)).toEqual([]);
  });

  it('or ends before its first page is there is retryable', async () => {
    const cache = cacheFolder();
    worlds.push(cache);
    const program = path.join(cache.path, 'short-lived-browser');
    const script = [
      'const { readSync, writeSync } = require("node:fs");',
      'readSync(3, Buffer.alloc(1000));',
      'writeSync(4, JSON.stringify({ id: 1, result: { product: "Short/1" } }) + "\\0");',
      'readSync(3, Buffer.alloc(1000));',
    ].join(' ');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" -e '${script}'\n`, { mode: 0o755 });
    const { engine } = open({ browser: program, cacheDir: cache.path });
    const error = await failure(engine.print(printRequest('<p>x')));
    expect(error).toMatchObject({ code: 'ENGINE_START_FAILED', retryable: true });
    expect(profiles(cache.path)).toEqual([]);
  });

  it('that is not there is ENGINE_NOT_FOUND, which says what to do', async () => {
    const { engine } = open({ browser: '/nowhere/chrome' });
    const error = await failure(engine.print(printRequest('<p>x')));
    expect(error.code).toBe('ENGINE_NOT_FOUND');
    expect(error.message).toMatch(/INFLUXION_BROWSER/);
  });
});
