/** Acts on templates and their files that are no typing: each tells by a toast what it did and how to take it back. */
import { saveFile } from '../../ui/save-file.ts';
import { toast } from '../../ui/toast.tsx';
import {
  CSS_PATH,
  freeName,
  HTML_PATH,
  isFontName,
  isImageName,
  safeFileName,
  samplePath,
} from './files/views.ts';
import { dataOf, sampleNames } from './templates-state.ts';
import { messageOf, type TemplatesWorkspace } from './templates-workspace.ts';

/** Runs it; a refusal becomes a toast with `title` and the reason. Returns whether it went well. */
export async function attempt(title: string, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    toast({ title, detail: messageOf(error), tone: 'bad' });
    return false;
  }
}

const listed = async (workspace: TemplatesWorkspace, id: string): Promise<void> => {
  await workspace.refreshList();
  await workspace.openTemplate(id);
};

/** These three throw a HostFailure when the name is taken or cannot be used: the dialog shows it. */
export async function createTemplate(workspace: TemplatesWorkspace, name: string): Promise<void> {
  await listed(workspace, (await workspace.host.request('templates.create', { name })).id);
}

export async function duplicateTemplate(
  workspace: TemplatesWorkspace,
  id: string,
  name: string,
): Promise<void> {
  await workspace.saveNow();
  await listed(workspace, (await workspace.host.request('templates.duplicate', { id, name })).id);
}

export async function renameTemplate(workspace: TemplatesWorkspace, id: string, name: string): Promise<void> {
  await workspace.saveNow();
  await listed(workspace, (await workspace.host.request('templates.rename', { id, name })).id);
}

export async function removeTemplate(workspace: TemplatesWorkspace, id: string, name: string): Promise<void> {
  const { host } = workspace;
  await workspace.saveNow();
  const { bin_id } = await host.request('templates.remove', { id });
  if (workspace.store.getState().templateId === id) workspace.closeTemplate();
  // With none open the list opens its first.
  await workspace.refreshList();
  toast({
    title: `“${name}” was deleted`,
    action: {
      label: 'Undo',
      run: () =>
        void attempt(`“${name}” could not be brought back`, async () => {
          await listed(workspace, (await host.request('templates.restore', { bin_id })).id);
        }),
    },
  });
}

export const exportTemplate = (workspace: TemplatesWorkspace, id: string): Promise<boolean> =>
  attempt('The template could not be exported', async () => {
    await workspace.saveNow();
    const { filename, bytes } = await workspace.host.request('templates.export', { id });
    saveFile(filename, bytes, 'application/zip');
  });

/** What was dropped or chosen: zips become templates, HTML a new template, images and fonts files of the one that is open. */
export async function takeInFiles(workspace: TemplatesWorkspace, dropped: readonly File[]): Promise<void> {
  for (const file of dropped) {
    await attempt(`${file.name} was not taken in`, async () => {
      if (/\.zip$/i.test(file.name)) await importZip(workspace, file);
      else if (/\.(?:html?|hbs|handlebars)$/i.test(file.name)) await importHtml(workspace, file);
      else if (/\.json$/i.test(file.name)) await addSample(workspace, baseName(file.name), await file.text());
      else if (isFontName(file.name) || isImageName(file.name)) await addAsset(workspace, file);
      else throw new Error('Drop a .zip or .html template, a .json sample, an image or a font.');
    });
  }
}

const baseName = (name: string): string => name.replace(/\.[^.]+$/, '');
const bytesOf = async (file: File): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await file.arrayBuffer());

async function importZip(workspace: TemplatesWorkspace, file: File): Promise<void> {
  const { id } = await workspace.host.request('templates.import', { bytes: await bytesOf(file) });
  await listed(workspace, id);
  toast({ title: `${file.name} was imported`, tone: 'ok' });
}

async function importHtml(workspace: TemplatesWorkspace, file: File): Promise<void> {
  const text = await file.text();
  await createTemplate(workspace, baseName(file.name));
  workspace.edit(HTML_PATH, text);
  // The style sheet of an empty template would change how the page was meant to look.
  if (workspace.store.getState().texts[CSS_PATH] !== undefined) workspace.edit(CSS_PATH, '');
  await workspace.saveNow();
}

