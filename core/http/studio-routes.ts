/** The studio's page at `/` and its routes under `/studio`, see contract/studio.ts. */
import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ERRORS } from '../../contract/errors.ts';
import type { GenerateRequest, Job } from '../../contract/job.ts';
import {
  STUDIO_JOB_HEADER,
  StudioRenderRequest,
  type StudioJob,
  type StudioJobList,
  type StudioProblem,
  type StudioStatus,
  type StudioTemplateList,
} from '../../contract/studio.ts';
import { InfluxionError } from '../error.ts';
import type { Caller, JobService } from '../jobs/job-service.ts';
import type { TemplateLibrary } from '../templates/template.ts';
import { assertStudioRequest, isFromThisComputer } from './studio-guard.ts';
import { loadPage, PAGE_CSP } from './studio-page.ts';

export interface StudioDeps {
  readonly jobs: JobService;
  readonly templates: TemplateLibrary;
  readonly status: () => StudioStatus;
  /** The built page, `dist/renderer`. */
  readonly rendererDir: string;
}

/** The studio is the owner at this computer, who sees every job. */
const OWNER: Caller = { clientId: 'studio', admin: true };

/** How long one render may keep its request open, queueing included. */
const RENDER_WAIT_MS = 10 * 60_000;

const RECENT_JOBS = 12;

const toStudioJob = (job: Job): StudioJob => ({
  id: job.id,
  status: job.status,
  stage: job.progress?.stage ?? null,
  template_id: job.template_id,
  created_at: job.created_at,
  pages: job.pages,
  size: job.size,
  duration_ms: job.completed_at === null ? null : Date.parse(job.completed_at) - Date.parse(job.created_at),
  warnings: job.warnings,
  error: job.error,
});

function parseRender(body: unknown): StudioRenderRequest {
  const parsed = StudioRenderRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InfluxionError('VALIDATION_FAILED', 'The request does not have the expected form.', {
    errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
}

function failedJobProblem(job: Job): StudioProblem {
  const code = job.error_detail?.code ?? 'JOB_FAILED';
  return {
    type: `urn:influxion:error:${code.toLowerCase().replaceAll('_', '-')}`,
    title: ERRORS[code].title,
    status: 422,
    detail: job.error ?? ERRORS[code].title,
    code,
    error_detail: job.error_detail,
  };
}

/** Aborted when the browser goes away before the answer: the owner pressed Cancel or closed the page. */
function abortOnDisconnect(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function render(deps: StudioDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { template_id, data } = parseRender(request.body);
  const gone = abortOnDisconnect(reply);
  const generate: GenerateRequest = {
    html_template: { id: template_id },
    data: data ?? {},
    document_id: template_id,
    // Someone is watching, and what waits in the queue is not.
    priority: 5,
  };
  const { id } = await deps.jobs.submit(generate, { caller: OWNER });
  const job = await deps.jobs.waitUntilEnded(id, OWNER, RENDER_WAIT_MS, gone);
  void reply.header(STUDIO_JOB_HEADER, String(id)).header('cache-control', 'no-store');
  if (job.status === 'Error') {
    return reply
      .code(422)
      .type('application/problem+json')
      .send(JSON.stringify(failedJobProblem(job)));
  }
  if (job.status !== 'Done') {
    await deps.jobs.delete(id, OWNER);
    throw new InfluxionError(
      'JOB_CANCELLED',
      'The document was not ready in time, so its job was cancelled.',
      {
        hint: 'The queue may be long. Try again when it is shorter.',
      },
    );
  }
  const output = deps.jobs.openOutput(id, OWNER);
  return reply
    .type('application/pdf')
    .header('content-length', output.size)
    .header('content-disposition', 'inline')
    .send(createReadStream(output.path));
}

function serveStudioApi(app: FastifyInstance, deps: StudioDeps): void {
  app.addHook('onRequest', (request, _reply, done) => {
    assertStudioRequest({ remoteAddress: request.raw.socket.remoteAddress, headers: request.headers });
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    done();
  });
  app.get('/status', () => deps.status());
  app.get('/templates', async (): Promise<z.infer<typeof StudioTemplateList>> => {
    const summaries = await deps.templates.list();
    return {
      templates: summaries.map(({ id, name, description, samples, problem }) => ({
        id,
        name,
        description,
        samples,
        problem,
      })),
    };
  });
  app.get<{ Params: { id: string; name: string } }>(
    '/templates/:id/samples/:name',
    async (request, reply) => {
      const sample = await deps.templates.readSample(request.params.id, request.params.name);
      return reply.type('application/json').send(sample);
    },
  );
  app.get('/jobs', (): z.infer<typeof StudioJobList> => {
    return { jobs: deps.jobs.list({ limit: RECENT_JOBS }, OWNER).jobs.map(toStudioJob) };
  });
  app.post('/render', (request, reply) => render(deps, request, reply));
}

const NOT_BUILT = 'The page of the studio is not built. Run "npm run build" and start Influxion again.\n';

async function servePage(app: FastifyInstance, rendererDir: string): Promise<void> {
  const files = await loadPage(rendererDir);
  if (!files.has('/')) {
    app.get('/', (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT));
  }
  for (const [url, file] of files) {
    app.get(url, (request, reply) => {
      const sender = { remoteAddress: request.raw.socket.remoteAddress, headers: request.headers };
      if (url === '/' && !isFromThisComputer(sender)) return reply.redirect('/docs');
      return reply
        .type(file.mimeType)
        .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
        .header('content-security-policy', PAGE_CSP)
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer')
        .header('cross-origin-opener-policy', 'same-origin')
        .header('cross-origin-resource-policy', 'same-origin')
        .send(file.bytes);
    });
  }
}

/**
 * A fastify plugin: `await app.register(registerStudio, deps)`. Errors are thrown as InfluxionError for the server's
 * own error handler; only a failed render answers itself, because its problem says where in the template it failed.
 */
export async function registerStudio(app: FastifyInstance, deps: StudioDeps): Promise<void> {
  await servePage(app, deps.rendererDir);
  await app.register(
    (scope, _options, done) => {
      serveStudioApi(scope, deps);
      done();
    },
    { prefix: '/studio' },
  );
}
