/**
 * What nobody should send, to one host, each beside a document that is as it should be. What it would catch: a host or
 * a neighbour that goes down with a bad document, an error without its stage, processes and memory that are never given
 * back.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { pngAsset } from '../support/engine-requests.ts';
import { descendants, Host, influxion, temporaryFolder } from './host.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function billionLaughs(): string {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `<g id="l${level + 1}">${`<use href="#l${level}"/>`.repeat(10)}</g>`,
  );
  return `<svg width="100" height="100"><defs><rect id="l0" width="1" height="1"/>${levels.join('')}</defs><use href="#l12"/></svg>`;
}

const TIMEOUT_MS = 4_000;

interface BadInput {
  readonly html: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
  /** One of these stages must be named, and one of these codes. */
  readonly stage: 'render' | 'print' | 'either';
  readonly codes: readonly string[];
}

const TOO_MUCH = ['PRINT_TIMEOUT', 'PRINT_FAILED', 'DOCUMENT_TOO_COMPLEX', 'ENGINE_CRASHED'];

const FAILS: Readonly<Record<string, BadInput>> = {
  'a megabyte of {{a}}': { html: '{{a}}'.repeat(200_000), stage: 'render', codes: ['TEMPLATE_TOO_COMPLEX'] },
  '20,000 nested {{#if}}': {
    html: '{{#if a}}'.repeat(20_000) + '{{/if}}'.repeat(20_000),
    stage: 'render',
    codes: ['TEMPLATE_TOO_COMPLEX'],
  },
  'a partial that includes itself': {
    html: '{{> loop}}',
    more: { assets: { 'partials/loop.hbs': base64('<i>{{> loop}}</i>') } },
    stage: 'render',
    codes: ['TEMPLATE_TOO_COMPLEX'],
  },
  'a template that never ends': {
    html: '{{#each (range 100000)}}{{#each (range 100000)}}{{#if a}}{{/if}}{{/each}}{{/each}}',
    stage: 'render',
    codes: ['TEMPLATE_TIMEOUT'],
  },
  'a page range past the end': {
    html: '<p>one page',
    options: { page_ranges: '7' },
    stage: 'print',
    codes: ['PAGE_RANGE_INVALID'],
  },
  'an endless script': {
    html: '<script>for (;;);</script>',
    options: { scripts: true },
    stage: 'print',
    codes: ['SCRIPT_TIMEOUT'],
  },
  'three million nodes': {
    html: '{{#each (range 3000)}}{{#each (range 1000)}}<i></i>{{/each}}{{/each}}',
    stage: 'either',
    codes: [...TOO_MUCH, 'TEMPLATE_TIMEOUT'],
  },
  'a billion laughs in SVG': { html: billionLaughs(), stage: 'print', codes: TOO_MUCH },
  'a script that eats memory': {
    html: '<script>const hold = []; for (;;) hold.push(new Uint8Array(1e6).fill(7));</script>',
    options: { scripts: true },
    stage: 'print',
    codes: [...TOO_MUCH, 'SCRIPT_TIMEOUT'],
  },
};

/** Bad, and a document all the same: what could not be shown is a warning of the job. */
const PRINTED: Readonly<Record<string, { html: string; more?: object; options?: object; warning: string }>> =
  {
    'a picture of 100,000 by 100,000 pixels': {
      html: '<p>x<img src="huge.png" width="100">',
      more: { assets: { 'huge.png': Buffer.from(pngAsset(100_000, 100_000, 8).bytes).toString('base64') } },
      warning: 'IMAGE_FAILED',
    },
    'a broken picture': {
      html: '<img src="a.png">',
      more: { assets: { 'a.png': base64('neither') } },
      warning: 'IMAGE_FAILED',
    },
    'a broken font': {
      html: '<style>@font-face{font-family:F;src:url(f.ttf)}p{font-family:F,Arial}</style><p>x',
      more: { assets: { 'f.ttf': base64('neither') } },
      warning: 'FONT_FAILED',
    },
    dialogs: {
      html: '<script>alert(1); confirm(2); prompt(3);</script><p>x',
      options: { scripts: true },
      warning: 'DIALOG_DISMISSED',
    },
  };