async function addAsset(workspace: TemplatesWorkspace, file: File): Promise<void> {
  const { templateId } = workspace.store.getState();
  if (templateId === null) throw new Error('Open a template first.');
  const path = `${isFontName(file.name) ? 'fonts' : 'assets'}/${safeFileName(file.name)}`;
  await workspace.host.request('templates.put_file', { id: templateId, path, bytes: await bytesOf(file) });
  await workspace.reread();
  workspace.show({ kind: 'assets' });
}

/** A new sample that is shown at once. Its name gets a number when it is taken. */
export async function addSample(workspace: TemplatesWorkspace, name: string, text: string): Promise<void> {
  const { templateId } = workspace.store.getState();
  if (templateId === null) throw new Error('Open a template first.');
  const taken = new Set(sampleNames(workspace.store.getState()));
  const free = freeName(safeFileName(name).toLowerCase(), taken);
  workspace.edit(samplePath(free), text);
  workspace.chooseSample(free);
  workspace.show({ kind: 'data' });
  await workspace.saveNow();
}

/** Deletes a file; the toast brings it back. */
export const removeFile = (workspace: TemplatesWorkspace, path: string): Promise<boolean> =>
  attempt(`${path} could not be deleted`, async () => {
    const { host, store } = workspace;
    const id = store.getState().templateId;
    if (id === null) return;
    await workspace.saveNow();
    const { bytes } = await host.request('templates.read_file', { id, path });
    const text = store.getState().texts[path];
    await host.request('templates.remove_file', { id, path });
    workspace.forgetFile(path);
    await workspace.reread();
    const restore = async (): Promise<void> => {
      if (text === undefined) await host.request('templates.put_file', { id, path, bytes });
      else await host.request('templates.write', { id, path, text, base: null });
      if (store.getState().templateId === id) await workspace.reread();
    };
    toast({
      title: `${path} was deleted`,
      action: { label: 'Undo', run: () => void attempt(`${path} could not be brought back`, restore) },
    });
  });

/** Throws a HostFailure when the name is taken or cannot be used. */
export async function renameFile(workspace: TemplatesWorkspace, path: string, to: string): Promise<void> {
  const { host, store } = workspace;
  const id = store.getState().templateId;
  if (id === null || path === to) return;
  await workspace.saveNow();
  await host.request('templates.rename_file', { id, path, to });
  const { view, sample } = store.getState();
  workspace.forgetFile(path);
  await workspace.reread();
  if (view.kind === 'file' && view.path === path) workspace.show({ kind: 'file', path: to });
  if (sample !== null && samplePath(sample) === path)
    workspace.chooseSample(to.slice('samples/'.length, -'.json'.length));
}

/** Sends a job with what is on the screen, saved first. */
export const generate = (workspace: TemplatesWorkspace, openJob: (id: number) => void): Promise<boolean> =>
  attempt('No document was made', async () => {
    await workspace.saveNow();
    const state = workspace.store.getState();
    if (state.templateId === null) throw new Error('Open a template first.');
    let data: unknown;
    try {
      data = JSON.parse(dataOf(state));
    } catch {
      throw new Error('The sample is not valid JSON. Mend it under Data first.');
    }
    const request = { html_template: { id: state.templateId }, data };
    const { id } = await workspace.host.request('jobs.submit', { request });
    toast({
      title: `Job ${id} was sent`,
      id: `job ${id}`,
      action: { label: 'Open', run: () => openJob(id) },
    });
    const stop = workspace.host.subscribe((event) => {
      const job = event.type === 'jobs.changed' ? event.jobs.find((each) => each.id === id) : undefined;
      if (job === undefined) return;
      const { status, error, pages } = job;
      if (status !== 'Done' && status !== 'Error') return;
      stop();
      const action = { label: 'Open', run: () => openJob(id) };
      if (status === 'Done') {
        const detail = pages === null ? undefined : pages === 1 ? '1 page' : `${pages} pages`;
        toast({
          title: `Job ${id} is done`,
          tone: 'ok',
          id: `job ${id}`,
          action,
          ...(detail !== undefined && { detail }),
        });
      } else toast({ title: `Job ${id} failed`, detail: error ?? '', tone: 'bad', id: `job ${id}`, action });
    });
  });
