import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { studioRoutes, type ParsedInput, type RouteName } from '../../../contract/studio/table.ts';
import { createJobHandlers } from '../../../core/studio/job-handlers.ts';
import { uniqueNames } from '../../../core/studio/zip-download.ts';
import { systemClock } from '../../../core/ports.ts';
import {
  ALICE,
  heldPipeline,
  NEVER,
  openWorld,
  pdfOf,
  type JobWorld,
  type WorldOptions,
} from '../../support/job-world.ts';

const CALL = { client: 'test', signal: NEVER };

let world: JobWorld;
let handlers: ReturnType<typeof createJobHandlers>;

async function open(options: WorldOptions = {}, mostDownloadBytes?: number): Promise<void> {
  world = await openWorld(options);
  handlers = createJobHandlers({
    queue: world.queue,
    clientNames: () => new Map([['alice', 'name of alice']]),
    clock: systemClock,
    ...(mostDownloadBytes !== undefined && { mostDownloadBytes }),
  });
}

afterEach(() => world[Symbol.asyncDispose]());

type Handlers = ReturnType<typeof createJobHandlers>;

/** Through the contract, as a page would. */
async function call<Name extends keyof Handlers & RouteName>(name: Name, input: ParsedInput<Name>) {
  const handler = handlers[name] as (input: unknown, call: typeof CALL) => unknown;
  return studioRoutes[name].output.parse(
    await handler(studioRoutes[name].input.parse(input), CALL),
  ) as Awaited<ReturnType<Handlers[Name]>>;
}

const list = (filter: ParsedInput<'jobs.list'>['filter'] = {}, offset = 0, limit = 100) =>
  call('jobs.list', { filter, offset, limit });
const ids = async (filter?: ParsedInput<'jobs.list'>['filter'], offset?: number, limit?: number) =>
  (await list(filter, offset, limit)).jobs.map(({ id }) => id);

describe('the list', () => {
  beforeEach(async () => {
    await open({
      run: (request, { onStage }) => {
        onStage('render');
        if ((request.data as { text: string }).text === 'bad') throw new Error('no');
        return Promise.resolve({ pdf: pdfOf('x'), warnings: [], timings: { render: 1, print: 1 } });
      },
      admit: (request) => ({ templateId: request.html_template.id ?? null, pdfStandard: null }),
    });
    for (const [text, id, document] of [
      ['a', 'invoice', 'INV-100%'],
      ['bad', 'invoice', 'INV-1001'],
      ['b', 'letter', 'Liebe_Grüße'],
      ['c', undefined, undefined],
    ] as const) {
      const html = id === undefined ? { content: '<p>x</p>' } : { id };
      await world.ended(
        await world.submit(text, {
          html_template: html,
          ...(document !== undefined && { document_id: document }),
        }),
      );
    }
  });

  it('is newest first, from any row, with the total and the counts', async () => {
    expect(await list({}, 1, 2)).toMatchObject({
      jobs: [{ id: 3 }, { id: 2 }],
      total: 4,
      counts: { received: 0, in_progress: 0, done: 3, error: 1 },
    });
    expect(await ids({}, 4)).toEqual([]);
  });

  it.each([
    [{ status: ['Error'] }, [2]],
    [{ status: ['Done'] }, [4, 3, 1]],
    [{ status: ['Done', 'Error'] }, [4, 3, 2, 1]],
    [{ status: ['Received', 'InProgress'] }, []],
    [{ status: ['Error', 'Received'] }, [2]],
    [{ status: ['Error', 'Error'] }, [2]],
    [{ status: [] }, []],
    [{ template_id: 'invoice' }, [2, 1]],
    [{ template_id: 'invoice', status: ['Done'] }, [1]],
    [{ search: 'inv' }, [2, 1]],
    [{ search: 'letter' }, [3]],
    // What the error says, but not the names of the fields it is kept in.
    [{ search: 'went wrong' }, [2]],
    [{ search: 'source_line' }, []],
    // % and _ stand for themselves.
    [{ search: '100%' }, [1]],
    [{ search: 'e_G' }, [3]],
    [{ search: '%' }, [1]],
    [{ search: '\\' }, []],
    [{ search: ' ' }, [4, 3, 2, 1]],
    [{ search: "' OR 1=1 --" }, []],
    [{ search: 'inv', status: ['Error'], template_id: 'invoice' }, [2]],
  ] as const)('filtered by %j is %j, and the total says as many', async (filter, expected) => {
    const { jobs, total } = await list(filter as never);
    expect(jobs.map(({ id }) => id)).toEqual(expected);
    expect(total).toBe(expected.length);
  });

  it('tells of each job who sent it and why it failed', async () => {
    const { jobs } = await list({ status: ['Error'] });
    expect(jobs[0]).toMatchObject({
      client_id: ALICE.clientId,
      client_name: 'name of alice',
      document_id: 'INV-1001',
      pages: null,
    });
    expect(jobs[0]?.error).toMatch(/went wrong/);
  });
});

