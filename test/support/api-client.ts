/** A program at an API host, with a client and a token of its own. */
import { expect } from 'vitest';
import type { CreatedClient } from '../../contract/access.ts';
import type { GenerateRequest, Job } from '../../contract/job.ts';
import type { VerifyReport } from '../../contract/verify.ts';
import { cli } from './cli-run.ts';

export interface ApiClient {
  readonly headers: Readonly<Record<string, string>>;
  submit(request: GenerateRequest): Promise<number>;
  /** The job when it has ended, however long that takes. */
  ended(id: number): Promise<Job>;
  download(id: number): Promise<Uint8Array<ArrayBuffer>>;
  verify(pdf: Uint8Array<ArrayBuffer>): Promise<VerifyReport>;
}

/** `data`: the folder of the host at `url`. */
export async function apiClient(url: string, data: string): Promise<ApiClient> {
  const added = await cli(['client', 'add', 'test', '--json'], { data });
  const { client_id, client_secret } = JSON.parse(added.stdout) as CreatedClient;
  const json = { 'content-type': 'application/json' };
  const granted = await fetch(`${url}/token`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ client_id, client_secret }),
  });
  const { access_token: token } = (await granted.json()) as { readonly access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  return {
    headers,
    async submit(request) {
      const answer = await fetch(`${url}/pdf/generate`, {
        method: 'POST',
        headers: { ...headers, ...json },
        body: JSON.stringify(request),
      });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as { readonly job_id: number }).job_id;
    },
    async ended(id) {
      for (;;) {
        const answer = await fetch(`${url}/pdf/${id}`, { headers: { ...headers, prefer: 'wait=20' } });
        const job = (await answer.json()) as Job;
        if (job.status === 'Done' || job.status === 'Error') return job;
      }
    },
    async download(id) {
      const answer = await fetch(`${url}/pdf/${id}/download`, { headers });
      return new Uint8Array(await answer.arrayBuffer());
    },
    async verify(pdf) {
      const answer = await fetch(`${url}/pdf/verify`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/pdf' },
        body: pdf,
      });
      return (await answer.json()) as VerifyReport;
    },
  };
}
