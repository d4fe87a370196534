import { Fragment, type ReactElement, type ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import './splitter.css';

export interface Pane {
  /** Stable: sizes are remembered by it. */
  readonly id: string;
  readonly content: ReactNode;
  /** `'240px'`, `'40%'`; at first, until the reader has dragged. */
  readonly size?: string;
  /** As `size`. */
  readonly minSize?: string;
  readonly maxSize?: string;
  /** Keeps its pixels when the window is resized (side bars). At least one pane must not. */
  readonly fixed?: boolean;
}

export interface SplitterProps {
  /** Names the remembered sizes, unique in the studio: `'templates'`, `'templates.problems'`. */
  readonly id: string;
  readonly direction: 'horizontal' | 'vertical';
  /** A pane that is left out is hidden; each combination remembers its own sizes. */
  readonly panes: readonly Pane[];
}

const storage: Pick<Storage, 'getItem' | 'setItem'> = {
  getItem: (key) => localStorage.getItem(`influxion.${key}`),
  setItem: (key, value) => localStorage.setItem(`influxion.${key}`, value),
};

/** Panes beside or above each other with lines to drag between them; arrow keys move a focused line, F6 goes from pane to pane. */
export function Splitter({ id, direction, panes }: SplitterProps): ReactElement {
  const panelIds = panes.map((pane) => pane.id);
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, panelIds, storage });
  return (
    <Group
      id={id}
      className="ui-split"
      orientation={direction}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      {panes.map((pane, index) => (
        <Fragment key={pane.id}>
          {index > 0 && <Separator className="ui-split-line" aria-label="Resize" />}
          <Panel
            id={pane.id}
            className="ui-split-pane"
            data-pane=""
            tabIndex={-1}
            defaultSize={pane.size}
            minSize={pane.minSize}
            maxSize={pane.maxSize}
            groupResizeBehavior={pane.fixed === true ? 'preserve-pixel-size' : undefined}
          >
            {pane.content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