describe('one job', () => {
  it('is told with its states and its sender', async () => {
    await open();
    const id = await world.submit('x');
    await world.ended(id);
    const { job, client_id, client_name, states } = await call('jobs.get', { id });
    expect([job.id, client_id, client_name]).toEqual([id, 'alice', 'name of alice']);
    expect(states.map(({ status }) => status)).toEqual(['Received', 'InProgress', 'Done']);
    await expect(call('jobs.get', { id: 99 })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('gives its request without the bytes of its assets, also one that is kept in a file', async () => {
    await open();
    const logo = Buffer.alloc(400_000, 1).toString('base64');
    const id = await world.submit('x', { assets: { 'img/logo.png': logo, 'a.txt': 'aGFsbG8=' } });
    const { request, assets } = await call('jobs.inputs', { id });
    expect(request).toMatchObject({ data: { text: 'x' } });
    expect(JSON.stringify(request)).not.toContain('assets');
    expect(assets).toEqual([
      { path: 'img/logo.png', size: 400_000 },
      { path: 'a.txt', size: 5 },
    ]);
  });

  it('is submitted as the studio', async () => {
    await open();
    const { id } = await call('jobs.submit', {
      request: { html_template: { content: 'x' }, data: { text: 'x' } },
    });
    expect((await call('jobs.get', { id })).client_id).toBe('studio');
  });
});

describe('many jobs at once', () => {
  it('are cancelled where they wait or run; one that has ended keeps its document', async () => {
    const held = heldPipeline();
    await open({ run: held.run, concurrency: 1 });
    const done = await world.submit('done');
    (await held.next()).finish();
    await world.ended(done);
    const running = await world.submit('running');
    await held.next();
    const waiting = await world.submit('waiting');
    const { done: cancelled, refused } = await call('jobs.cancel', {
      ids: [done, running, waiting, 99, running],
    });
    expect(cancelled.toSorted()).toEqual([running, waiting]);
    expect(refused).toEqual([
      { id: done, reason: `Job ${done} is done; only a waiting or running job can be cancelled.` },
      { id: 99, reason: 'There is no job 99.' },
    ]);
    expect((await call('jobs.download', { id: done })).bytes.length).toBeGreaterThan(0);
    expect((await world.ended(running)).error_detail?.code).toBe('JOB_CANCELLED');
  });

  it('are retried where they failed and removed where they have ended', async () => {
    const held = heldPipeline();
    await open({ run: held.run, concurrency: 1 });
    const failed = await world.submit('failed');
    (await held.next()).fail(new Error('no'));
    await world.ended(failed);
    const running = await world.submit('running');
    await held.next();
    expect(await call('jobs.remove', { ids: [running] })).toEqual({
      done: [],
      refused: [{ id: running, reason: `Job ${running} is still running; cancel it before it is deleted.` }],
    });
    expect(await call('jobs.retry', { ids: [failed, running] })).toMatchObject({
      done: [failed],
      refused: [
        { id: running, reason: expect.stringContaining('only a failed job can be retried') as string },
      ],
    });
    await call('jobs.cancel', { ids: [failed, running] });
    expect((await call('jobs.remove', { ids: [failed, running] })).done).toEqual([failed, running]);
    expect((await list()).total).toBe(0);
  });

  it('are as many as a page may select, and other calls are answered in between', async () => {
    await open({ started: false });
    const all = await Promise.all(Array.from({ length: 1000 }, (_, at) => world.submit(String(at))));
    let answered = 0;
    const others = setInterval(() => (answered += 1), 0);
    const { done } = await call('jobs.cancel', { ids: all });
    clearInterval(others);
    expect(done).toHaveLength(1000);
    expect(answered).toBeGreaterThan(0);
    expect((await list({ status: ['Error'] })).total).toBe(1000);
  });
});

const entriesOf = (bytes: Uint8Array): Promise<Record<string, string>> =>
  new Promise((resolve, reject) => {
    yauzl.fromBuffer(Buffer.from(bytes), { lazyEntries: true }, (error, zip) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const found: Record<string, string> = {};
      zip.on('entry', (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (failure, stream) => {
          if (failure !== null) {
            reject(failure);
            return;
          }
          let text = '';
          stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
          stream.on('end', () => {
            found[entry.fileName] = text;
            zip.readEntry();
          });
        });
      });
      zip.on('end', () => resolve(found));
      zip.readEntry();
    });
  });

describe('downloads', () => {
  it('are one zip of all documents, with names of their own, and name the jobs without one', async () => {
    await open();
    const wanted = await Promise.all(
      ['one', 'two', 'three'].map((text) =>
        world.submit(text, { document_id: text === 'three' ? 'a.PDF' : 'A' }),
      ),
    );
    for (const id of wanted) await world.ended(id);
    const { filename, bytes, refused } = await call('jobs.download_zip', { ids: [...wanted, 99] });
    expect(filename).toMatch(/^documents-\d{4}-\d\d-\d\d\.zip$/);
    expect(refused).toEqual([{ id: 99, reason: 'There is no job 99.' }]);
    const entries = await entriesOf(bytes);
    expect(Object.keys(entries)).toEqual(['A.pdf', 'A (2).pdf', 'a (3).pdf']);
    expect(entries['a (3).pdf']).toContain('(three)');
  });

  it('say why there is nothing to download', async () => {
    await open({ started: false });
    const id = await world.submit('x');
    await expect(call('jobs.download_zip', { ids: [id] })).rejects.toMatchObject({
      message: `Job ${id} is still waiting.`,
    });
    await expect(call('jobs.download_zip', { ids: [id, 99] })).rejects.toThrow(/None of the 2 jobs/);
    await expect(call('jobs.download', { id })).rejects.toMatchObject({ code: 'JOB_NOT_READY' });
  });

  it('are refused when they are more than the memory should hold, before a file is read', async () => {
    await open({}, 1000);
    const wanted = [await world.submit('x'), await world.submit('y')];
    for (const id of wanted) await world.ended(id);
    const one = await call('jobs.download', { id: wanted[0] ?? 0 });
    expect(one.bytes.length).toBeLessThan(1000);
    await expect(
      call('jobs.download_zip', { ids: await manyOf(Math.ceil(1000 / one.bytes.length) + 1) }),
    ).rejects.toMatchObject({ code: 'DOWNLOAD_TOO_LARGE' });
  });

  async function manyOf(count: number): Promise<number[]> {
    const many = await Promise.all(Array.from({ length: count }, (_, at) => world.submit(String(at))));
    for (const id of many) await world.ended(id);
    return many;
  }
});

it('names in a zip differ for systems that ignore case', () => {
  expect(uniqueNames(['a.pdf', 'A.pdf', 'a (2).pdf', 'a.pdf', '.pdf', '.pdf'])).toEqual([
    'a.pdf',
    'A (2).pdf',
    'a (2) (2).pdf',
    'a (3).pdf',
    '.pdf',
    '.pdf (2)',
  ]);
});
