import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createOutputStore } from '../../../core/jobs/output-store.ts';
import type { PipelineResult } from '../../../core/jobs/pipeline.ts';
import { faultyDisk } from '../../support/job-disk.ts';
import { listFiles } from '../../support/job-folder.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';
import { ADMIN, ALICE, heldPipeline, NEVER, openWorld, pdfOf } from '../../support/job-world.ts';

const key = { id: 1_234, attempt: 2 };

async function* inChunks(bytes: Uint8Array, size: number, onReturn?: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < bytes.byteLength; at += size) {
      await new Promise(setImmediate);
      yield bytes.subarray(at, at + size);
    }
  } finally {
    onReturn?.();
  }
}

describe('writing a document', () => {
  test('bytes are synced before they get their name, and the name before it is told', async () => {
    const folder = temporaryFolder();
    const disk = faultyDisk();
    const store = createOutputStore(folder, 'me', disk.calls);
    await store.write(key, { pdf: pdfOf('warm') }, NEVER);
    const before = disk.log.length;
    await store.write({ id: 1_235, attempt: 1 }, { pdf: pdfOf('x') }, NEVER);
    const order = disk.log.slice(before).filter((call) => call !== 'open' && call !== 'close');
    expect(order).toEqual(['write', 'sync', 'rename', ...(process.platform === 'win32' ? [] : ['sync'])]);
  });

  test('a stream is stored like a whole, with the same hash and count', async () => {
    const folder = temporaryFolder();
    const store = createOutputStore(folder, 'me');
    const pdf = pdfOf('stream', 12);
    const whole = await store.write(key, { pdf }, NEVER);
    const streamed = await store.write({ id: 5, attempt: 1 }, { pdf: inChunks(pdf, 7) }, NEVER);
    expect(streamed).toEqual(whole);
    expect(whole).toEqual({
      size: pdf.byteLength,
      sha256: createHash('sha256').update(pdf).digest('hex'),
      pages: 12,
    });
    expect(readFileSync(store.path({ id: 5, attempt: 1 }))).toEqual(Buffer.from(pdf));
  });

  test('a folder that was cleared while the host runs is made again, so that the job does not fail', async () => {
    const folder = temporaryFolder();
    const store = createOutputStore(folder, 'me');
    await store.write(key, { pdf: pdfOf('before') }, NEVER);
    rmSync(folder, { recursive: true });
    const later = { id: 1_235, attempt: 1 };
    await store.write(later, { pdf: pdfOf('after') }, NEVER);
    expect(store.size(later)).toBe(pdfOf('after').byteLength);
  });

  test('whichever call fails, no file is left and the next write works', async () => {
    const pdf = pdfOf('x');
    const counting = faultyDisk();
    await createOutputStore(temporaryFolder(), 'me', counting.calls).write(key, { pdf }, NEVER);
    for (let step = 0; step < counting.log.length; step += 1) {
      for (const code of ['ENOSPC', 'EIO']) {
        const folder = temporaryFolder();
        const disk = faultyDisk();
        const store = createOutputStore(folder, 'me', disk.calls);
        disk.fail(code, (_call, index) => index === step);
        await expect(store.write(key, { pdf }, NEVER), `step ${step}`).rejects.toMatchObject({ code });
        expect(listFiles(folder), `step ${step}: ${disk.log[step]}`).toEqual([]);
        disk.mend();
        await store.write(key, { pdf }, NEVER);
        expect(listFiles(folder)).toEqual(['000001/1234-2.pdf']);
      }
    }
  });

  test('an abort in the middle of a stream lets go of the stream and leaves nothing', async () => {
    const folder = temporaryFolder();
    const store = createOutputStore(folder, 'me');
    const abort = new AbortController();
    let returned = false;
    const written = store.write(
      key,
      {
        pdf: inChunks(new Uint8Array(100), 10, () => {
          returned = true;
          abort.abort();
        }),
      },
      abort.signal,
    );
    setImmediate(() => {
      abort.abort(new Error('enough'));
    });
    await expect(written).rejects.toThrow('enough');
    await expect.poll(() => returned).toBe(true);
    expect(listFiles(folder)).toEqual([]);
  });

  test('a stream that hangs is given up at the abort', async () => {
    const store = createOutputStore(temporaryFolder(), 'me');
    const hanging: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const abort = new AbortController();
    const written = store.write(key, { pdf: hanging }, abort.signal);
    abort.abort(new Error('enough'));
    await expect(written).rejects.toThrow('enough');
  });

  test('a stream that cannot be stored is returned, so that its page becomes free', async () => {
    const disk = faultyDisk();
    const store = createOutputStore(temporaryFolder(), 'me', disk.calls);
    disk.fail('ENOSPC', (call) => call === 'write');
    let returned = false;
    const content = inChunks(new Uint8Array(100), 10, () => {
      returned = true;
    });
    await expect(store.write(key, { pdf: content }, NEVER)).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect.poll(() => returned).toBe(true);
  });
});

