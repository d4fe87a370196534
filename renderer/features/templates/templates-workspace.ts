/** The templates screen without its looks: everything that can be done there. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { JobWarning } from '../../../contract/job.ts';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import type { PreviewConformance } from '../../../contract/studio/preview.ts';
import type { StudioFailure } from '../../../contract/studio/route.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { HostFailure } from '../../host/studio-host.ts';
import { toast } from '../../ui/toast.tsx';
import { createDrafts, type Drafts } from './files/drafts.ts';
import { openTemplateFiles, type TemplateFiles } from './files/template-files.ts';
import { HTML_PATH, sampleName, samplePath, type View } from './files/views.ts';
import type { ListedProblem } from './problem-list.ts';
import {
  EMPTY_TEMPLATE,
  sampleNames,
  START,
  type EditorPlace,
  type OpenDialog,
  type TemplatesState,
} from './templates-state.ts';

export interface TemplatesWorkspace {
  readonly host: StudioHost;
  readonly store: StoreApi<TemplatesState>;
  refreshList: () => Promise<void>;
  /** Saves what is open, then shows another template. */
  openTemplate: (id: string) => Promise<void>;
  /** Shows none. */
  closeTemplate: () => void;
  show: (view: View) => void;
  chooseSample: (name: string) => void;
  edit: (path: string, text: string) => void;
  /** Saves everything now; resolves when it was tried. */
  saveNow: () => Promise<void>;
  keepMine: (path: string) => Promise<void>;
  takeTheirs: (path: string) => void;
  goTo: (place: EditorPlace) => void;
  /** An editor has gone to the place, which is not to be gone to again when its file is next looked at. */
  revealed: () => void;
  setCursor: (cursor: EditorPlace) => void;
  setFound: (found: readonly ListedProblem[]) => void;
  setFailure: (failure: StudioFailure | undefined) => void;
  setWarnings: (warnings: readonly JobWarning[]) => void;
  setConformance: (conformance: readonly PreviewConformance[]) => void;
  ask: (dialog: OpenDialog | null) => void;
  /** Reads the template that is open again. */
  reread: () => Promise<void>;
  /** Drops what is held of a file that was deleted or moved on purpose. */
  forgetFile: (path: string) => void;
}

