import { useEffect, useState, type ReactElement } from 'react';
import { createStore } from 'zustand/vanilla';

/** What the preview is told: as of the templates screen. */
export interface RowPagesSlot {
  readonly editor: {
    readonly get: () => {
      readonly templateId: string | null;
      readonly edits: Readonly<Record<string, string>>;
      readonly data: string;
      readonly dataPath: null;
      readonly cursor: null;
    };
    readonly subscribe: (listener: () => void) => () => void;
  };
  readonly onGoTo: () => void;
  readonly onFailure: () => void;
  readonly onWarnings: () => void;
  readonly onConformance: () => void;
}

export type RowPages = (slot: RowPagesSlot) => ReactElement;

const nothing = (): void => undefined;

function createSlot() {
  const store = createStore(() => ({
    templateId: null as string | null,
    edits: {},
    data: '{}',
    dataPath: null,
    cursor: null,
  }));
  const slot: RowPagesSlot = {
    editor: { get: store.getState, subscribe: (listener) => store.subscribe(listener) },
    onGoTo: nothing,
    onFailure: nothing,
    onWarnings: nothing,
    onConformance: nothing,
  };
  return { store, slot };
}

/** The live pages of a template with the data (JSON text) of one row. */
export function RowPreview({
  pages,
  templateId,
  data,
}: {
  readonly pages: RowPages;
  readonly templateId: string | undefined;
  readonly data: string;
}): ReactElement {
  const [{ store, slot }] = useState(createSlot);
  useEffect(() => store.setState({ templateId: templateId ?? null, data }), [store, templateId, data]);
  return pages(slot);
}
