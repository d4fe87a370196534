import {
  ChevronDown,
  ChevronUp,
  Columns2,
  Download,
  Ellipsis,
  ListTree,
  Minus,
  PanelsLeftBottom,
  Plus,
  Search,
} from 'lucide-react';
import { memo, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { IconButton } from '../../ui/icon-button.tsx';
import { DropdownMenu } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { zoomStep, type Zoom } from './page-layout.ts';
import { openFind } from './pane-input.ts';
import { openInTab, savePdf } from './pdf-file.ts';
import type { PreviewSession } from './preview-session.ts';
import type { PreviewState, SidePanel } from './preview-store.ts';

export interface PreviewToolbarProps {
  readonly session: PreviewSession;
  /** Names the file that is saved. */
  readonly templateId: string | null;
  /** A browser has tabs; the desktop app has none. */
  readonly canOpenTab: boolean;
}

/** Of the state, what the tools show: most of it changes with every key, and they do not. */
const toolsOf = (state: PreviewState) => ({
  pages: state.shown?.pdf.pages ?? 0,
  isEmpty: state.shown === undefined,
  hasBaseline: state.baseline !== undefined,
  page: state.page,
  zoom: state.zoom,
  scale: state.scale,
  panel: state.panel,
  hasGuides: state.hasGuides,
  isSourceMode: state.isSourceMode,
  isComparing: state.isComparing,
});

export const PreviewToolbar = memo(function PreviewToolbar({
  session,
  templateId,
  canOpenTab,
}: PreviewToolbarProps): ReactElement {
  const { store } = session;
  const state = useStore(store, useShallow(toolsOf));
  const { isEmpty } = state;
  const name = `${templateId ?? 'document'}.pdf`;
  const withBytes = (take: (bytes: Uint8Array<ArrayBuffer>) => void): void => {
    const { shown } = store.getState();
    if (shown !== undefined) take(shown.output.bytes);
  };
  const toggle = (panel: SidePanel): void =>
    store.setState({ panel: state.panel === panel ? 'none' : panel });
  return (
    <div className="preview-toolbar" role="toolbar" aria-label="Preview">
      <div className="preview-tools">
        <IconButton
          size="s"
          label="Thumbnails"
          icon={<PanelsLeftBottom />}
          pressed={state.panel === 'thumbnails'}
          onClick={() => toggle('thumbnails')}
        />
        <IconButton
          size="s"
          label="Outline"
          icon={<ListTree />}
          pressed={state.panel === 'outline'}
          onClick={() => toggle('outline')}
        />
      </div>
      <PageSteps session={session} page={state.page} pages={state.pages} />
      <ZoomTools session={session} zoom={state.zoom} scale={state.scale} />
      <div className="preview-tools">
        <IconButton
          size="s"
          label="Find in the document"
          shortcut="Mod+F"
          icon={<Search />}
          disabled={isEmpty}
          onClick={() => openFind(session)}
        />
        <IconButton
          size="s"
          label="Compare with the version that was opened"
          icon={<Columns2 />}
          pressed={state.isComparing}
          disabled={isEmpty || !state.hasBaseline}
          onClick={() => store.setState({ isComparing: !state.isComparing })}
        />
        <IconButton
          size="s"
          label="Save the PDF"
          icon={<Download />}
          disabled={isEmpty}
          onClick={() => withBytes((bytes) => savePdf(bytes, name))}
        />
        <DropdownMenu
          align="end"
          trigger={<IconButton size="s" label="More" icon={<Ellipsis />} />}
          entries={[
            {
              label: state.hasGuides ? 'Hide rulers and margins' : 'Show rulers and margins',
              onSelect: () => store.setState({ hasGuides: !state.hasGuides }),
            },
            {
              label: state.isSourceMode
                ? 'Stop going to the source by a click'
                : 'Go to the source by a click',
              onSelect: () => store.setState({ isSourceMode: !state.isSourceMode }),
            },
            ...(canOpenTab
              ? [
                  'line' as const,
                  {
                    label: 'Open in a new tab',
                    disabled: isEmpty,
                    onSelect: () => withBytes(openInTab),
                  },
                ]
              : []),
          ]}
        />
      </div>
    </div>
  );
});

function PageSteps({
  session: { viewer },
  page,
  pages,
}: {
  readonly session: PreviewSession;
  readonly page: number;
  readonly pages: number;
}): ReactElement {
  const [draft, setDraft] = useState<string>();
  const go = (): void => {
    const wanted = Number.parseInt(draft ?? '', 10);
    setDraft(undefined);
    if (Number.isInteger(wanted) && pages > 0) viewer.goTo(Math.min(pages, Math.max(1, wanted)));
  };
  return (
    <div className="preview-tools">
      <IconButton
        size="s"
        label="Previous page"
        icon={<ChevronUp />}
        disabled={page <= 1}
        onClick={() => viewer.goTo(page - 1)}
      />
      <input
        className="ui-input preview-page-number"
        aria-label="Page"
        inputMode="numeric"
        disabled={pages === 0}
        value={draft ?? (pages === 0 ? '' : String(page))}
        onChange={(event) => setDraft(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => setDraft(undefined)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go();
          if (event.key === 'Escape') setDraft(undefined);
        }}
      />
      <span className="preview-page-count">/ {pages === 0 ? '–' : pages}</span>
      <IconButton
        size="s"
        label="Next page"
        icon={<ChevronDown />}
        disabled={page >= pages}
        onClick={() => viewer.goTo(page + 1)}
      />
    </div>
  );
}

const PERCENTS = ['0.5', '0.75', '1', '1.25', '1.5', '2', '4'] as const;

function ZoomTools({
  session,
  zoom,
  scale,
}: {
  readonly session: PreviewSession;
  readonly zoom: Zoom;
  readonly scale: number;
}): ReactElement {
  const percent = `${Math.round(scale * 100)} %`;
  const value = String(zoom);
  const isOther = typeof zoom === 'number' && !PERCENTS.some((known) => known === value);
  return (
    <div className="preview-tools">
      <IconButton
        size="s"
        label="Smaller"
        shortcut="Mod+-"
        icon={<Minus />}
        onClick={() => session.setZoom(zoomStep(scale, -1))}
      />
      <Select
        size="s"
        aria-label="Zoom"
        className="preview-zoom"
        value={value}
        options={[
          { value: 'width', label: zoom === 'width' ? `Width ${percent}` : 'Fit width' },
          { value: 'page', label: zoom === 'page' ? `Page ${percent}` : 'Fit page' },
          ...(isOther ? [{ value, label: percent }] : []),
          ...PERCENTS.map((factor) => ({ value: factor, label: `${Number(factor) * 100} %` })),
        ]}
        onValue={(chosen) =>
          session.setZoom(chosen === 'width' || chosen === 'page' ? chosen : Number(chosen))
        }
      />
      <IconButton
        size="s"
        label="Larger"
        shortcut="Mod++"
        icon={<Plus />}
        onClick={() => session.setZoom(zoomStep(scale, 1))}
      />
    </div>
  );
}
