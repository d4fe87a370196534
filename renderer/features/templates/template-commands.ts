/** The commands of the templates screen. They work on the screen that is shown. */
import type { Command } from '../../ui/command-registry.ts';
import { SEARCH_ID } from './screen/library-bar.tsx';
import { formatDocument } from './screen/lazy-editor.tsx';
import { exportTemplate, generate } from './template-actions.ts';
import type { View } from './files/views.ts';
import type { TemplatesWorkspace } from './templates-workspace.ts';

interface Shown {
  readonly workspace: TemplatesWorkspace;
  readonly openJob: (id: number) => void;
}

let shown: Shown | undefined;

/** The screen that commands work on; undefined when it goes. */
export function commandsWorkOn(screen: Shown | undefined): void {
  shown = screen;
}

const openId = (): string | null => shown?.workspace.store.getState().templateId ?? null;
const isShown = (): boolean => shown !== undefined;
const isOpen = (): boolean => openId() !== null;

const view = (id: string, title: string, target: View): Command => ({
  id,
  title,
  when: isOpen,
  run: () => shown?.workspace.show(target),
});

const nameOf = (id: string): string =>
  shown?.workspace.store.getState().list?.find((template) => template.id === id)?.name ?? id;

const onOpen =
  (act: (workspace: TemplatesWorkspace, id: string) => void): (() => void) =>
  () => {
    const id = openId();
    if (shown !== undefined && id !== null) act(shown.workspace, id);
  };

function historyOfView({ store, ask }: TemplatesWorkspace): void {
  const { view: current, sample, lastFile } = store.getState();
  const path = current.kind === 'data' && sample !== null ? `samples/${sample}.json` : lastFile;
  ask({ kind: 'history', path });
}

export const templateCommands: readonly Command[] = [
  {
    id: 'templates.generate',
    title: 'Generate the document',
    shortcut: 'Mod+Enter',
    when: isOpen,
    run: () => shown !== undefined && void generate(shown.workspace, shown.openJob),
  },
  {
    id: 'templates.save',
    title: 'Save now',
    shortcut: 'Mod+S',
    when: isShown,
    run: () => void shown?.workspace.saveNow(),
  },
  {
    id: 'templates.quick-open',
    title: 'Go to file…',
    shortcut: 'Mod+P',
    when: isShown,
    run: () => shown?.workspace.ask({ kind: 'quick-open' }),
  },
  {
    id: 'templates.new',
    title: 'New template…',
    anywhere: true,
    when: isShown,
    run: () => shown?.workspace.ask({ kind: 'create' }),
  },
  {
    id: 'templates.search',
    title: 'Search templates',
    shortcut: 'Mod+Shift+F',
    when: isShown,
    run: () => document.getElementById(SEARCH_ID)?.focus(),
  },
  { id: 'templates.format', title: 'Format this file', when: isOpen, run: () => void formatDocument() },
  { id: 'templates.history', title: 'History of this file…', when: isOpen, run: onOpen(historyOfView) },
  view('templates.data', 'Show the data', { kind: 'data' }),
  view('templates.document', 'Show the document settings', { kind: 'document' }),
  view('templates.assets', 'Show images and fonts', { kind: 'assets' }),
  {
    id: 'templates.job-data',
    title: "Use a job's data as sample…",
    when: isOpen,
    run: () => shown?.workspace.ask({ kind: 'job-data' }),
  },
  {
    id: 'templates.duplicate',
    title: 'Duplicate this template…',
    when: isOpen,
    run: onOpen((workspace, id) => workspace.ask({ kind: 'duplicate', id, name: nameOf(id) })),
  },
  {
    id: 'templates.rename',
    title: 'Rename this template…',
    when: isOpen,
    run: onOpen((workspace, id) => workspace.ask({ kind: 'rename', id, name: nameOf(id) })),
  },
  {
    id: 'templates.export',
    title: 'Export this template as zip',
    when: isOpen,
    run: onOpen((workspace, id) => void exportTemplate(workspace, id)),
  },
  {
    id: 'templates.remove',
    title: 'Delete this template…',
    when: isOpen,
    run: onOpen((workspace, id) => workspace.ask({ kind: 'remove', id, name: nameOf(id) })),
  },
];
