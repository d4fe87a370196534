/** The one way from the studio to what runs behind it. Two hosts stand behind it: `ipc.ts` and `rpc.ts`. */
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { MenuCommand } from '../../contract/studio/ipc.ts';
import type { StudioFailure } from '../../contract/studio/route.ts';
import type { RouteInput, RouteName, RouteOutput } from '../../contract/studio/table.ts';

/** What a host can do beyond the calls; what it cannot is hidden or explained. */
export interface HostCapabilities {
  readonly kind: 'desktop' | 'browser';
  /** Keyboard shortcuts are written as on this system. */
  readonly platform: string;
  /** Menus, tray and dialogs of the system. */
  readonly nativeMenus: boolean;
}

/** `lost`: it does not answer. `refused`: it answers and does not know this page, as after a restart. */
export type ConnectionState = 'up' | 'lost' | 'refused';

export interface StudioHost {
  readonly capabilities: HostCapabilities;
  /** Rejects with a HostFailure, or with the signal's reason. */
  request<Name extends RouteName>(
    name: Name,
    input: RouteInput<Name>,
    signal?: AbortSignal,
  ): Promise<RouteOutput<Name>>;
  /** Calls back for every event until disposed. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** What the native menus offer from now on; absent where there are none. */
  showCommands?(commands: readonly MenuCommand[]): void;
  /** Calls back at once and on each change. Absent where the host cannot go away without the page. */
  watchConnection?(listener: (state: ConnectionState) => void): () => void;
}

/** The host said no, or did not answer. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  readonly failure: StudioFailure | undefined;

  constructor(message: string, failure?: StudioFailure, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }

  get code(): string {
    return this.failure?.code ?? 'UNREACHABLE';
  }
}
