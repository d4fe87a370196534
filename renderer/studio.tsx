import { lazy, useEffect, useMemo, useState, type ReactElement } from 'react';
import { HostProvider } from './host/host-context.tsx';
import type { StudioHost } from './host/studio-host.ts';
import { openerOf, type TemplatePlace } from './open-in-studio.ts';
import { onScreen } from './shell/on-screen.ts';
import { followRenders } from './shell/render-marks.ts';
import { Shell, type ShellProps } from './shell/shell.tsx';
import { useShell } from './shell/shell-store.ts';
import type { Command } from './ui/command-registry.ts';

const TemplatesScreen = lazy(async () => ({
  default: (await import('./features/templates/templates-screen.tsx')).TemplatesScreen,
}));
const PreviewPane = lazy(async () => ({
  default: (await import('./features/preview/preview-pane.tsx')).PreviewPane,
}));
const JobsScreen = lazy(async () => ({
  default: (await import('./features/jobs/jobs-screen.tsx')).JobsScreen,
}));
const BatchesScreen = lazy(async () => ({
  default: (await import('./features/batches/batches-screen.tsx')).BatchesScreen,
}));
const FoldersScreen = lazy(async () => ({
  default: (await import('./features/folders/folders-screen.tsx')).FoldersScreen,
}));
const KeysScreen = lazy(async () => ({
  default: (await import('./features/keys/keys-screen.tsx')).KeysScreen,
}));
const VerifyScreen = lazy(async () => ({
  default: (await import('./features/verify/verify-screen.tsx')).VerifyScreen,
}));
const AccessScreen = lazy(async () => ({
  default: (await import('./access-of-template.tsx')).AccessOfTemplate,
}));
const SettingsScreen = lazy(async () => ({
  default: (await import('./features/settings/settings-screen.tsx')).SettingsScreen,
}));

/** The features' own commands, loaded behind the first paint. */
async function loadCommands(): Promise<readonly Command[]> {
  const [
    { templateCommands },
    { jobCommands },
    { onRevealJobs },
    { batchCommands },
    { folderCommands },
    { keyCommands },
    { verifyCommands },
  ] = await Promise.all([
    import('./features/templates/template-commands.ts'),
    import('./features/jobs/job-commands.ts'),
    import('./features/jobs/jobs-of-host.ts'),
    import('./features/batches/batch-commands.ts'),
    import('./features/folders/folder-commands.ts'),
    import('./features/keys/key-commands.ts'),
    import('./features/verify/verify-commands.ts'),
  ]);
  onRevealJobs(() => useShell.getState().go('jobs'));
  return [
    ...onScreen('templates', templateCommands),
    ...onScreen('jobs', jobCommands),
    ...onScreen('batches', batchCommands),
    ...onScreen('folders', folderCommands),
    ...onScreen('keys', keyCommands),
    ...onScreen('verify', verifyCommands),
  ];
}

/** The whole studio: the frame with every feature in its place. */
export function Studio({ host }: { readonly host: StudioHost }): ReactElement {
  const [commands, setCommands] = useState<readonly Command[]>([]);
  const parts = useMemo(() => partsOf(host), [host]);
  useEffect(followRenders, []);
  useEffect(
    () =>
      host.subscribe((event) => {
        if (event.type !== 'file.opened') return;
        useShell.getState().go('templates');
        void openerOf(host).file(event.name, event.bytes);
      }),
    [host],
  );
  useEffect(() => {
    void loadCommands().then(setCommands);
  }, []);
  return (
    <HostProvider value={host}>
      <Shell {...parts} commands={commands} />
    </HostProvider>
  );
}

function partsOf(host: StudioHost): Omit<ShellProps, 'commands'> {
  const { go } = useShell.getState();
  const open = openerOf(host);
  const openTemplate = (id: string, place?: TemplatePlace): void => {
    go('templates', id);
    void open.template(id, place);
  };
  const openJob = (id: number): void => {
    go('jobs', String(id));
    void open.job(id);
  };
  return {
    screens: {
      templates: () => (
        <TemplatesScreen
          host={host}
          openJob={openJob}
          openKeys={() => go('keys')}
          openSettings={() => go('settings')}
          openRows={(file, templateId) => {
            go('batches');
            void open.rows(file, templateId);
          }}
          preview={(slot) => <PreviewPane host={host} {...slot} />}
        />
      ),
      jobs: () => <JobsScreen host={host} openTemplate={openTemplate} />,
      batches: () => <BatchesScreen host={host} pages={(slot) => <PreviewPane host={host} {...slot} />} />,
      folders: () => <FoldersScreen />,
      keys: () => <KeysScreen />,
      verify: () => <VerifyScreen />,
      api: () => <AccessScreen host={host} openSettings={() => go('settings')} />,
      settings: () => <SettingsScreen />,
    },
    targets: { openTemplate, openJob },
    onArrive({ screen, id }) {
      if (id === undefined) return;
      if (screen === 'templates') void open.template(id);
      if (!/^[1-9]\d*$/.test(id)) return;
      if (screen === 'jobs') void open.job(Number(id));
      if (screen === 'batches') void open.batch(Number(id));
    },
  };
}
