/** Which previews are asked for and which answers count, on a host that answers when the test says so. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PreviewOutput } from '../../contract/studio/preview.ts';
import type { StudioFailure } from '../../contract/studio/route.ts';
import { createPreviewRequests, type Wanted } from '../../renderer/features/preview/preview-requests.ts';
import { HostFailure, type StudioHost } from '../../renderer/host/studio-host.ts';

interface Call {
  readonly name: string;
  readonly data: string;
  readonly signal: AbortSignal | undefined;
  resolve(): void;
  reject(error: Error): void;
}

const output = {} as PreviewOutput;
const wanted = (data: string, template_id = 'invoice'): Wanted => ({ template_id, edits: {}, data });
/** Lets every promise that is settled be handled. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function openRequests({ isCrowded = false } = {}) {
  const calls: Call[] = [];
  const heard: string[] = [];
  const host = {
    request: (name: string, input: { data?: string }, signal?: AbortSignal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        calls.push({ name, data: input.data ?? '', signal, resolve: () => resolve(output), reject });
      }),
  } as unknown as StudioHost;
  const requests = createPreviewRequests(host, 'one', () => isCrowded, {
    onOutput: (_output, edit, { data }) => heard.push(`shows ${edit} ${data}`),
    onFailure: ({ message }) => heard.push(`fails ${message}`),
    onBusy: (busy) => heard.push(busy ? 'busy' : 'rests'),
  });
  return { calls, heard, requests };
}

describe('requests for previews', () => {
  it('asks at once, then only for the newest edit that waited (a queue of stale prints)', async () => {
    const { calls, heard, requests } = openRequests();
    for (const data of ['a', 'b', 'c', 'd']) requests.submit(wanted(data));
    expect(calls.map(({ data }) => data)).toEqual(['a']);
    calls[0]?.resolve();
    await settle();
    expect(calls.map(({ data }) => data)).toEqual(['a', 'd']);
    calls[1]?.resolve();
    await settle();
    expect(heard).toEqual(['busy', 'shows 1 a', 'shows 4 d', 'rests']);
  });

  it('says nothing of a failure that a waiting edit may have mended, but of the last one', async () => {
    const { calls, heard, requests } = openRequests();
    requests.submit(wanted('{{#if'));
    requests.submit(wanted('{{#if x}}'));
    calls[0]?.reject(new HostFailure('half typed'));
    await settle();
    calls[1]?.reject(new HostFailure('not closed'));
    await settle();
    expect(heard).toEqual(['busy', 'fails not closed', 'rests']);
  });

  it('takes a superseded answer for no failure', async () => {
    const { calls, heard, requests } = openRequests();
    requests.submit(wanted('a'));
    const failure: StudioFailure = {
      code: 'PREVIEW_SUPERSEDED',
      message: '',
      hint: null,
      errors: [],
      detail: null,
    };
    calls[0]?.reject(new HostFailure('A newer edit is being shown', failure));
    await settle();
    expect(heard).toEqual(['busy', 'rests']);
  });

  it('gives up the print of a template that was left', async () => {
    const { calls, heard, requests } = openRequests();
    requests.submit(wanted('a', 'invoice'));
    requests.submit(wanted('b', 'letter'));
    await settle();
    expect(calls[0]?.signal?.aborted).toBe(true);
    calls[1]?.resolve();
    await settle();
    expect(heard).toEqual(['busy', 'shows 2 b', 'rests']);
  });

  it('frees the session when it is closed and shows nothing more', async () => {
    const { calls, heard, requests } = openRequests();
    requests.submit(wanted('a'));
    requests.submit(wanted('b'));
    requests.close();
    await settle();
    expect(calls.map(({ name }) => name)).toEqual(['preview.render', 'preview.close']);
    expect(heard).toEqual(['busy']);
  });
});

describe('requests for previews while jobs have all cores', () => {
  afterEach(() => vi.useRealTimers());

  it('print a template at once when it is opened, and edits once they rest (a preview of every key held up the next key)', async () => {
    vi.useFakeTimers();
    const { calls, heard, requests } = openRequests({ isCrowded: true });
    requests.submit(wanted('a'));
    expect(calls.map(({ data }) => data)).toEqual(['a']);
    calls[0]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    for (const data of ['b', 'c']) {
      requests.submit(wanted(data));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(calls.map(({ data }) => data)).toEqual(['a', 'c']);
    calls[1]?.resolve();
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toEqual(['busy', 'shows 1 a', 'rests', 'busy', 'shows 3 c', 'rests']);
    requests.submit(wanted('d', 'letter'));
    expect(calls.at(-1)?.data).toBe('d');
  });

  it('show who types on without a rest something all the same', async () => {
    vi.useFakeTimers();
    const { calls, requests } = openRequests({ isCrowded: true });
    requests.submit(wanted('first'));
    calls[0]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    for (let key = 1; key <= 9; key += 1) {
      requests.submit(wanted(`key ${key}`));
      await vi.advanceTimersByTimeAsync(80);
    }
    expect(calls.map(({ data }) => data)).toEqual(['first', 'key 7']);
  });

  it('do nothing more when they are closed before edits rest', async () => {
    vi.useFakeTimers();
    const { calls, requests } = openRequests({ isCrowded: true });
    requests.submit(wanted('a'));
    calls[0]?.resolve();
    await vi.advanceTimersByTimeAsync(0);
    requests.submit(wanted('b'));
    requests.close();
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.map(({ name }) => name)).toEqual(['preview.render', 'preview.close']);
  });
});
