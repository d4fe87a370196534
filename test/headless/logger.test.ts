import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from '../../headless/logger.ts';

const open = (level: LogLevel) => {
  const lines: string[] = [];
  const logger = createLogger({ level, stream: { write: (line: string) => void lines.push(line) } });
  return { logger, lines };
};

describe('the log of the Node host', () => {
  it('is one JSON object a line with level, time and facts', () => {
    const { logger, lines } = open('info');
    logger.child({ part: 'http' }).info({ job: 7 }, 'the job ended');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      part: 'http',
      job: 7,
      msg: 'the job ended',
    });
  });

  it('keeps to its level', () => {
    const { logger, lines } = open('warn');
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
    expect(lines).toHaveLength(2);
    const silent = open('silent');
    silent.logger.error({}, 'e');
    expect(silent.lines).toEqual([]);
  });

  it.each([
    { authorization: 'SECRET' },
    { headers: { authorization: 'SECRET', 'idempotency-key': 'SECRET' } },
    { request: { headers: { authorization: 'SECRET', cookie: 'SECRET' } } },
    { client_secret: 'SECRET', access_token: 'SECRET' },
    { body: { data: 'SECRET' } },
    { data: { name: 'SECRET' } },
    { request: { body: 'SECRET', payload: 'SECRET' } },
    { idempotencyKey: 'SECRET', ownerToken: 'SECRET' },
  ])('does not tell %j', (facts) => {
    const { logger, lines } = open('info');
    logger.info(facts, 'something');
    logger.child(facts).info({}, 'something');
    expect(lines.join('')).not.toContain('SECRET');
    expect(lines.join('')).toContain('[redacted]');
  });

  it('tells the stack and cause of an error', () => {
    const { logger, lines } = open('info');
    logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(lines[0]).toContain('outer');
    expect(lines[0]).toContain('inner');
  });
});
