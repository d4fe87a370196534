import { expect, test } from 'vitest';
import { InfluxionError } from '../../../../core/error.ts';
import {
  errorOfFailure,
  failureOf,
  placeIn,
  GeneratePdfResult,
  parseCall,
  tracebackOf,
} from '../../../../core/transport/celery/generate-pdf.ts';
import { decodeResult, encodeResult } from '../../../../core/transport/celery/result-message.ts';
import { arrived, celeryResults } from '../../../support/celery-messages.ts';

const MAX = 1_000_000;
const SHA = 'a'.repeat(64);

test('results of a Python worker are read; a failure keeps what Python said', () => {
  const [success, failure] = celeryResults.map((message) => decodeResult(message, MAX));
  expect(success).toMatchObject({ status: 'SUCCESS', result: { size: 1 }, traceback: null });
  expect(failure?.status).toBe('FAILURE');
  const { error } = errorOfFailure(failure?.result);
  expect(error.code).toBe('WORKER_FAILED');
  expect(error.message).toBe('The worker failed with ValueError: no such thing.');
});

test('a failure crosses the broker with code, place, hint and worker', () => {
  const error = new InfluxionError('TEMPLATE_SYNTAX', 'The block is never closed.', {
    hint: 'Close it with {{/each}}.',
    template: 'html',
    line: 3,
    column: 7,
    sourceLine: '{{#each rows}}',
  });
  const place = { host: 'influxion-7@here', version: '1.2.3' };
  const failure = failureOf(error, 'render', place);
  const message = encodeResult(
    { taskId: 'x', status: 'FAILURE', result: failure, traceback: tracebackOf(failure.influxion) },
    { replyTo: 'replies', correlationId: 'x' },
  );
  const result = decodeResult(arrived(message), MAX);
  const back = errorOfFailure(result.result);
  expect(back.stage).toBe('render');
  expect(placeIn(result.result)).toEqual(place);
  expect(back.error).toMatchObject({ code: error.code, message: error.message, details: error.details });
  expect(result.traceback).toContain('html line 3');
  expect(result.traceback).not.toMatch(/\bat .*\.ts/);
});

test.each([
  [{ exc_type: 'PRINT_TIMEOUT', exc_message: ['Too slow.'], exc_module: 'x' }, 'PRINT_TIMEOUT', 'Too slow.'],
  [
    { exc_type: 'PRINT_TIMEOUT', exc_message: [], influxion: { code: 'NOPE' } },
    'PRINT_TIMEOUT',
    'The worker gave no reason.',
  ],
  [
    { exc_type: 'KeyError', exc_message: ['x', 1] },
    'WORKER_FAILED',
    'The worker failed with KeyError: x, 1.',
  ],
  ['boom', 'WORKER_FAILED', 'The worker failed and did not say why.'],
  [null, 'WORKER_FAILED', 'The worker failed and did not say why.'],
] as const)('the failure %j becomes %s', (result, code, message) => {
  expect(errorOfFailure(result).error).toMatchObject({ code, message });
});

test('keyword arguments are those of POST /pdf/generate, with every fault named', () => {
  const call = parseCall([], {
    html_template: { content: 'x' },
    job_id: 7,
    attempt: 2,
    upload_url: 'http://h/b/1',
  });
  expect(call.envelope).toMatchObject({ job_id: 7, attempt: 2, upload_url: 'http://h/b/1' });
  expect(call.request).toEqual({ html_template: { content: 'x' } });
  expect(parseCall([], { payload_url: 'http://h/b/2', job_id: 1, attempt: 1 }).request).toBeUndefined();
  expect(() => parseCall([], { html_template: { content: 'x' }, colour: 1 })).toThrow(/"colour"/);
  expect(() => parseCall([], {})).toThrow(/"html_template"/);
  expect(() => parseCall(['x'], {})).toThrow(/keyword arguments only/);
});

test('a result must say size and digest of the PDF, or it is none', () => {
  const result = { pdf: 'JVBERg==', url: null, size: 4, sha256: SHA, pages: 1 };
  expect(GeneratePdfResult.parse(result)).toMatchObject({ warnings: [], timings_ms: {} });
  expect(GeneratePdfResult.safeParse({ ...result, sha256: 'x' }).success).toBe(false);
  expect(GeneratePdfResult.safeParse({ ...result, pdf: '%%%' }).success).toBe(false);
});