let data: Awaited<ReturnType<typeof temporaryFolder>>;
let host: Host;
let headers: Record<string, string>;
let before: { readonly processes: number; readonly bytes: number };

beforeAll(async () => {
  data = await temporaryFolder();
  const added = await influxion(['client', 'add', 'bad input', '--json'], data.path);
  host = await Host.start(data.path);
  const reply = await fetch(`${host.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: added.stdout,
  });
  const { access_token } = (await reply.json()) as { access_token: string };
  headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  // As large as work makes it: both browsers, both pages, a renderer that has printed.
  await Promise.all(Array.from({ length: 60 }, () => run({ html_template: { content: '<p>fine' } })));
  await idle();
  before = { processes: descendants(host.pid).length, bytes: treeBytes() };
}, 120_000);

afterAll(async () => {
  expect(await host.stop()).toBe(0);
  await data.remove();
});

async function run(request: object): Promise<Job> {
  const accepted = await fetch(`${host.url}/pdf/generate`, {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
  });
  const { job_id } = (await accepted.json()) as { job_id: number };
  for (;;) {
    const reply = await fetch(`${host.url}/pdf/${job_id}`, { headers: { ...headers, prefer: 'wait=30' } });
    const job = (await reply.json()) as Job;
    if (job.status === 'Done' || job.status === 'Error') return job;
  }
}

/** The bad one, with a good one beside it that must not notice. */
async function runBeside(html: string, more: object = {}, options: object = {}): Promise<Job> {
  const [bad, good] = await Promise.all([
    run({ html_template: { content: html }, ...more, options: { timeout_ms: TIMEOUT_MS, ...options } }),
    run({ html_template: { content: '<p>fine' } }),
  ]);
  expect(good).toMatchObject({ status: 'Done', pages: 1, error: null });
  return bad;
}

it.each(Object.entries(FAILS))(
  '%s is an error with its stage and cause',
  async (_what, bad) => {
    const job = await runBeside(bad.html, bad.more, bad.options);
    expect(job.status).toBe('Error');
    expect(job.error).toMatch(/\w{3}.*\.$/s);
    expect(job.error_detail?.stage).toBeOneOf(bad.stage === 'either' ? ['render', 'print'] : [bad.stage]);
    expect(job.error_detail?.code).toBeOneOf([...bad.codes]);
  },
  120_000,
);

it.each(Object.entries(PRINTED))(
  '%s is a warning on a document',
  async (_what, bad) => {
    const job = await runBeside(bad.html, bad.more, bad.options);
    expect(job).toMatchObject({ status: 'Done', error: null });
    expect(job.warnings.map(({ code }) => code)).toContain(bad.warning);
  },
  120_000,
);

it('gives processes and memory back after all of that', async () => {
  await idle();
  // Workers without work are let go after a minute, and what they held is given back after that.
  const settled = { interval: 500, timeout: 150_000 };
  await expect.poll(() => descendants(host.pid).length, settled).toBeLessThanOrEqual(before.processes);
  await expect.poll(treeBytes, settled).toBeLessThan(before.bytes * 1.5);
}, 320_000);

/** Until the one browser is left that an idle host keeps. */
async function idle(): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    if (/^influxion_engine_processes 1$/m.test(metrics)) return;
    await sleep(200);
  }
}

/** Bytes of memory of the host and all below it, without files that can be read again. */
function treeBytes(): number {
  return [host.pid, ...descendants(host.pid)].reduce((sum, pid) => sum + ownBytes(pid), 0);
}

function ownBytes(pid: number): number {
  try {
    const kilobytes = /^Pss_Anon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0; // it ended meanwhile
  }
}
