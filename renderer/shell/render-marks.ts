import { useShell } from './shell-store.ts';

/** Performance marks of the preview, with the number of the edit in their detail. */
const EDIT = 'influxion:edit';
const PIXELS = 'influxion:pixels';

const editOf = (entry: PerformanceEntry): unknown =>
  ((entry as PerformanceMark).detail as { readonly edit?: unknown } | null)?.edit;

/** Tells the status bar how long the last edit took to its pages, until disposed. */
export function followRenders(): () => void {
  const edits = new Map<unknown, number>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const edit = editOf(entry);
      if (entry.name === EDIT) edits.set(edit, entry.startTime);
      const started = edits.get(edit);
      if (entry.name !== PIXELS || started === undefined) continue;
      useShell.setState({ lastRenderMs: entry.startTime - started });
      edits.clear();
    }
  });
  observer.observe({ type: 'mark' });
  return () => observer.disconnect();
}
