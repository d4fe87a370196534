import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { keepLogTail } from '../../../core/log-tail.ts';
import { recordingLogger, type LogRecord } from '../../support/http-logger.ts';
import { openNetworkWorld } from '../../support/network-world.ts';

describe('the last records of the log', () => {
  const SECRET = 's3cret-of-the-owner';
  const open = () => {
    const records: LogRecord[] = [];
    return { records, ...keepLogTail(recordingLogger(records), () => 0) };
  };

  it('tell what happened and where, and hand all of it on', () => {
    const { logger, lines, records } = open();
    const error = new InfluxionError('ENGINE_CRASHED', 'The browser ended');
    logger.child({ part: 'queue' }).warn({ job: 7, attempt: 2, err: error }, 'An attempt failed');
    expect(lines()).toEqual([
      '1970-01-01T00:00:00.000Z warn An attempt failed part=queue job=7 attempt=2 error=InfluxionError/ENGINE_CRASHED',
    ]);
    expect(records).toEqual([
      { level: 'warn', facts: { job: 7, attempt: 2, err: error }, message: 'An attempt failed' },
    ]);
  });

  it('hold nothing of a document, a secret or a path, whatever is logged', () => {
    const { logger, lines } = open();
    logger.error(
      {
        token: SECRET,
        authorization: SECRET,
        data: { name: SECRET },
        path: `/home/${SECRET}/file`,
        part: { nested: SECRET },
        err: new Error(`cannot read /home/${SECRET}: <p>${SECRET}</p>`),
      },
      'It failed',
    );
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toContain('It failed error=Error');
    expect(lines().join('\n')).not.toContain(SECRET);
  });

  it('are bounded, and debug is not among them', () => {
    const { logger, lines } = open();
    for (let at = 0; at < 500; at += 1) logger.info({}, `Record ${at}`);
    logger.debug({}, 'Detail');
    expect(lines()).toHaveLength(100);
    expect(lines().at(-1)).toContain('Record 499');
  });
});

describe('diagnostics', () => {
  it('say what runs and hold neither documents, names, keys nor a home folder', async () => {
    await using world = await openNetworkWorld();
    const { client_id, client_secret } = await world.call('clients.add', { name: 'Secret Client Ltd' });
    const { id } = await world.call('jobs.submit', {
      request: {
        html_template: { content: '<p>{{name}}</p>' },
        data: { name: 'Ada Confidential' },
        document_id: 'private-letter',
      },
    });
    await world.influxion.start();
    await world.influxion.jobs.waitUntilEnded(
      id,
      { clientId: 'studio', admin: true },
      20_000,
      new AbortController().signal,
    );
    await world.set({ api: { mode: 'lan', lan_port: 0 } });
    const { text } = await world.call('app.diagnostics', {});
    for (const name of ['Influxion', 'System', 'Node', 'SQLite', 'Engine', 'Queue', 'Data folder', 'Log']) {
      expect(text).toMatch(new RegExp(`^${name}\\b`, 'm'));
    }
    expect(text).toContain('1.2.3');
    expect(text).toMatch(/Data folder .* GiB free/);
    for (const secret of [
      'Confidential',
      'private-letter',
      'Secret Client',
      client_id,
      client_secret,
      'BEGIN',
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toContain(join(homedir(), ''));
  });

  it('tell of settings that could not be used', async () => {
    await using world = await openNetworkWorld({ settings: '{ theme: dark }' });
    expect((await world.call('app.diagnostics', {})).text).toMatch(
      /^Settings +settings\.json is not valid JSON/m,
    );
    expect(world.log).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });
});
