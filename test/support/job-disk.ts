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
      open: pass('open', (path: string, flags: string, mode?: number) => diskCalls.open(path, flags, mode)),
      write: pass('write', (fd: number, bytes: Uint8Array) => diskCalls.write(fd, bytes)),
      sync: pass('sync', (fd: number) => diskCalls.sync(fd)),
      close: pass('close', (fd: number) => diskCalls.close(fd)),
      rename: pass('rename', (from: string, to: string) => diskCalls.rename(from, to)),
      remove: pass('remove', (path: string) => diskCalls.remove(path)),
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
