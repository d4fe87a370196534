/** The files of an open template between the editor, the host and other windows. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenedTemplate, TemplateFile } from '../../contract/studio/templates.ts';
import type { RouteName } from '../../contract/studio/table.ts';
import { createDrafts, type Drafts } from '../../renderer/features/templates/files/drafts.ts';
import {
  openTemplateFiles,
  type TemplateFiles,
} from '../../renderer/features/templates/files/template-files.ts';
import { HostFailure, type StudioHost } from '../../renderer/host/studio-host.ts';

const file = (path: string, text: string, revision: string): TemplateFile => ({
  path,
  kind: 'html',
  size: text.length,
  revision,
  text,
});

const opened = (...files: TemplateFile[]): OpenedTemplate => ({
  summary: {
    id: 'a',
    name: 'A',
    description: '',
    samples: [],
    updated_at: '2026-01-01T00:00:00Z',
    problem: null,
  },
  files,
});

const conflict = (): HostFailure =>
  new HostFailure('changed', {
    code: 'TEMPLATE_CONFLICT',
    message: 'changed',
    hint: null,
    errors: [],
    detail: null,
  });

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

describe('the files of a template', () => {
  let disk: Map<string, { text: string; revision: string }>;
  let drafts: Drafts;
  let shown: Record<string, string>;
  let gone: string[];
  let recovered: string[];
  let files: TemplateFiles;

  const now = (): OpenedTemplate =>
    opened(...[...disk].map(([path, { text, revision }]) => file(path, text, revision)));
  const host: StudioHost = {
    capabilities: { kind: 'browser', platform: 'Linux', nativeMenus: false },
    subscribe: () => () => undefined,
    request: (name: RouteName, input: unknown) => {
      if (name === 'templates.open') return Promise.resolve(now()) as never;
      const { path, text, base } = input as { path: string; text: string; base: string | null };
      if ((disk.get(path)?.revision ?? null) !== base) return Promise.reject(conflict());
      const revision = String(Number(base ?? 0) + 1);
      disk.set(path, { text, revision });
      return Promise.resolve({ revision }) as never;
    },
  };
  const start = (): void => {
    files = openTemplateFiles(host, now(), drafts, {
      onText: (path, text) => (shown[path] = text),
      onState: () => undefined,
      onRecovered: (path) => recovered.push(path),
      onGone: (path) => gone.push(path),
    });
    files.recover();
  };

  beforeEach(() => {
    vi.useFakeTimers();
    disk = new Map([['template.html', { text: 'one', revision: '1' }]]);
    drafts = createDrafts(memory());
    shown = {};
    gone = [];
    recovered = [];
    start();
  });
  afterEach(() => {
    files.dispose();
    vi.useRealTimers();
  });

  it('never goes back to what was read before an edit was saved', async () => {
    const before = files.versions();
    const read = now();
    files.edit('template.html', 'two');
    await files.flush();
    // The answer was on its way while the edit was saved.
    expect(files.adopt(read, before)).toBe(false);
    expect(files.savers.get('template.html')?.text).toBe('two');
    expect(shown).toEqual({});
    expect(files.adopt(now(), files.versions())).toBe(true);
  });

  it('keeps a file that was made while an older list was on its way', async () => {
    const before = files.versions();
    const read = now();
    files.edit('partials/new.hbs', 'x');
    await files.flush();
    files.adopt(read, before);
    expect(gone).toEqual([]);
  });

  it('takes new, changed and deleted files from outside', () => {
    disk.set('style.css', { text: 'p {}', revision: '1' });
    disk.set('template.html', { text: 'outside', revision: '7' });
    files.adopt(now(), files.versions());
    expect(shown).toEqual({ 'style.css': 'p {}', 'template.html': 'outside' });
    disk.delete('style.css');
    files.adopt(now(), files.versions());
    expect(gone).toEqual(['style.css']);
  });

  it('keeps a deleted file with unsaved edits', () => {
    files.edit('template.html', 'two');
    disk.clear();
    files.adopt(now(), files.versions());
    expect(gone).toEqual([]);
    expect(files.savers.get('template.html')?.text).toBe('two');
  });

  it('brings back a draft and saves it', async () => {
    drafts.keep('a', { path: 'template.html', text: 'draft', base: '1' });
    start();
    expect(recovered).toEqual(['template.html']);
    expect(shown['template.html']).toBe('draft');
    await files.flush();
    expect(disk.get('template.html')?.text).toBe('draft');
    expect(drafts.of('a')).toEqual([]);
  });

  it('asks when the file of a draft was changed since, and drops a draft that was saved', async () => {
    drafts.keep('a', { path: 'template.html', text: 'draft', base: '0' });
    start();
    await files.flush();
    expect(disk.get('template.html')?.text).toBe('one');
    expect(files.savers.get('template.html')?.state.kind).toBe('conflict');
    drafts.keep('a', { path: 'template.html', text: 'one', base: '0' });
    start();
    expect(drafts.of('a')).toEqual([]);
  });
});
