/** The files of the template that is open: their texts as edited, their saving, and what the disk says. */
import type { OpenedTemplate, TemplateFile } from '../../../../contract/studio/templates.ts';
import { HostFailure, type StudioHost } from '../../../host/studio-host.ts';
import type { Drafts } from './drafts.ts';
import { createFileSaver, type DiskText, type FileSaver, type SaveState } from './file-saver.ts';

export interface FilesListener {
  onText: (path: string, text: string) => void;
  onState: (path: string, state: SaveState) => void;
  /** Unsaved text of an earlier session was found. */
  onRecovered: (path: string) => void;
  /** A file is not there any more and nothing of it is unsaved. */
  onGone: (path: string) => void;
}

export type FileVersions = ReadonlyMap<string, number>;

export interface TemplateFiles {
  readonly id: string;
  readonly savers: ReadonlyMap<string, FileSaver>;
  /** A new file, or a new text of one. */
  edit: (path: string, text: string) => void;
  /** Brings back the drafts of an earlier session; once, when the listener is ready for them. */
  recover: () => void;
  flush: () => Promise<void>;
  /** To be taken before the disk is read. */
  versions: () => FileVersions;
  /** What the disk said after `before` was taken. False when some of it was overtaken by edits and has to be read again. */
  adopt: (opened: OpenedTemplate, before: FileVersions) => boolean;
  forget: (path: string) => void;
  readonly hasUnsaved: boolean;
  dispose: () => void;
}

const isConflict = (error: Error): boolean =>
  error instanceof HostFailure && error.code === 'TEMPLATE_CONFLICT';

export function openTemplateFiles(
  host: StudioHost,
  opened: OpenedTemplate,
  drafts: Drafts,
  listener: FilesListener,
): TemplateFiles {
  const { id } = opened.summary;
  const savers = new Map<string, FileSaver>();

  const readDisk = async (path: string): Promise<DiskText | null> => {
    const { files } = await host.request('templates.open', { id });
    const file = files.find((each) => each.path === path);
    return file?.text == null ? null : { text: file.text, revision: file.revision };
  };

  const add = (path: string, start: { text: string; revision: string | null }): FileSaver => {
    const saver = createFileSaver(start, {
      write: async (text, base) => (await host.request('templates.write', { id, path, text, base })).revision,
      readDisk: () => readDisk(path),
      isConflict,
      onState: (state) => listener.onState(path, state),
      onText: (text) => listener.onText(path, text),
      draft: {
        keep: (text, base) => drafts.keep(id, { path, text, base }),
        drop: () => drafts.drop(id, path),
      },
    });
    savers.set(path, saver);
    return saver;
  };

  const addFromDisk = ({ path, text, revision }: TemplateFile): void => {
    if (text !== null) add(path, { text, revision });
  };

  const recover = (): void => {
    for (const { path, text, base } of drafts.of(id)) {
      const saver = savers.get(path);
      if (saver?.text === text) {
        drafts.drop(id, path);
        continue;
      }
      const disk = opened.files.find((file) => file.path === path);
      saver?.dispose();
      // With the old base a file that was changed since is found out as a conflict when it is saved.
      const recovered = add(path, { text: disk?.text ?? '', revision: base });
      recovered.edit(text);
      listener.onText(path, text);
      listener.onRecovered(path);
    }
  };

  const isUnsaved = ({ state }: FileSaver): boolean => state.kind !== 'saved';

  for (const file of opened.files) addFromDisk(file);
  return {
    id,
    savers,
    get hasUnsaved() {
      return [...savers.values()].some(isUnsaved);
    },
    edit(path, text) {
      (savers.get(path) ?? add(path, { text: '', revision: null })).edit(text);
    },
    recover,
    async flush() {
      await Promise.all([...savers.values()].map((saver) => saver.flush()));
    },
    versions: () => new Map([...savers].map(([path, { version }]) => [path, version])),
    adopt(now, before) {
      let isWhole = true;
      const isOld = (path: string, saver: FileSaver): boolean => {
        const old = before.get(path) !== saver.version;
        if (old) isWhole = false;
        return old;
      };
      const present = new Set<string>();
      for (const file of now.files) {
        present.add(file.path);
        const saver = savers.get(file.path);
        if (saver === undefined) {
          addFromDisk(file);
          if (file.text !== null) listener.onText(file.path, file.text);
        } else if (file.text !== null && !isOld(file.path, saver)) {
          saver.adopt({ text: file.text, revision: file.revision });
        }
      }
      for (const [path, saver] of savers) {
        if (present.has(path) || isUnsaved(saver) || isOld(path, saver)) continue;
        saver.dispose();
        savers.delete(path);
        listener.onGone(path);
      }
      return isWhole;
    },
    forget(path) {
      savers.get(path)?.dispose();
      savers.delete(path);
      drafts.drop(id, path);
    },
    dispose() {
      for (const saver of savers.values()) saver.dispose();
    },
  };
}
