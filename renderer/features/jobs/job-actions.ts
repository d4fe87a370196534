/** What can be done with single jobs, beside the list. Failures are told, none is thrown. */
import type { GenerateRequest, JobStatus } from '../../../contract/job.ts';
import type { RouteOutput } from '../../../contract/studio/table.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { saveFile } from '../../ui/save-file.ts';
import { toast } from '../../ui/toast.tsx';
import { toCurl } from './job-curl.ts';
import { failed } from './job-notices.ts';
import type { JobsStore } from './jobs-store.ts';

const tell =
  (doing: string) =>
  (error: unknown): void =>
    failed(doing, error instanceof Error ? error : new Error(String(error)));

export function saveDocument(host: StudioHost, id: number): void {
  host
    .request('jobs.download', { id })
    .then(({ filename, bytes }) => saveFile(filename, bytes, 'application/pdf'))
    .catch(tell('Saving the PDF'));
}

export function saveZip({ host, actions }: JobsStore, ids: readonly number[]): void {
  host
    .request('jobs.download_zip', { ids: [...ids] })
    .then(({ filename, bytes, refused }) => {
      saveFile(filename, bytes, 'application/zip');
      actions.tellRefused('download', refused);
    })
    .catch(tell('Downloading'));
}

/** A failed job tries again with its inputs; of a finished one its request is sent anew, which makes a new job. */
export function runAgain(store: JobsStore, id: number, status: JobStatus): void {
  if (status === 'Error') {
    void store.actions.bulk('retry', [id]);
    return;
  }
  const repeat = async (): Promise<void> => {
    const { request, assets } = await store.host.request('jobs.inputs', { id });
    if (assets.length > 0) throw new Error(ASSETS_STAY);
    store.actions.open(await store.actions.submit(request));
  };
  repeat().catch(tell('Running again'));
}

const ASSETS_STAY =
  'Files came with the request of this job, and only the program that sent them can send them again.';

export function runWithChanges(store: JobsStore, id: number): void {
  store.host
    .request('jobs.inputs', { id })
    .then(({ request, assets }) =>
      store.actions.ask({ kind: 'change', id, request, missing: assets.map(({ path }) => path) }),
    )
    .catch(tell('Reading the request'));
}

export function copyAsCurl(host: StudioHost, id: number): void {
  const copy = async (): Promise<void> => {
    const [{ request, assets }, { urls }] = await Promise.all([
      host.request('jobs.inputs', { id }),
      host.request('api.state', {}),
    ]);
    await navigator.clipboard.writeText(toCurl(urls[0] ?? 'http://127.0.0.1:8787', request));
    const detail =
      assets.length === 0
        ? 'Put an access token into $TOKEN.'
        : `Put an access token into $TOKEN and the ${assets.length} files of the request into "assets".`;
    toast({ title: 'Copied as curl', detail, tone: 'ok' });
  };
  copy().catch(tell('Copying'));
}

type Template = RouteOutput<'templates.list'>['templates'][number];

export const usable = (template: Template): boolean => template.problem === null;

/** The JSON text of a sample, as it lies in the template's folder. Rejects with a HostFailure. */
export async function readSample(host: StudioHost, template: string, sample: string): Promise<string> {
  const input = { id: template, path: `samples/${sample}.json` };
  const { bytes } = await host.request('templates.read_file', input);
  return new TextDecoder().decode(bytes);
}

/** A document of the first template that has a sample. */
export function generateSample(store: JobsStore): void {
  const generate = async (): Promise<void> => {
    const { templates } = await store.host.request('templates.list', {});
    const template = templates.find((each) => usable(each) && each.samples.length > 0);
    const sample = template?.samples[0];
    if (template === undefined || sample === undefined) throw new Error('No template has sample data yet.');
    const request: GenerateRequest = {
      html_template: { id: template.id },
      document_id: `${template.id}-sample`,
      data: JSON.parse(await readSample(store.host, template.id, sample)) as unknown,
    };
    store.actions.open(await store.actions.submit(request));
  };
  generate().catch(tell('Generating the sample'));
}
