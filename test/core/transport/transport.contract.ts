/** What a program sees of a host is the same, wherever its jobs run. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../../contract/job.ts';
import type { VerifyReport } from '../../../contract/verify.ts';

export interface TransportWorld extends AsyncDisposable {
  /** Of the API host. Its library has the template `invoice`, its keys `office`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TransportWay {
  readonly name: string;
  open(): Promise<TransportWorld>;
  /** Who makes the documents: the product, or a stand-in that gives one that is ready. */
  readonly prints: boolean;
  /** Where jobs run. */
  readonly ranOn: RegExp;
}

const json = { 'content-type': 'application/json' };
/** Its page is never ready. */
const ENDLESS = '<script>window.influxionReady = new Promise(() => {})</script>';
const LARGE = randomBytes(700 * 1024).toString('base64');

export function describeTransport(way: TransportWay): void {
  describe(`jobs ${way.name}`, () => {
    let world: TransportWorld;
    beforeAll(async () => {
      world = await way.open();
    });
    afterAll(() => world[Symbol.asyncDispose]());

    interface Call {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array<ArrayBuffer>;
    }
    const call = (path: string, init: Call = {}): Promise<Response> =>
      fetch(world.url + path, { ...init, headers: { ...world.headers, ...init.headers } });

    async function submit(request: object): Promise<number> {
      const answer = await call('/pdf/generate', {
        method: 'POST',
        headers: json,
        body: JSON.stringify(request),
      });
      expect(answer.status).toBe(202);
      return ((await answer.json()) as { readonly job_id: number }).job_id;
    }

    async function ended(id: number): Promise<Job> {
      for (;;) {
        const answer = await call(`/pdf/${id}`, { headers: { prefer: 'wait=20' } });
        const job = (await answer.json()) as Job;
        if (job.status === 'Done' || job.status === 'Error') return job;
      }
    }

    async function download(id: number): Promise<Buffer> {
      return Buffer.from(await (await call(`/pdf/${id}/download`)).arrayBuffer());
    }

    async function done(request: object): Promise<{ readonly job: Job; readonly pdf: Buffer }> {
      const id = await submit(request);
      const job = await ended(id);
      expect(job.error).toBeNull();
      const pdf = await download(id);
      expect(createHash('sha256').update(pdf).digest('hex')).toBe(job.sha256);
      expect(pdf.length).toBe(job.size);
      return { job, pdf };
    }

    it('make a document, and say where', async () => {
      const { job, pdf } = await done({
        html_template: { content: '<h1>{{name}}</h1>' },
        data: { name: 'Ada' },
      });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(job).toMatchObject({ status: 'Done', attempt: 1, signed_on: null });
      expect(job.ran_on?.host).toMatch(way.ranOn);
      expect(job.pages).toBe(1);
    });

    it('fill in a template of the library of the host', async () => {
      const { job } = await done({
        html_template: { id: 'invoice' },
        data: { number: '7' },
        document_id: 'INV-7',
      });
      expect(job).toMatchObject({ template_id: 'invoice', document_id: 'INV-7' });
    });

    it('carry data and documents of any size', async () => {
      const { job } = await done({
        html_template: { content: '<p>Large</p>' },
        pdf_standard: 'pdf/a-3b',
        metadata: { title: 'Large', language: 'en' },
        attachments: [{ filename: 'large.bin', mime_type: 'application/octet-stream', content: LARGE }],
        data: { large: true },
      });
      expect(job.size).toBeGreaterThan(600_000);
    });

    it('fail in words for a mistake of the template, once, and say where', async () => {
      const job = await ended(await submit({ html_template: { content: '<p>{{#if open}}</p>' } }));
      expect(job).toMatchObject({ status: 'Error', attempt: 1, error_detail: { code: 'TEMPLATE_SYNTAX' } });
      expect(job.ran_on?.host).toMatch(way.ranOn);
      expect(job.error).not.toBe('');
    });

    it('can be cancelled while they run; the next one runs', async () => {
      const id = await submit({
        html_template: { content: ENDLESS },
        options: { scripts: true },
        data: { wait: 5 },
      });
      while (((await (await call(`/pdf/${id}`)).json()) as Job).status === 'Received') await sleep(20);
      await sleep(500);
      expect((await call(`/pdf/${id}`, { method: 'DELETE' })).ok).toBe(true);
      const job = await ended(id);
      expect(job.error_detail?.code).toBe('JOB_CANCELLED');
      await done({ html_template: { content: '<p>Next</p>' } });
    });

    it('are signed with a key that only the host has', async () => {
      const { job, pdf } = await done({
        html_template: { content: '<title>Signed</title><p>Signed</p>' },
        sign_key_id: 'office',
        signature: { reason: 'I approve this' },
        ...(way.prints && { pdf_standard: 'pdf/a-2b' }),
      });
      expect(job.signature).toMatchObject({ key_id: 'office', level: 'B-B' });
      expect(job.signed_on).not.toBeNull();
      const answer = await call('/pdf/verify', {
        method: 'POST',
        headers: { 'content-type': 'application/pdf' },
        body: new Uint8Array(pdf),
      });
      const report = (await answer.json()) as VerifyReport;
      expect(report.signatures).toHaveLength(1);
      expect(report.signatures[0]).toMatchObject({ intact: true, changes_after: 'none' });
    });

    it.runIf(way.prints)('put a visible signature where the template says', async () => {
      const { job } = await done({
        html_template: { content: '<div id="sign" style="width: 8cm; height: 3cm"></div>' },
        sign_key_id: 'office',
        signature: { visible: { anchor: '#sign' } },
      });
      expect(job.signature?.key_id).toBe('office');
    });

    it.runIf(way.prints)('make the same bytes of the same request', async () => {
      const request = {
        html_template: { id: 'invoice' },
        data: { number: '7' },
        options: { reproducible: true },
        pdf_standard: 'pdf/a-2b',
        metadata: { title: 'Same', language: 'en' },
      };
      const first = await done(request);
      const second = await done(request);
      expect(second.job.sha256).toBe(first.job.sha256);
    });

    it('run many at once, each to its end', async () => {
      const ids = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          submit({ html_template: { content: '<p>{{n}}</p>' }, data: { n: index } }),
        ),
      );
      for (const id of ids) expect((await ended(id)).status).toBe('Done');
    });
  });
}
