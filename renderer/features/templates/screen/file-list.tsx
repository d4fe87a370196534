import { Braces, File, FileCode, FileJson, Image, Plus, Puzzle, Settings2, Type } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { ContextMenu, type MenuEntry } from '../../../ui/menu.tsx';
import { HTML_PATH, MANIFEST_PATH, samplePath } from '../files/views.ts';
import { sampleNames, textPaths } from '../templates-state.ts';
import { useTemplates, useWorkspace } from './workspace-context.tsx';

function iconOf(path: string): ReactElement {
  if (path.startsWith('partials/')) return <Puzzle aria-hidden="true" />;
  if (path === MANIFEST_PATH) return <Settings2 aria-hidden="true" />;
  if (path.endsWith('.css')) return <Type aria-hidden="true" />;
  if (path.endsWith('.json')) return <Braces aria-hidden="true" />;
  return path.endsWith('.html') ? <FileCode aria-hidden="true" /> : <File aria-hidden="true" />;
}

/** The files of the template that is open. */
export function FileList(): ReactElement {
  const workspace = useWorkspace();
  const paths = useTemplates(useShallow(textPaths));
  const samples = useTemplates(useShallow(sampleNames));
  const view = useTemplates((state) => state.view);
  const sample = useTemplates((state) => state.sample);
  const assets = useTemplates(
    (state) => state.files.filter(({ kind }) => kind === 'asset' || kind === 'font').length,
  );
  const menuOf = (path: string): MenuEntry[] => [
    { label: 'History…', onSelect: () => workspace.ask({ kind: 'history', path }) },
    {
      label: 'Rename…',
      disabled: path === HTML_PATH || path === MANIFEST_PATH,
      onSelect: () => workspace.ask({ kind: 'rename-file', path }),
    },
    'line',
    {
      label: 'Delete…',
      danger: true,
      disabled: path === HTML_PATH,
      onSelect: () => workspace.ask({ kind: 'remove-file', path }),
    },
  ];
  return (
    <ul className="templates-files">
      {paths.map((path) => (
        <Row
          key={path}
          icon={iconOf(path)}
          isCurrent={view.kind === 'file' && view.path === path}
          path={path}
          menu={menuOf(path)}
          onClick={() => workspace.show({ kind: 'file', path })}
        >
          {path.replace(/^partials\//, '').replace(/\.(?:hbs|handlebars)$/, '')}
        </Row>
      ))}
      <Row icon={<Plus aria-hidden="true" />} isQuiet onClick={() => workspace.ask({ kind: 'new-file' })}>
        New partial…
      </Row>
      <Row
        icon={<Image aria-hidden="true" />}
        isCurrent={view.kind === 'assets'}
        onClick={() => workspace.show({ kind: 'assets' })}
      >
        Images and fonts <span className="muted">{assets}</span>
      </Row>
      <li className="templates-files-head">Samples</li>
      {samples.map((name) => (
        <Row
          key={name}
          icon={<FileJson aria-hidden="true" />}
          isCurrent={view.kind === 'data' && sample === name}
          path={samplePath(name)}
          menu={menuOf(samplePath(name))}
          onClick={() => {
            workspace.chooseSample(name);
            workspace.show({ kind: 'data' });
          }}
        >
          {name}
          {sample === name && (
            <span className="templates-files-used" title="Shown in the preview">
              <span className="visually-hidden">, shown in the preview</span>
            </span>
          )}
        </Row>
      ))}
      <Row icon={<Plus aria-hidden="true" />} isQuiet onClick={() => workspace.ask({ kind: 'new-sample' })}>
        New sample…
      </Row>
    </ul>
  );
}

interface RowProps {
  readonly icon: ReactElement;
  readonly isCurrent?: boolean;
  readonly isQuiet?: boolean;
  /** Of a file, for its state. */
  readonly path?: string;
  readonly menu?: readonly MenuEntry[];
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Row({
  icon,
  isCurrent = false,
  isQuiet = false,
  path,
  menu,
  onClick,
  children,
}: RowProps): ReactElement {
  const state = useTemplates((all) => (path === undefined ? undefined : all.saves[path]?.kind));
  const isBad = state === 'failed' || state === 'conflict';
  const button = (
    <button
      type="button"
      data-row
      className={isQuiet ? 'templates-file templates-file-quiet' : 'templates-file'}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={onClick}
    >
      {icon}
      <span className="templates-file-name">{children}</span>
      {isBad && <span className="templates-file-unsaved">not saved</span>}
    </button>
  );
  return <li>{menu === undefined ? button : <ContextMenu entries={menu}>{button}</ContextMenu>}</li>;
}
