import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
} from 'react';
import { useStore } from 'zustand';
import { cx } from '../../ui/cx.ts';
import { indexOf, rowAt } from './job-pages.ts';
import { JobsRow, rowElementId } from './jobs-row.tsx';
import type { JobsStore } from './jobs-store.ts';
import './jobs-table.css';

/** As in jobs-table.css. */
const ROW_PX = 32;
const HEAD_PX = 30;

const COLUMNS = [
  ['tick', ''],
  ['number', 'Job'],
  ['state', 'State'],
  ['document', 'Document'],
  ['template', 'Template'],
  ['standard', 'Standard'],
  ['signed', 'Signed by'],
  ['number', 'Pages'],
  ['number', 'Size'],
  ['number waited', 'Waited'],
  ['number took', 'Took'],
  ['caller', 'From'],
  ['number time', 'Accepted'],
] as const;

/** The list as a grid of which only what is seen is in the page. The grid holds the focus; its keys move a cursor. */
export function JobsTable({ store }: { readonly store: JobsStore }): ReactElement {
  const list = useStore(store, (state) => state.list);
  const selection = useStore(store, (state) => state.selection);
  const openId = useStore(store, (state) => state.openId);
  const filter = useStore(store, (state) => state.filter);
  const { actions } = store;
  const scroller = useRef<HTMLDivElement>(null);
  const total = list.total ?? 0;
  const cursor = selection.cursor?.index;

  // eslint-disable-next-line react-hooks/incompatible-library -- only for the React Compiler, which is not used
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    // The row of the cursor is named by the grid, so it is there wherever the list is scrolled to.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      if (cursor === undefined || cursor >= range.count || shown.includes(cursor)) return shown;
      return [...shown, cursor].sort((left, right) => left - right);
    },
  });
  const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
  useEffect(() => actions.show(startIndex, endIndex), [actions, startIndex, endIndex]);

  // Jobs that come on top must not push away what is being read.
  const read = useRef<{ id: number; index: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    const index = read.current === undefined ? undefined : indexOf(list, read.current.id);
    if (element !== null && element.scrollTop > 0 && read.current !== undefined && index !== undefined) {
      element.scrollTop += (index - read.current.index) * ROW_PX;
    }
    const top = Math.ceil((element?.scrollTop ?? 0) / ROW_PX);
    const row = rowAt(list, top);
    read.current = row === undefined ? undefined : { id: row.id, index: top };
  }, [list, startIndex]);
  useLayoutEffect(() => {
    read.current = undefined;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [filter]);

  const onPress = useCallback(
    (index: number, event: MouseEvent): void => {
      if (event.shiftKey) {
        actions.extendTo(index);
      } else if (event.ctrlKey || event.metaKey) {
        actions.toggle(index);
      } else {
        actions.select(index);
        const row = rowAt(store.getState().list, index);
        if (row !== undefined) actions.open(row.id);
      }
    },
    [actions, store],
  );
  const onTick = useCallback(
    (index: number, event: MouseEvent): void => {
      event.stopPropagation();
      if (event.shiftKey) actions.extendTo(index);
      else actions.toggle(index);
    },
    [actions],
  );

  const rowsPerView = (): number =>
    Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - HEAD_PX) / ROW_PX) - 1);
  const target = (key: string): number | undefined => {
    const here = cursor ?? -1;
    switch (key) {
      case 'ArrowDown':
        return here + 1;
      case 'ArrowUp':
        return here - 1;
      case 'PageDown':
        return here + rowsPerView();
      case 'PageUp':
        return here - rowsPerView();
      case 'Home':
        return 0;
      case 'End':
        return total - 1;
      default:
        return undefined;
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || total === 0) return;
    const to = target(event.key);
    if (to !== undefined) {
      const index = Math.min(total - 1, Math.max(0, to));
      virtualizer.scrollToIndex(index);
      if (event.shiftKey) actions.extendTo(index);
      else actions.select(index);
    } else if (event.key === 'Enter' && selection.cursor !== undefined) {
      actions.open(selection.cursor.id);
    } else if (event.key === ' ' && cursor !== undefined) {
      actions.toggle(cursor);
    } else if (event.key === 'Delete' && selection.ids.size > 0) {
      actions.ask({ kind: 'remove', ids: [...selection.ids] });
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      actions.selectAll();
    } else if (event.key === 'Escape' && openId !== undefined) {
      actions.open(undefined);
    } else if (event.key === 'Escape' && selection.ids.size > 0) {
      actions.clearSelection();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const items = virtualizer.getVirtualItems();
  const cursorShown = cursor !== undefined && items.some(({ index }) => index === cursor);
  return (
    <div
      ref={scroller}
      className={cx('jobs-table', selection.ids.size > 1 && 'many')}
      role="grid"
      aria-label="Jobs"
      aria-multiselectable
      aria-rowcount={total + 1}
      aria-activedescendant={cursorShown ? rowElementId(cursor) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="jobs-head">
        <div role="row" aria-rowindex={1} className="jobs-row">
          {COLUMNS.map(([kind, name]) => (
            <div key={`${kind} ${name}`} role="columnheader" className={kind}>
              {name === '' ? <span className="visually-hidden">Chosen</span> : name}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="jobs-body" style={{ height: total * ROW_PX }}>
        {items.map(({ index, start }) => {
          const row = rowAt(list, index);
          return (
            <JobsRow
              // Not the id: while pages of a list that moves are loaded, a job may stand on two of them.
              key={index}
              row={row}
              index={index}
              top={start - HEAD_PX}
              selected={row !== undefined && selection.ids.has(row.id)}
              atCursor={index === cursor}
              opened={row !== undefined && row.id === openId}
              onPress={onPress}
              onTick={onTick}
            />
          );
        })}
      </div>
    </div>
  );
}