describe('files and rows', () => {
  test('what a dead process left is removed, what belongs to a job or to a person stays', async () => {
    const before = await openWorld();
    const id = await before.submit('kept');
    await before.ended(id);
    await before.close();
    const output = join(before.folder, 'output');
    const stray = [
      '000000/77-1.pdf',
      `000000/${id}-9.pdf`,
      `000000/${id}-1.pdf.dead-process.tmp`,
      '000009/9001-1.pdf',
    ];
    mkdirSync(join(output, '000009'));
    mkdirSync(join(before.folder, 'payloads'));
    for (const file of [...stray, '000000/notes.txt']) writeFileSync(join(output, file), 'x');
    writeFileSync(join(before.folder, 'payloads', 'lost.json'), '{}');
    await using world = await openWorld({ folder: before.folder });
    await world.queue.maintain();
    expect(listFiles(output)).toEqual([`000000/${id}-1.pdf`, '000000/notes.txt']);
    expect(listFiles(join(before.folder, 'payloads'))).toEqual([]);
    expect(world.queue.openOutput(id, ALICE).size).toBeGreaterThan(0);
  });

  test('a document that is about to be committed is no garbage', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => world.submit(`job ${i}`)));
    const rounds = (async () => {
      for (let i = 0; i < 20; i += 1) await world.queue.maintain();
    })();
    for (let i = 0; i < ids.length; i += 1) {
      (await pipeline.next()).finish();
      await new Promise(setImmediate);
    }
    await rounds;
    for (const id of ids) {
      expect(await world.ended(id)).toMatchObject({ status: 'Done', error_detail: null });
      expect(world.queue.openOutput(id, ALICE).size).toBeGreaterThan(0);
    }
  });

  for (const [name, damage] of [
    ['was deleted', (path: string) => rmSync(path)],
    ['was cut short', (path: string) => truncateSync(path, 10)],
    ['was deleted with its folder', (path: string) => rmSync(join(path, '..'), { recursive: true })],
  ] as const) {
    test(`a document that ${name} is OUTPUT_MISSING, at once and after a restart, and the job stays Done`, async () => {
      const before = await openWorld();
      const id = await before.submit('x');
      await before.ended(id);
      damage(before.queue.openOutput(id, ALICE).path);
      const missing = expect.objectContaining({ code: 'OUTPUT_MISSING', status: 410 }) as Error;
      expect(() => before.queue.openOutput(id, ALICE)).toThrow(missing);
      await before.close();
      await using world = await openWorld({ folder: before.folder });
      await world.queue.maintain();
      expect(() => world.queue.openOutput(id, ALICE)).toThrow(missing);
      expect(world.queue.get(id, ALICE).status).toBe('Done');
      if (name !== 'was cut short') {
        expect(world.queue.get(id, ALICE).error_detail?.code).toBe('OUTPUT_MISSING');
      }
    });
  }
});

describe('opening a document', () => {
  test('each state says what it is', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run, concurrency: 1 });
    const running = await world.submit('a');
    const held = await pipeline.next();
    const waiting = await world.submit('b');
    for (const id of [running, waiting]) {
      expect(() => world.queue.openOutput(id, ALICE)).toThrow(
        expect.objectContaining({
          code: 'JOB_NOT_READY',
          details: expect.objectContaining({ retryAfterSeconds: 1 }) as object,
        }) as Error,
      );
    }
    held.fail(new Error('boom'));
    await world.ended(running);
    expect(() => world.queue.openOutput(running, ALICE)).toThrow(
      expect.objectContaining({ code: 'JOB_FAILED' }) as Error,
    );
    await world.queue.delete(waiting, ALICE);
    expect(() => world.queue.openOutput(waiting, ALICE)).toThrow(
      expect.objectContaining({ code: 'JOB_CANCELLED' }) as Error,
    );
  });

  const names: Record<string, string> = {
    'invoice 2026-001': 'invoice 2026-001.pdf',
    'invoice.pdf': 'invoice.pdf',
    'Größe 发票 😀': 'Größe 发票 😀.pdf',
    '../../etc/passwd': '_.._etc_passwd.pdf',
    'a\r\nSet-Cookie: x': 'a__Set-Cookie_ x.pdf',
    '\u202Efdp.exe': '_fdp.exe.pdf',
    '...': 'document-1.pdf',
  };
  for (const [documentId, filename] of Object.entries(names)) {
    test(`a document_id of ${JSON.stringify(documentId)} is offered as ${filename}`, async () => {
      await using world = await openWorld();
      const id = await world.submit('x', { document_id: documentId });
      await world.ended(id);
      expect(world.queue.openOutput(id, ADMIN).filename).toBe(filename);
    });
  }

  test('warnings of the pipeline are kept on the job', async () => {
    const pipeline = heldPipeline();
    await using world = await openWorld({ run: pipeline.run });
    const id = await world.submit('x');
    const warnings = [{ code: 'GLYPH_MISSING', message: 'No font has "𓀀".', page: 1 }] as const;
    const result: PipelineResult = { pdf: pdfOf('x'), warnings, timings: {} };
    (await pipeline.next()).finish(result);
    expect((await world.ended(id)).warnings).toEqual(warnings);
  });
});