const LAST_TEMPLATE = 'influxion.template';
const LAST_SAMPLE = 'influxion.sample/';
/** Several files change together when a template is copied or checked out. */
const REREAD_AFTER_MS = 120;

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** `storage` keeps drafts and what was open last. */
export function createTemplatesWorkspace(host: StudioHost, storage: Storage): TemplatesWorkspace {
  const store = createStore<TemplatesState>(() => START);
  const drafts: Drafts = createDrafts(storage);
  let files: TemplateFiles | undefined;
  let opened = 0;
  let rereadTimer: ReturnType<typeof setTimeout> | undefined;

  const set = (changes: Partial<TemplatesState>): void => store.setState(changes);

  const setText = (path: string, text: string): void => {
    store.setState(({ texts, edits }) => ({
      texts: { ...texts, [path]: text },
      edits: { ...edits, [path]: text },
    }));
  };

  const listener = (isCurrent: () => boolean) => ({
    onText: (path: string, text: string) => isCurrent() && setText(path, text),
    onState: (path: string, state: TemplatesState['saves'][string]) => {
      if (!isCurrent()) return;
      store.setState((now) => {
        const { saves, savedAt } = now;
        // Else every key would be news.
        if (state.kind === 'edited' && saves[path]?.kind === 'edited') return now;
        const others = Object.fromEntries(Object.entries(saves).filter(([key]) => key !== path));
        return state.kind === 'saved'
          ? { saves: others, savedAt: Date.now() }
          : { saves: { ...others, [path]: state }, savedAt };
      });
    },
    onRecovered: (path: string) =>
      toast({
        title: `Unsaved edits of ${path} were brought back`,
        detail: 'They were kept when the studio ended before it could save them.',
        id: `recovered ${path}`,
      }),
    onGone: (path: string) => isCurrent() && dropText(path),
  });

  const dropText = (path: string): void => {
    store.setState(({ texts, edits, saves, view, lastFile }) => {
      const without = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
        Object.fromEntries(Object.entries(record).filter(([key]) => key !== path));
      const isShown = view.kind === 'file' && view.path === path;
      return {
        texts: without(texts),
        edits: without(edits),
        saves: without(saves),
        ...(isShown && { view: { kind: 'file', path: HTML_PATH } as const }),
        ...(lastFile === path && { lastFile: HTML_PATH }),
      };
    });
  };

  const readLargeSample = async (): Promise<void> => {
    const { templateId, sample, files: known, largeSamples } = store.getState();
    if (templateId === null || sample === null) return;
    const path = samplePath(sample);
    const file = known.find((each) => each.path === path);
    if (file?.text !== null || largeSamples[path] !== undefined) return;
    try {
      const { bytes } = await host.request('templates.read_file', { id: templateId, path });
      if (store.getState().templateId !== templateId) return;
      const text = new TextDecoder().decode(bytes);
      store.setState((state) => ({ largeSamples: { ...state.largeSamples, [path]: text } }));
    } catch (error) {
      toast({ title: `${path} could not be read`, detail: asError(error).message, tone: 'bad' });
    }
  };

  const rememberedSample = (id: string, names: readonly string[]): string | null => {
    const kept = storage.getItem(LAST_SAMPLE + id);
    return kept !== null && names.includes(kept) ? kept : (names[0] ?? null);
  };

  const refreshList = async (): Promise<void> => {
    try {
      const { templates } = await host.request('templates.list', {});
      set({ list: templates, listFailure: undefined });
      const { templateId, isOpening } = store.getState();
      if (templateId !== null || isOpening) return;
      const kept = storage.getItem(LAST_TEMPLATE);
      const first = templates.find(({ id }) => id === kept) ?? templates[0];
      if (first !== undefined) await openTemplate(first.id);
    } catch (error) {
      set({ listFailure: asError(error) });
    }
  };

  const openTemplate = async (id: string): Promise<void> => {
    const { templateId, openFailure } = store.getState();
    if (id === templateId && openFailure === undefined) return;
    const turn = ++opened;
    // Its savers go on by themselves when this one cannot be saved yet: drafts hold what they hold.
    const before = files;
    await before?.flush();
    if (turn !== opened) return;
    set({ isOpening: true });
    try {
      const answer = await host.request('templates.open', { id });
      if (turn !== opened) return;
      before?.dispose();
      const current = openTemplateFiles(
        host,
        answer,
        drafts,
        listener(() => files === current),
      );
      files = current;
      const texts = Object.fromEntries([...current.savers].map(([path, saver]) => [path, saver.text]));
      const names = sampleNames({ files: answer.files, texts });
      set({
        ...EMPTY_TEMPLATE,
        templateId: id,
        files: answer.files,
        texts,
        sample: rememberedSample(id, names),
      });
      current.recover();
      storage.setItem(LAST_TEMPLATE, id);
      await readLargeSample();
    } catch (error) {
      if (turn !== opened) return;
      before?.dispose();
      files = undefined;
      set({ ...EMPTY_TEMPLATE, templateId: id, openFailure: asError(error) });
    }
  };

  const rereadSoon = (): void => {
    clearTimeout(rereadTimer);
    rereadTimer = setTimeout(() => void reread(), REREAD_AFTER_MS);
  };

  const reread = async (): Promise<void> => {
    const current = files;
    if (current === undefined) return;
    const before = current.versions();
    try {
      const answer = await host.request('templates.open', { id: current.id });
      if (files !== current) return;
      set({ files: answer.files, openFailure: undefined });
      if (!current.adopt(answer, before)) rereadSoon();
      const { sample, texts } = store.getState();
      const names = sampleNames({ files: answer.files, texts });
      if (sample === null || !names.includes(sample)) set({ sample: rememberedSample(current.id, names) });
    } catch (error) {
      // What is open stays open: its folder may come back, and nothing typed is to be lost.
      if (files === current) set({ openFailure: asError(error) });
    }
  };

  const onEvent = (event: StudioEvent): void => {
    if (event.type === 'resync') {
      void refreshList();
      void files?.flush();
    }
    if (event.type !== 'templates.changed' && event.type !== 'resync') return;
    if (event.type === 'templates.changed' && event.id === null) void refreshList();
    const id = event.type === 'templates.changed' ? event.id : null;
    if (id !== null && id !== files?.id) return;
    rereadSoon();
  };

  host.subscribe(onEvent);
  void refreshList();
  host.request('templates.helpers', {}).then(
    ({ helpers }) => set({ helpers }),
    (error: unknown) => set({ listFailure: asError(error) }),
  );

  return {
    host,
    store,
    refreshList,
    openTemplate,
    reread,
    closeTemplate() {
      opened++;
      files?.dispose();
      files = undefined;
      set({ ...EMPTY_TEMPLATE, templateId: null });
    },
    show(view) {
      set({ view, ...(view.kind === 'file' && { lastFile: view.path }) });
    },
    chooseSample(name) {
      const { templateId } = store.getState();
      if (templateId !== null) storage.setItem(LAST_SAMPLE + templateId, name);
      set({ sample: name });
      void readLargeSample();
    },
    edit(path, text) {
      if (files === undefined || store.getState().texts[path] === text) return;
      setText(path, text);
      files.edit(path, text);
    },
    saveNow: () => files?.flush() ?? Promise.resolve(),
    keepMine: (path) => files?.savers.get(path)?.keepMine() ?? Promise.resolve(),
    takeTheirs: (path) => files?.savers.get(path)?.takeTheirs(),
    goTo(place) {
      const sample = sampleName(place.path);
      if (sample === undefined) set({ view: { kind: 'file', path: place.path }, lastFile: place.path });
      else set({ view: { kind: 'data' }, sample });
      set({ reveal: { ...place } });
    },
    revealed: () => set({ reveal: null }),
    setCursor: (cursor) => set({ cursor }),
    setFound: (found) => set({ found }),
    setFailure: (failure) => set({ failure }),
    setWarnings: (warnings) => set({ warnings }),
    setConformance: (conformance) => set({ conformance }),
    ask: (dialog) => set({ dialog }),
    forgetFile(path) {
      files?.forget(path);
      dropText(path);
    },
  };
}

const workspaces = new WeakMap<StudioHost, TemplatesWorkspace>();

/** The one of this page: edits and undo live as long as the page, whatever screen is shown. */
export function templatesWorkspace(host: StudioHost): TemplatesWorkspace {
  let workspace = workspaces.get(host);
  if (workspace === undefined) {
    workspace = createTemplatesWorkspace(host, localStorage);
    workspaces.set(host, workspace);
    const save = (): void => void workspace?.saveNow();
    addEventListener('blur', save);
    addEventListener('pagehide', save);
    document.addEventListener('visibilitychange', save);
  }
  return workspace;
}

/** In words, for a person. */
export const messageOf = (error: unknown): string => {
  const failure = error instanceof HostFailure ? error.failure : undefined;
  const { message } = asError(error);
  return failure?.hint == null ? message : `${message} ${failure.hint}`;
};
