/** Keys and wheel over the pages. */
import type { KeyboardEvent } from 'react';
import { zoomStep } from './page-layout.ts';
import type { PreviewSession } from './preview-session.ts';

/** A notch of a wheel is about 100; a pinch sends many small steps. */
const WHEEL_PER_E = 400;

/** Ctrl with the wheel, which is also how browsers tell of a pinch. Returns what ends it. */
export function wheelZoom({ viewer, store, ...session }: PreviewSession): () => void {
  const { desk } = viewer;
  const onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = desk.getBoundingClientRect();
    const factor = store.getState().scale * Math.exp(-event.deltaY / WHEEL_PER_E);
    session.setZoom(factor, { x: event.clientX - box.left, y: event.clientY - box.top });
  };
  // React listens passively to wheels, which cannot be prevented.
  desk.addEventListener('wheel', onWheel, { passive: false });
  return () => desk.removeEventListener('wheel', onWheel);
}

type Action = (session: PreviewSession) => void;

const turn =
  (by: number): Action =>
  ({ viewer, store }) => {
    const pages = viewer.pdf?.pages ?? 1;
    viewer.goTo(Math.min(pages, Math.max(1, store.getState().page + by)));
  };
const zoom =
  (direction: 1 | -1): Action =>
  (session) =>
    session.setZoom(zoomStep(session.store.getState().scale, direction));

export const openFind: Action = ({ store }) => {
  if (store.getState().find === undefined)
    store.setState({ find: { query: '', found: 0, current: 0, isSearching: false } });
};

const WITH_MOD: Readonly<Record<string, Action>> = {
  '+': zoom(1),
  '=': zoom(1),
  '-': zoom(-1),
  '0': (session) => session.setZoom(1),
  f: openFind,
};
const PLAIN: Readonly<Record<string, Action>> = {
  ArrowLeft: turn(-1),
  ArrowRight: turn(1),
  Enter: ({ viewer }) => viewer.askSourceOfTop(),
};

/** Keys while the pages have the focus; those of scrolling are the browser's own. */
export function deskKey(session: PreviewSession, event: KeyboardEvent): void {
  if (event.altKey || event.shiftKey || event.target !== event.currentTarget) return;
  const action = (event.ctrlKey || event.metaKey ? WITH_MOD : PLAIN)[event.key];
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action(session);
}
