import { useCallback, useEffect, useEffectEvent, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import type { JobWarning } from '../../../contract/job.ts';
import type { PreviewConformance } from '../../../contract/studio/preview.ts';
import type { StudioFailure } from '../../../contract/studio/route.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CompareView } from './compare/compare-view.tsx';
import { useEdited, type EditorFeed } from './editor-feed.ts';
import { FindBar } from './find-bar.tsx';
import { deskKey, wheelZoom } from './pane-input.ts';
import { PreviewFooter } from './preview-footer.tsx';
import { openPreviewSession, type PreviewSession } from './preview-session.ts';
import { PreviewToolbar } from './preview-toolbar.tsx';
import { PreviewVeil } from './preview-veil.tsx';
import type { SourceLine } from './places.ts';
import { SidePanel } from './side-panel.tsx';
import { useMargins } from './use-margins.ts';
import { useSettled } from './use-settled.ts';
import './preview.css';
import './page.css';

export interface PreviewPaneProps {
  readonly host: StudioHost;
  /** Must be stable. */
  readonly editor: EditorFeed;
  readonly onGoTo: (place: SourceLine) => void;
  /** What keeps the last edit from being printed; undefined once it is. */
  readonly onFailure: (failure: StudioFailure | undefined) => void;
  readonly onWarnings: (warnings: readonly JobWarning[]) => void;
  readonly onConformance: (conformance: readonly PreviewConformance[]) => void;
}

/** The live pages of a template: what the engine that prints the jobs makes of each edit. */
export function PreviewPane(props: PreviewPaneProps): ReactElement {
  const { host } = props;
  const [session, setSession] = useState<PreviewSession>();
  const attach = useCallback(
    (desk: HTMLDivElement | null) => {
      if (desk === null) return undefined;
      const opened = openPreviewSession(host, desk);
      setSession(opened);
      return () => {
        opened.close();
        setSession(undefined);
      };
    },
    [host],
  );
  const desk = (
    <div
      ref={attach}
      className="preview-desk"
      role="group"
      aria-label="Pages"
      // It scrolls, so the keyboard must reach it.
      tabIndex={0}
      onKeyDown={(event) => session !== undefined && deskKey(session, event)}
    />
  );
  return (
    <section className="preview" aria-label="Preview">
      {session !== undefined && <Bars {...props} session={session} />}
      <div className="preview-body">
        {session !== undefined && <Panel session={session} />}
        <div className="preview-main">
          {desk}
          {session !== undefined && <Overlays {...props} session={session} />}
        </div>
      </div>
      {session !== undefined && <Footer {...props} session={session} />}
    </section>
  );
}

interface WithSession extends PreviewPaneProps {
  readonly session: PreviewSession;
}

/** What is above the pages, and the wiring between the editor and the session. */
function Bars({ session, ...props }: WithSession): ReactElement {
  const { host, editor } = props;
  const templateId = useEdited(editor, (edited) => edited.templateId);
  const isFinding = useStore(session.store, ({ find }) => find !== undefined);
  const failure = useStore(session.store, (state) => state.failure);
  const output = useStore(session.store, ({ shown }) => shown?.output);
  const hasGuides = useStore(session.store, (state) => state.hasGuides);
  const isSourceMode = useStore(session.store, (state) => state.isSourceMode);
  const baseline = useStore(session.store, (state) => state.baseline);
  const edits = useEdited(editor, (edited) => (hasGuides ? edited.edits : undefined));
  const margins = useMargins(baseline, edits);
  const goTo = useEffectEvent(props.onGoTo);
  const tellFailure = useEffectEvent(props.onFailure);
  const tellWarnings = useEffectEvent(props.onWarnings);
  const tellConformance = useEffectEvent(props.onConformance);

  useEffect(() => {
    const tell = (): void => {
      const now = editor.get();
      if (now.templateId !== null)
        session.want({ template_id: now.templateId, edits: now.edits, data: now.data });
      session.setCursor(now.cursor);
    };
    tell();
    return editor.subscribe(tell);
  }, [session, editor]);
  useEffect(() => session.onSource((place) => goTo(place)), [session]);
  // Braces: whatever the caller's function returns is no clean-up.
  useEffect(() => {
    tellFailure(failure?.failure);
  }, [failure]);
  useEffect(() => {
    tellWarnings(output?.warnings ?? []);
    tellConformance(output?.conformance ?? []);
  }, [output]);
  useEffect(() => session.viewer.setGuides(margins), [session, margins]);
  useEffect(() => session.viewer.setSourceMode(isSourceMode), [session, isSourceMode]);
  useEffect(() => watchHost(host, session, templateId), [host, session, templateId]);

  return (
    <>
      <PreviewToolbar
        session={session}
        templateId={templateId}
        canOpenTab={host.capabilities.kind === 'browser'}
      />
      {isFinding && <FindBar session={session} />}
    </>
  );
}

/** Images and fonts change on the disk too, and a host that was away has printed nothing meanwhile. */
const watchHost = (host: StudioHost, session: PreviewSession, templateId: string | null): (() => void) =>
  host.subscribe((event) => {
    if (event.type === 'resync') session.refresh();
    else if (event.type === 'templates.changed' && event.id === templateId) session.refresh(event.paths);
  });

function Panel({ session }: { readonly session: PreviewSession }): ReactElement | undefined {
  const panel = useStore(session.store, (state) => state.panel);
  return panel === 'none' ? undefined : <SidePanel session={session} panel={panel} />;
}

/** What lies over the pages: the skeleton of the first, a failure, the comparison, a question. */
function Overlays({ session, ...props }: WithSession): ReactElement {
  const { store } = session;
  const { editor } = props;
  const templateId = useEdited(editor, (edited) => edited.templateId);
  const data = useEdited(editor, (edited) => edited.data);
  const dataPath = useEdited(editor, (edited) => edited.dataPath);
  const isComparing = useStore(store, (state) => state.isComparing);
  const externalLink = useStore(store, (state) => state.externalLink);
  const failure = useSettled(useStore(store, (state) => state.failure));
  const shown = useStore(store, (state) => state.shown);
  const baseline = useStore(store, (state) => state.baseline);
  const { viewer } = session;
  useEffect(() => viewer.setStale(failure !== undefined), [viewer, failure]);
  useEffect(() => wheelZoom(session), [session]);
  const closeLink = (): void => store.setState({ externalLink: undefined });
  return (
    <>
      <PreviewVeil
        hasTemplate={templateId !== null}
        hasPages={shown !== undefined}
        failure={failure}
        dataPath={dataPath}
        onGoTo={props.onGoTo}
        onAgain={() => session.again()}
      />
      {isComparing && shown !== undefined && baseline !== undefined && templateId !== null && (
        <CompareView
          baseline={baseline}
          onReset={() => session.resetBaseline()}
          host={props.host}
          shown={shown}
          templateId={templateId}
          data={data}
          onClose={() => store.setState({ isComparing: false })}
        />
      )}
      <ConfirmDialog
        open={externalLink !== undefined}
        title="Open this link?"
        confirm="Open"
        onCancel={closeLink}
        onConfirm={() => {
          window.open(externalLink, '_blank', 'noopener,noreferrer');
          closeLink();
        }}
      >
        <p>It leads out of the document, to:</p>
        <p>
          <code>{externalLink}</code>
        </p>
      </ConfirmDialog>
    </>
  );
}

function Footer({ session, onGoTo }: WithSession): ReactElement {
  return <PreviewFooter session={session} onGoTo={onGoTo} />;
}
