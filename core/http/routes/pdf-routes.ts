/** Jobs: the published calls first, then what was added beside them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GenerateRequest, JobListQuery, type Job } from '../../../contract/job.ts';
import { InfluxionError } from '../../error.ts';
import type { SubmitOptions } from '../../jobs/job-service.ts';
import { callerOf } from '../bearer.ts';
import { sendOutput } from '../download.ts';
import { sendProblem } from '../failures.ts';
import { sendJson } from '../json-reply.ts';
import { parsePrefer, preferenceApplied, type Preferences } from '../prefer.ts';
import type { RouteContext } from './route-context.ts';
import { validate } from '../../validation.ts';

type JobRequest = FastifyRequest<{ Params: { id: string } }>;

const JOB_ID = /^[1-9]\d{0,14}$/;

function jobId(request: JobRequest): number {
  const { id } = request.params;
  if (JOB_ID.test(id)) return Number(id);
  throw new InfluxionError('JOB_NOT_FOUND', 'There is no such job: its id is a whole number.');
}

/** A structured-field string in quotes, as draft-ietf-httpapi-idempotency-key-header-07 §2.1 has it, or bare as most send it. */
const QUOTED_KEY = /^"((?:[^"\\]|\\["\\])*)"$/;
const PLAIN_KEY = /^[\x21-\x7e][\x20-\x7e]{0,254}$/;

function submitOptions(request: FastifyRequest): SubmitOptions {
  const caller = callerOf(request);
  const base = { caller, ...(request.source !== null && { source: request.source }) };
  const header = request.headers['idempotency-key'];
  if (header === undefined) return base;
  const text = typeof header === 'string' ? header.trim() : '';
  const idempotencyKey = QUOTED_KEY.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? text;
  if (PLAIN_KEY.test(idempotencyKey)) return { ...base, idempotencyKey };
  throw new InfluxionError(
    'BAD_REQUEST',
    'The Idempotency-Key is not one text of 1 to 255 printable ASCII characters.',
  );
}

const parseGenerate = (request: FastifyRequest): GenerateRequest =>
  validate(GenerateRequest, request.body, 'body');

const applyPreference = (reply: FastifyReply, preferences: Preferences): void => {
  const applied = preferenceApplied(preferences);
  if (applied !== undefined) void reply.header('preference-applied', applied);
};

/** The failure of a job as the answer to the request that asked for its document. */
function sendJobFailure(reply: FastifyReply, job: Job): void {
  const detail = job.error_detail;
  const error = new InfluxionError(
    detail?.code ?? 'JOB_FAILED',
    job.error ?? 'The job failed.',
    detail?.hint == null ? {} : { hint: detail.hint },
  );
  sendProblem(reply, error, { job_id: job.id, ...(detail !== null && { error_detail: detail }) });
}

export function registerPdfRoutes(app: FastifyInstance, context: RouteContext): void {
  const { jobs, waits, limits } = context;
  const onRequest = context.requireScope('pdf');

  app.post('/pdf/generate', { onRequest }, async (request, reply) => {
    const options = submitOptions(request);
    const preferences = parsePrefer(request.headers.prefer);
    const { id } = await jobs.submit(parseGenerate(request), options);
    if (preferences.waitSeconds !== undefined) {
      await waits.untilEnded(id, options.caller, preferences.waitSeconds * 1000, reply);
    }
    applyPreference(reply, preferences);
    return sendJson(reply.header('location', `/pdf/${id}`), 202, { job_id: id });
  });

  app.post('/pdf', { onRequest }, async (request, reply) => {
    const options = submitOptions(request);
    const preferences = parsePrefer(request.headers.prefer);
    const { id } = await jobs.submit(parseGenerate(request), options);
    void reply.header('location', `/pdf/${id}`);
    applyPreference(reply, preferences);
    const patienceMs = preferences.respondAsync
      ? (preferences.waitSeconds ?? 0) * 1000
      : (preferences.waitSeconds ?? limits.renderWaitMs / 1000) * 1000;
    const job = await waits.untilEnded(id, options.caller, patienceMs, reply);
    if (job.status === 'Error') {
      sendJobFailure(reply, job);
      return reply;
    }
    if (job.status !== 'Done') return sendJson(reply, 202, { job_id: id });
    return sendOutput(request, reply, jobs.openOutput(id, options.caller), limits);
  });

  app.get('/pdf', { onRequest }, (request, reply) =>
    sendJson(reply, 200, jobs.list(validate(JobListQuery, request.query, 'query'), callerOf(request))),
  );

  app.get('/pdf/:id', { onRequest }, async (request: JobRequest, reply) => {
    const id = jobId(request);
    const caller = callerOf(request);
    const preferences = parsePrefer(request.headers.prefer);
    if (preferences.waitSeconds === undefined) return sendJson(reply, 200, jobs.get(id, caller));
    const job = await waits.untilEnded(id, caller, preferences.waitSeconds * 1000, reply);
    void reply.header('preference-applied', `wait=${preferences.waitSeconds}`);
    return sendJson(reply, 200, job);
  });

  // fastify's own HEAD routes run the GET and forget its length.
  app.route({
    method: ['GET', 'HEAD'],
    url: '/pdf/:id/download',
    onRequest,
    handler: async (request: JobRequest, reply) => {
      const output = jobs.openOutput(jobId(request), callerOf(request));
      return sendOutput(request, reply, output, limits);
    },
  });

  app.delete('/pdf/:id', { onRequest }, async (request: JobRequest, reply) => {
    const id = jobId(request);
    const caller = callerOf(request);
    if ((await jobs.delete(id, caller)) === 'deleted') return reply.code(204).send();
    return sendJson(reply, 200, jobs.get(id, caller));
  });

  app.post('/pdf/:id/retry', { onRequest }, async (request: JobRequest, reply) => {
    const job = await jobs.retry(jobId(request), callerOf(request));
    return sendJson(reply.header('location', `/pdf/${job.id}`), 202, job);
  });
}
