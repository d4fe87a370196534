import { expect, test } from 'vitest';
import { decodeTask, encodeTask } from '../../../../core/transport/celery/task-message.ts';
import type { IncomingMessage } from '../../../../core/transport/celery/message.ts';
import { arrived, celeryTask } from '../../../support/celery-messages.ts';

const MAX = 1_000_000;
const KWARGS = { html_template: { content: '<p>{{name}} Ä</p>' }, data: { name: 'Ada' } };

test('a call by Celery is read with all that it says', () => {
  const task = decodeTask(celeryTask('plain'), MAX);
  expect(task).toMatchObject({
    task: 'influxion.generate_pdf',
    args: [],
    kwargs: KWARGS,
    embed: { callbacks: null, errbacks: null, chain: null, chord: null },
    retries: 0,
    eta: undefined,
    expires: undefined,
    timeLimitMs: undefined,
    ignoreResult: false,
    replyTo: '483da494-e524-3323-9387-54b3a5228ddd',
  });
  expect(task.correlationId).toBe(task.id);
});

test('times are UTC, limits come as hard and soft, in seconds', () => {
  const task = decodeTask(celeryTask('options'), MAX);
  expect(task).toMatchObject({ timeLimitMs: 30_000, softTimeLimitMs: 20_000, retries: 2, priority: 5 });
  expect(task.eta).toBe(Date.UTC(2026, 10, 27, 10, 50, 37, 987));
  expect((task.expires ?? 0) - (task.eta ?? 0)).toBe(60_000);
});

test('a time without an offset is UTC, not the time zone of this machine', () => {
  const message = celeryTask('options');
  const naive = { ...message, headers: { ...message.headers, eta: '2026-11-27T10:50:37.987752' } };
  expect(decodeTask(naive, MAX).eta).toBe(Date.UTC(2026, 10, 27, 10, 50, 37, 987));
});

test('what a task is followed by keeps its form, so that it can be sent on', () => {
  const chain = decodeTask(celeryTask('chain'), MAX);
  expect(chain.embed.chain).toMatchObject([{ task: 'other.store', args: [1] }]);
  const links = decodeTask(celeryTask('links'), MAX);
  expect(links.embed.callbacks).toMatchObject([{ task: 'other.store' }]);
  expect(links.embed.errbacks).toMatchObject([{ task: 'other.failed' }]);
  const [first, second] = [0, 1].map((index) => decodeTask(celeryTask('group', index), MAX));
  expect(first?.group).toBe(second?.group);
  expect([first?.groupIndex, second?.groupIndex]).toEqual([0, 1]);
});

test('zlib is inflated, within the limit', () => {
  expect(decodeTask(celeryTask('zlib'), MAX).kwargs).toEqual(KWARGS);
  expect(() => decodeTask(celeryTask('zlib'), 100)).toThrow(/larger than the 100 bytes/);
});

const changed = (change: Partial<IncomingMessage>): IncomingMessage => ({
  ...celeryTask('plain'),
  ...change,
});
const withHeaders = (headers: object): IncomingMessage =>
  changed({ headers: { ...celeryTask('plain').headers, ...headers } });

test.each<readonly [string, IncomingMessage, RegExp]>([
  ['pickle', celeryTask('pickle'), /"application\/x-python-serialize"; only application\/json/],
  ['protocol 1', celeryTask('protocol1'), /protocol version 2/],
  ['text that is not JSON', changed({ body: Buffer.from('[[], {') }), /not valid JSON/],
  ['NaN of Python', changed({ body: Buffer.from('[[], {"data": NaN}, {}]') }), /not valid JSON/],
  ['JSON of another form', changed({ body: Buffer.from('{"a": 1}') }), /Its body/],
  [
    'a depth that breaks what reads it',
    changed({ body: Buffer.from(`[[], ${'['.repeat(100_000)}`) }),
    /deep|levels/,
  ],
  ['bytes that are not UTF-8', changed({ body: Buffer.from([0x5b, 0xff, 0x5d]) }), /UTF-8/],
  ['latin-1', changed({ contentEncoding: 'latin-1' }), /content encoding/],
  ['a compression bomb of another kind', withHeaders({ compression: 'application/x-bz2' }), /only zlib/],
  ['a name that is none', withHeaders({ task: 7 }), /headers/],
  ['a broken time', withHeaders({ eta: 'tomorrow' }), /"eta"/],
  ['too much', changed({ body: Buffer.alloc(MAX + 1, 32) }), /larger than/],
])('%s is refused with its reason and not read', (_name, message, reason) => {
  expect(() => decodeTask(message, MAX)).toThrow(
    expect.objectContaining({ code: 'MESSAGE_INVALID' }) as Error,
  );
  expect(() => decodeTask(message, MAX)).toThrow(reason);
});

test('dates, decimals and UUIDs of Python arrive as their text', () => {
  const body = [
    [],
    {
      data: {
        day: { __type__: 'date', __value__: '2026-11-27' },
        rows: [{ total: { __type__: 'decimal', __value__: '12.30' } }],
        id: { __type__: 'uuid', __value__: { hex: '9b9a656afd094288b44b506044da7c45', version: 4 } },
        odd: { __type__: 'date', __value__: '2026', more: 1 },
      },
    },
    {},
  ];
  expect(decodeTask(changed({ body: Buffer.from(JSON.stringify(body)) }), MAX).kwargs['data']).toEqual({
    day: '2026-11-27',
    rows: [{ total: '12.30' }],
    id: '9b9a656a-fd09-4288-b44b-506044da7c45',
    odd: { __type__: 'date', __value__: '2026', more: 1 },
  });
});

test('what is encoded carries every header that Celery sends', () => {
  const message = encodeTask({
    id: 'x-1',
    task: 'influxion.generate_pdf',
    queue: 'celery',
    kwargs: KWARGS,
    replyTo: 'replies',
    timeLimitS: 30,
  });
  const { origin, kwargsrepr, argsrepr, ...sent } = message.headers ?? {};
  const wanted = celeryTask('plain').headers;
  expect(Object.keys(message.headers ?? {}).sort()).toEqual(Object.keys(wanted).sort());
  expect(sent).toMatchObject({ lang: 'py', id: 'x-1', root_id: 'x-1', timelimit: [30, null], retries: 0 });
  expect([origin, argsrepr].every((text) => typeof text === 'string')).toBe(true);
  // The arguments are documents of people: they are in the body and nowhere else.
  expect(kwargsrepr).not.toContain('Ada');
  expect(decodeTask(arrived(message), MAX)).toMatchObject({ id: 'x-1', kwargs: KWARGS, replyTo: 'replies' });
});
