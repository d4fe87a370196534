/** Images and fonts of the template. */
import { FileWarning, Plus, Type } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { TemplateFile } from '../../../../contract/studio/templates.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { formatBytes } from '../../../ui/quantity.ts';
import { CSS_PATH, HTML_PATH, isImageName } from '../files/views.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { takeInFiles } from '../template-actions.ts';
import { fontFaceRule, imageTag } from './asset-snippets.ts';
import './assets-view.css';

const ACCEPTED = 'image/*,.ttf,.otf,.woff,.woff2';

export function AssetsView(): ReactElement {
  const workspace = useWorkspace();
  const chooser = useRef<HTMLInputElement>(null);
  const files = useTemplates(
    useShallow((state) => state.files.filter(({ kind }) => kind === 'asset' || kind === 'font' || kind === 'other')),
  );
  const choose = (
    <>
      <Button icon={<Plus aria-hidden="true" />} onClick={() => chooser.current?.click()}>
        Add files…
      </Button>
      <input
        ref={chooser}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        onChange={(event) => {
          void takeInFiles(workspace, [...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
  if (files.length === 0) {
    return (
      <EmptyState title="No images or fonts yet" action={choose}>
        Files that the template names by a relative address, such as assets/logo.svg, come along with it. Add them here or
        drop them anywhere on this screen.
      </EmptyState>
    );
  }
  return (
    <div className="templates-assets">
      <div className="templates-bar">
        <span className="muted">Drop images and fonts anywhere on this screen.</span>
        <span className="templates-bar-space" />
        {choose}
      </div>
      <ul>
        {files.map((file) => (
          <Asset key={file.path} file={file} />
        ))}
      </ul>
    </div>
  );
}

function Asset({ file }: { readonly file: TemplateFile }): ReactElement {
  const workspace = useWorkspace();
  const { path, kind, size } = file;
  const insert = (): void => {
    const { texts } = workspace.store.getState();
    if (kind === 'font') {
      workspace.edit(CSS_PATH, `${fontFaceRule(path)}\n${texts[CSS_PATH] ?? ''}`);
      workspace.goTo({ path: CSS_PATH, line: 1 });
    } else insertImage();
  };
  const insertImage = (): void => {
    const { texts, cursor } = workspace.store.getState();
    const target = cursor !== null && /\.(?:html|hbs)$/.test(cursor.path) ? cursor : { path: HTML_PATH, line: Infinity };
    const lines = (texts[target.path] ?? '').split('\n');
    // After the line of the cursor; without one before what closes the page.
    const end = lines.findIndex((line) => /<\/body>/i.test(line));
    const at = Number.isFinite(target.line) ? target.line : end < 0 ? lines.length : end;
    const indent = /^\s*/.exec(lines[at - 1] ?? '')?.[0] ?? '';
    lines.splice(at, 0, `${indent}${imageTag(path)}`);
    workspace.edit(target.path, lines.join('\n'));
    workspace.goTo({ path: target.path, line: at + 1 });
  };
  return (
    <li className="templates-asset">
      <Thumbnail file={file} />
      <span className="templates-asset-name" title={path}>
        {path}
      </span>
      <span className="muted">{formatBytes(size)}</span>
      <span className="templates-asset-tools">
        {kind !== 'other' && (
          <Button size="s" onClick={insert}>
            Insert<span className="visually-hidden"> {path}</span>
          </Button>
        )}
        {kind !== 'other' && (
          <Button size="s" variant="quiet" onClick={() => workspace.ask({ kind: 'rename-file', path })}>
            Rename…<span className="visually-hidden"> {path}</span>
          </Button>
        )}
        {kind !== 'other' && (
          <Button size="s" variant="quiet" onClick={() => workspace.ask({ kind: 'remove-file', path })}>
            Delete…<span className="visually-hidden"> {path}</span>
          </Button>
        )}
      </span>
    </li>
  );
}

const MAX_THUMBNAIL_BYTES = 4_000_000;

function Thumbnail({ file: { path, size, revision } }: { readonly file: TemplateFile }): ReactElement {
  const workspace = useWorkspace();
  const id = useTemplates((state) => state.templateId);
  const [url, setUrl] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  const isImage = isImageName(path) && size <= MAX_THUMBNAIL_BYTES;
  useEffect(() => {
    if (!isImage || id === null) return;
    const controller = new AbortController();
    let made: string | undefined;
    workspace.host.request('templates.read_file', { id, path }, controller.signal).then(
      ({ bytes, mime_type }) => {
        if (controller.signal.aborted) return;
        // An image element runs no script of an SVG.
        made = URL.createObjectURL(new Blob([bytes], { type: mime_type }));
        setUrl(made);
      },
      () => setBroken(true),
    );
    return () => {
      controller.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [workspace, id, path, revision, isImage]);
  if (!isImage || isBroken) {
    return (
      <span className="templates-asset-picture">
        {isBroken ? <FileWarning aria-hidden="true" /> : <Type aria-hidden="true" />}
      </span>
    );
  }
  return (
    <span className="templates-asset-picture">
      {url !== undefined && <img src={url} alt="" onError={() => setBroken(true)} />}
    </span>
  );
}
