import { expect, test } from 'vitest';
import {
  decodeControl,
  decodeControlReply,
  encodeControl,
  encodeControlReply,
  isMeant,
} from '../../../../core/transport/celery/control-message.ts';
import { decodeEvents, encodeEvents } from '../../../../core/transport/celery/event-message.ts';
import { arrived, celeryControl, celeryEvents } from '../../../support/celery-messages.ts';

test('commands of Celery are read, and ours have the same form', () => {
  const [ping, revoke] = celeryControl.map(decodeControl);
  expect(ping).toMatchObject({ method: 'ping', arguments: {}, replyTo: { exchange: 'reply.celery.pidbox' } });
  expect(revoke).toMatchObject({ method: 'revoke', arguments: { task_id: 'some-id', terminate: true } });
  expect(revoke?.replyTo).toBeUndefined();
  const ours = encodeControl({ method: 'revoke', arguments: { task_id: 'x' } });
  expect(JSON.parse(ours.body.toString())).toEqual({
    method: 'revoke',
    arguments: { task_id: 'x' },
    destination: null,
    pattern: null,
    matcher: null,
  });
});

test.each([
  [{ destination: ['a@x', 'b@y'] }, 'b@y', true],
  [{ destination: ['a@x'] }, 'b@y', false],
  [{ pattern: 'web*@?' }, 'web12@y', true],
  [{ pattern: 'web*' }, 'mail@web', false],
  [{ pattern: '*a*b' }, 'xxaxxab', true],
  [{}, 'b@y', true],
])('%j means %s: %s', (to, node, meant) => {
  expect(isMeant({ method: 'ping', arguments: {}, ...to }, node)).toBe(meant);
});

test('a pattern that would make a matcher go back and forth for ever is answered at once', () => {
  const pattern = '*a'.repeat(500);
  expect(isMeant({ method: 'ping', arguments: {}, pattern }, `${'a'.repeat(499)}b`)).toBe(false);
});

test('a reply finds its ticket', () => {
  const [ping] = celeryControl.map(decodeControl);
  const replyTo = ping?.replyTo;
  if (ping === undefined || replyTo === undefined) throw new Error('ping asks for a reply');
  const reply = encodeControlReply('influxion@host', { ok: 'pong' }, { ...ping, replyTo });
  expect(reply).toMatchObject({ exchange: 'reply.celery.pidbox', routingKey: replyTo.routingKey });
  expect(decodeControlReply(arrived(reply))).toEqual({
    ticket: ping.ticket,
    replies: { 'influxion@host': { ok: 'pong' } },
  });
});

test('events of Celery are read one by one and in lists, and ours go by the same keys', () => {
  const types = celeryEvents.flatMap((message) => decodeEvents(message).map(({ type }) => type));
  expect(types).toContain('worker-online');
  expect(types).toContain('task-succeeded');
  expect(types).toContain('task-failed');
  const event = { type: 'worker-heartbeat', hostname: 'influxion@host', timestamp: 1.5, freq: 2 };
  expect(encodeEvents('influxion@host', [event])).toMatchObject({
    exchange: 'celeryev',
    routingKey: 'worker.heartbeat',
    headers: { hostname: 'influxion@host' },
  });
  const task = { type: 'task-started', hostname: 'influxion@host', timestamp: 1.5, uuid: 'x' };
  const several = encodeEvents('influxion@host', [task]);
  expect(several.routingKey).toBe('task.multi');
  expect(decodeEvents(arrived(several))).toEqual([task]);
});
