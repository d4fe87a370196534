/** The Host over HTTP: the routes of contract/studio.ts on the address that the page came from. */
import type { z } from 'zod';
import { Problem } from '../../contract/problem.ts';
import {
  STUDIO_HEADER,
  STUDIO_JOB_HEADER,
  StudioJobList,
  StudioStatus,
  StudioTemplateList,
} from '../../contract/studio.ts';
import { HostError, type Host } from './host.ts';

const UNREACHABLE =
  'Influxion does not answer. It may have been stopped; start it again and this page goes on.';
const STRANGE = 'Influxion answered with something this page does not know. Reload the page.';

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

async function refusal(response: Response): Promise<HostError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = Problem.safeParse(body);
  return problem.success
    ? new HostError(problem.data.detail, problem.data)
    : new HostError(`Influxion refused the request (HTTP ${response.status}).`);
}

async function parsed<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const reply = schema.safeParse(await response.json());
  if (reply.success) return reply.data;
  throw new HostError(STRANGE, undefined, reply.error);
}

interface AskInit extends RequestInit {
  readonly headers?: Record<string, string>;
}

export function httpHost(fetch: typeof globalThis.fetch): Host {
  const ask = async (path: string, init: AskInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`/studio${path}`, {
        ...init,
        headers: { ...init.headers, [STUDIO_HEADER]: '1' },
      });
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new HostError(UNREACHABLE, undefined, error);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  };
  return {
    status: async (signal) => parsed(await ask('/status', { signal }), StudioStatus),
    templates: async (signal) =>
      (await parsed(await ask('/templates', { signal }), StudioTemplateList)).templates,
    sample: async (templateId, sample, signal) => {
      const path = `/templates/${encodeURIComponent(templateId)}/samples/${encodeURIComponent(sample)}`;
      return (await ask(path, { signal })).text();
    },
    jobs: async (signal) => (await parsed(await ask('/jobs', { signal }), StudioJobList)).jobs,
    render: async (templateId, data, signal) => {
      const response = await ask('/render', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ template_id: templateId, data }),
        signal,
      });
      return { pdf: await response.blob(), jobId: Number(response.headers.get(STUDIO_JOB_HEADER)) };
    },
  };
}
