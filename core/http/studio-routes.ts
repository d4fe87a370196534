/** The studio's page at `/` and its routes under `/studio`, see contract/studio.ts. */
import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { GenerateRequest, Job } from '../../contract/job.ts';
import {
  STUDIO_JOB_HEADER,
  StudioRenderRequest,
  type StudioJob,
  type StudioJobList,
  type StudioStatus,
  type StudioTemplateList,
} from '../../contract/studio.ts';
import { InfluxionError } from '../error.ts';
import type { Caller, JobService } from '../jobs/job-service.ts';
import type { TemplateLibrary } from '../templates/template.ts';
import { sendProblem } from './failures.ts';
import type { StudioSessions } from '../auth/studio-sessions.ts';
import type { OwnerCheck } from './bearer.ts';
import { assertStudioEvents, assertStudioRequest, isFromThisComputer } from './studio-guard.ts';
import { registerStudioRpc, type StudioRpcDeps } from './studio-rpc-routes.ts';
import { answerSignIn, hasSession, registerStudioLink } from './studio-sign-in.ts';
import { loadPage, PAGE_CSP, type PageFile } from './studio-page.ts';
import { validate } from '../validation.ts';

export interface StudioDeps extends StudioRpcDeps {
  readonly sessions: StudioSessions;
  readonly isOwner: OwnerCheck;
  /** A fresh one-time link to the page. */
  readonly link: () => string;
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

/** From the end of the wait to the answer. */
const SETTLE_MS = 30_000;

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

/** The page shows the hint of `error_detail` by itself. */
function sendFailedJob(reply: FastifyReply, job: Job): FastifyReply {
  const detail = job.error_detail;
  const error = new InfluxionError(detail?.code ?? 'JOB_FAILED', job.error ?? 'The job failed.');
  sendProblem(reply, error, { job_id: job.id, ...(detail !== null && { error_detail: detail }) });
  return reply;
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
  const { template_id, data } = validate(StudioRenderRequest, request.body, 'body');
  const gone = abortOnDisconnect(reply);
  // Nothing moves on the connection meanwhile, and the server cuts an idle one.
  reply.raw.socket?.setTimeout(RENDER_WAIT_MS + SETTLE_MS);
  const generate: GenerateRequest = {
    html_template: { id: template_id },
    data: data ?? {},
    document_id: template_id,
    // Someone is watching, and what waits in the queue is not.
    priority: 5,
  };
  const { id } = await deps.jobs.submit(generate, { caller: OWNER });
  const job = await deps.jobs.waitUntilEnded(id, OWNER, RENDER_WAIT_MS, gone);
  void reply.header(STUDIO_JOB_HEADER, String(id));
  if (job.status === 'Error') return sendFailedJob(reply, job);
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

const notSignedIn = (): InfluxionError =>
  new InfluxionError('STUDIO_SIGN_IN', 'This browser is not signed in to the studio.', {
    hint: 'Influxion may have been started anew. "influxion studio" in a terminal prints a link that signs in.',
  });

function serveStudioApi(app: FastifyInstance, deps: StudioDeps): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const sender = { remoteAddress: request.raw.socket.remoteAddress, headers: request.headers };
    const isEvents = request.routeOptions.url === '/studio/events';
    if (isEvents) assertStudioEvents(sender);
    else assertStudioRequest(sender);
    if (!hasSession(request, deps.sessions)) throw notSignedIn();
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
  registerStudioRpc(app, deps);
}

const NOT_BUILT = 'The page of the studio is not built. Run "npm run build" and start Influxion again.\n';

async function servePage(app: FastifyInstance, { rendererDir, sessions }: StudioDeps): Promise<void> {
  const files = await loadPage(rendererDir);
  const sendFile = (reply: FastifyReply, file: PageFile): FastifyReply =>
    reply
      .type(file.mimeType)
      .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('content-security-policy', PAGE_CSP)
      .header('cross-origin-opener-policy', 'same-origin')
      .send(file.bytes);

  app.get('/', (request, reply) => {
    if (!isFromThisComputer({ remoteAddress: request.raw.socket.remoteAddress, headers: request.headers })) {
      return reply.redirect('/docs');
    }
    if (answerSignIn(request, reply, sessions)) return reply;
    const index = files.get('/');
    return index === undefined
      ? reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
      : sendFile(reply, index);
  });
  for (const [url, file] of files) if (url !== '/') app.get(url, (_request, reply) => sendFile(reply, file));
}

/**
 * A fastify plugin: `await app.register(registerStudio, deps)`. Errors are thrown as InfluxionError for the server's
 * own error handler; only a failed render answers itself, because its problem says where in the template it failed.
 */
export async function registerStudio(app: FastifyInstance, deps: StudioDeps): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, ownPage: true };
  });
  await servePage(app, deps);
  registerStudioLink(app, deps);
  await app.register(
    (scope, _options, done) => {
      serveStudioApi(scope, deps);
      done();
    },
    { prefix: '/studio' },
  );
}
