/** Tells of each thing at most once in `paceMs`; what changes meanwhile is told of once more at the end of that time. */
export function paced(tell: (id: number) => void, paceMs: number): { note(id: number): void; stop(): void } {
  const timers = new Map<number, NodeJS.Timeout>();
  const again = new Set<number>();
  const note = (id: number): void => {
    if (timers.has(id)) {
      again.add(id);
      return;
    }
    const over = (): void => {
      timers.delete(id);
      if (again.delete(id)) note(id);
    };
    timers.set(id, setTimeout(over, paceMs).unref());
    tell(id);
  };
  return {
    note,
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
