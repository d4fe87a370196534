/** The real file system with a fault in it. */
import { diskCalls, type DiskCalls } from '../../core/store/durable-file.ts';

export type DiskCall = keyof DiskCalls;

export interface FaultyDisk {
  readonly calls: DiskCalls;
  /** Every call made so far. */
  readonly log: readonly DiskCall[];
  /** From now on calls that match fail with this code, until `mend`. */
  fail(code: string, matches?: (call: DiskCall, index: number) => boolean): void;
  mend(): void;
}

export function faultyDisk(): FaultyDisk {
  const log: DiskCall[] = [];
  let fault: { code: string; matches: (call: DiskCall, index: number) => boolean } | undefined;

  const pass = <Args extends unknown[], Result>(name: DiskCall, call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      const index = log.push(name) - 1;
      if (fault?.matches(name, index) === true) {
        throw Object.assign(new Error(`${fault.code}: injected into ${name}`), { code: fault.code });
      }
      return call(...args);
    };
  };

  return {
    calls: {
      open: pass('open', diskCalls.open),
      write: pass('write', diskCalls.write),
      sync: pass('sync', diskCalls.sync),
      close: pass('close', diskCalls.close),
      rename: pass('rename', diskCalls.rename),
      remove: pass('remove', diskCalls.remove),
    },
    log,
    fail(code, matches = () => true) {
      fault = { code, matches };
    },
    mend() {
      fault = undefined;
    },
  };
}
