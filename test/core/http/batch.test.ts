import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch, BatchRow, DryRun, RowsFile } from '../../../contract/batch.ts';
import { call } from '../../support/http-call.ts';
import { openBatchWorld, type BatchWorld } from '../../support/batch-world.ts';
import { openHttpWorld, type HttpWorld } from '../../support/http-world.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('batches over HTTP', () => {
  let batches: BatchWorld;
  let world: HttpWorld;
  let headers: Record<string, string>;
  beforeAll(async () => {
    batches = await openBatchWorld({ folder: mkdtempSync(join(tmpdir(), 'influxion-batches-')) });
    world = await openHttpWorld({ queue: batches.jobs.queue, batches: batches.batches });
    headers = await world.signIn(['pdf']);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await batches[Symbol.asyncDispose]();
  });

  const template = { html_template: { content: '<p>{{name}}</p>' } };
  const ended = async (id: number): Promise<Batch> => batches.until(id, 'done', 'failed', 'cancelled');

  it('makes a zip of the rows of a request', async () => {
    const body = {
      ...template,
      rows: { inline: [{ name: 'Ada' }, { name: 'Ada' }, { n: 1 }] },
      name: '{{name}}',
    };
    const reply = await call(world, 'POST', '/pdf/batch', { headers, body });
    expect(reply.status).toBe(202);
    const { batch_id: id } = reply.json<{ batch_id: number }>();
    expect(reply.headers.get('location')).toBe(`/batch/${id}`);
    expect((await ended(id)).rows).toMatchObject({ total: 3, done: 2, failed: 1 });

    const rows = await call(world, 'GET', `/batch/${id}/rows?limit=2`, { headers });
    const page = rows.json<{ rows: BatchRow[]; next_after: number }>();
    expect(page.rows.map(({ name }) => name)).toEqual(['Ada.pdf', 'Ada (2).pdf']);
    expect(page.next_after).toBe(2);
    const failed = await call(world, 'GET', `/batch/${id}/rows?state=failed`, { headers });
    expect(failed.json<{ rows: BatchRow[] }>().rows[0]).toMatchObject({
      row: 3,
      error_detail: { code: 'ROW_INVALID' },
    });

    const zip = await call(world, 'GET', `/batch/${id}/download`, { headers });
    expect(zip.headers.get('content-type')).toBe('application/zip');
    expect(zip.text).toContain('Ada (2).pdf');
    const index = await call(world, 'GET', `/batch/${id}/index.csv`, { headers });
    expect(index.text).toMatch(/^row,line,file/);

    const mended = await call(world, 'POST', `/batch/${id}/rows/3/retry`, {
      headers,
      body: { data: { name: 'Bob' } },
    });
    expect(mended.status).toBe(202);
    expect((await ended(id)).rows).toMatchObject({ done: 3, failed: 0 });
    const document = await call(world, 'GET', `/batch/${id}/rows/3/download`, { headers });
    expect(document.headers.get('content-disposition')).toContain('Bob.pdf');
    expect((await call(world, 'DELETE', `/batch/${id}`, { headers })).status).toBe(204);
    expect((await call(world, 'GET', `/batch/${id}`, { headers })).status).toBe(404);
  });

  it('takes a rows file, shows what it holds and what its rows would be, and makes it', async () => {
    const upload = await call(world, 'POST', '/batch/rows?filename=people.csv', {
      headers: { ...headers, 'content-type': 'text/csv' },
      body: Buffer.from('name;born\nZoë;1.2.1990\nJürgen;31.4.1990\n', 'latin1'),
    });
    expect(upload.status).toBe(201);
    const file = upload.json<RowsFile>();
    expect(file).toMatchObject({
      format: 'csv',
      separator: ';',
      encoding: 'windows-1252',
      columns: ['name', 'born'],
    });
    const body = {
      ...template,
      rows: { upload: file.id },
      mapping: {
        locale: 'de-AT',
        columns: [
          { column: 'name', path: 'person.name' },
          { column: 'born', path: 'person.born', type: 'date' },
        ],
      },
      name: '{{person.name}}.pdf',
    };
    const dry = await call(world, 'POST', '/pdf/batch?dry_run=5', { headers, body });
    expect(dry.json<DryRun>().rows).toEqual([
      {
        row: 1,
        line: 2,
        cells: ['Zoë', '1.2.1990'],
        data: { person: { name: 'Zoë', born: '1990-02-01' } },
        name: 'Zoë.pdf',
        problem: null,
      },
      {
        row: 2,
        line: 3,
        cells: ['Jürgen', '31.4.1990'],
        data: { person: { name: 'Jürgen', born: '31.4.1990' } },
        name: null,
        problem: 'born: "31.4.1990" is no date.',
      },
    ]);
    const started = await call(world, 'POST', '/pdf/batch', { headers, body });
    const { batch_id: id } = started.json<{ batch_id: number }>();
    expect((await ended(id)).rows).toMatchObject({ done: 1, failed: 1 });
  });

  it('tells of everything that is wrong before it takes a batch', async () => {
    const cases: readonly (readonly [object, number, string])[] = [
      [{ ...template }, 422, 'VALIDATION_FAILED'],
      [{ ...template, rows: { inline: [] } }, 422, 'VALIDATION_FAILED'],
      [{ ...template, rows: { upload: 'nope' } }, 404, 'ROWS_NOT_FOUND'],
      [{ ...template, rows: { file: '/etc/passwd' } }, 403, 'OWNER_ONLY'],
      [{ ...template, rows: { inline: [{}] }, name: '{{#if x}}' }, 422, 'VALIDATION_FAILED'],
      [{ html_template: { id: 'none' }, rows: { inline: [{}] } }, 404, 'TEMPLATE_NOT_FOUND'],
      [
        { ...template, rows: { inline: [{ a: 1 }] }, mapping: { columns: [{ column: 'b', path: 'b' }] } },
        422,
        'VALIDATION_FAILED',
      ],
      [
        { ...template, rows: { inline: [{}] }, output: { type: 'folder', folder: '/tmp/x' } },
        403,
        'OWNER_ONLY',
      ],
    ];
    for (const [body, status, code] of cases) {
      const reply = await call(world, 'POST', '/pdf/batch', { headers, body });
      expect([reply.json<{ code: string }>().code, reply.status]).toEqual([code, status]);
    }
    const nothing = { headers: { ...headers, 'content-type': 'text/csv' }, body: '' };
    expect((await call(world, 'POST', '/batch/rows', nothing)).status).toBe(422);
    expect((await call(world, 'GET', '/batch/0', { headers })).status).toBe(404);
    expect((await call(world, 'GET', '/batch?cursor=x', { headers })).status).toBe(422);
  });

  it('shows a client its own batches alone', async () => {
    const body = { ...template, rows: { inline: [{ name: 'x' }] } };
    const mine = await call(world, 'POST', '/pdf/batch', { headers, body });
    const { batch_id: id } = mine.json<{ batch_id: number }>();
    await ended(id);
    const other = await world.signIn(['pdf']);
    for (const path of ['', '/rows', '/rows/1', '/download', '/index.csv', '/rows/1/download']) {
      expect((await call(world, 'GET', `/batch/${id}${path}`, { headers: other })).status).toBe(404);
    }
    for (const act of ['pause', 'cancel', 'retry']) {
      expect((await call(world, 'POST', `/batch/${id}/${act}`, { headers: other })).status).toBe(404);
    }
    const list = await call(world, 'GET', '/batch', { headers: other });
    expect(list.json<{ batches: Batch[] }>().batches).toEqual([]);
    const own = await call(world, 'GET', '/batch?limit=1', { headers });
    expect(own.json<{ batches: Batch[]; next_cursor: string }>().batches[0]?.id).toBe(id);
  });
});
