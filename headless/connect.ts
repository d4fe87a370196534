import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxionError } from '../core/error.ts';
import type { Paths } from '../core/ports.ts';
import { readOwner } from '../core/store/owner-lock.ts';
import { connectToServer } from './connect-server.ts';
import type { HostConnection } from './host-connection.ts';
import { reachableUrl } from './listen-address.ts';
import { hasDataFolder, hostPaths, makeDataFolder } from './paths.ts';

/** How long one other command, or a host that is just starting, may hold the folder before it serves or lets go. */
const PATIENCE_MS = 15_000;
/** In a crowd of commands each takes its turn; whoever waits longer than this is told so. */
const LONGEST_WAIT_MS = 120_000;
const RETRY_MS = 50;

const isInUse = (error: unknown): boolean => InfluxionError.is(error) && error.code === 'DATA_FOLDER_IN_USE';

async function connectOnce(paths: Paths): Promise<HostConnection | undefined> {
  const owner = readOwner(paths);
  if (owner?.url !== undefined && owner.token !== undefined) {
    return connectToServer(reachableUrl(owner.url), owner.token);
  }
  if (owner !== undefined) return undefined;
  const { connectToFolder } = await import('./connect-folder.ts');
  try {
    return await connectToFolder(paths);
  } catch (error) {
    if (isInUse(error)) return undefined;
    throw error;
  }
}

/** The running owner of the data folder; undefined when nobody serves it. */
export function connectToRunning(dataFolder: string | undefined): HostConnection | undefined {
  const paths = hostPaths(dataFolder, process.env);
  const owner = hasDataFolder(paths) ? readOwner(paths) : undefined;
  if (owner?.url === undefined || owner.token === undefined) return undefined;
  return connectToServer(reachableUrl(owner.url), owner.token);
}

/**
 * The data folder, through its running owner or opened here; see host-connection.ts. With `create` a missing folder is
 * made, else it is an error: most often its name was mistyped. Errors: DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE.
 */
export async function connect(
  dataFolder: string | undefined,
  { create = false }: { readonly create?: boolean } = {},
): Promise<HostConnection> {
  const paths = hostPaths(dataFolder, process.env);
  if (create) await makeDataFolder(paths);
  else if (!hasDataFolder(paths)) {
    throw new InfluxionError('DATA_FOLDER_UNUSABLE', `There is no data folder at ${paths.data} yet.`, {
      hint: 'The first "influxion serve" makes it; --data DIR or INFLUXION_DATA_DIR names another one.',
    });
  }
  const started = performance.now();
  let since = started;
  let holder: number | undefined;
  for (;;) {
    const connection = await connectOnce(paths);
    if (connection !== undefined) return connection;
    const now = performance.now();
    const pid = readOwner(paths)?.pid;
    if (pid !== holder) [holder, since] = [pid, now];
    if (now - since >= PATIENCE_MS || now - started >= LONGEST_WAIT_MS) throw heldByAnother(holder);
    await sleep(RETRY_MS);
  }
}

function heldByAnother(pid: number | undefined): InfluxionError {
  return new InfluxionError(
    'DATA_FOLDER_IN_USE',
    `Another Influxion${pid === undefined ? '' : ` (process ${pid})`} holds this data folder and does not serve.`,
    { hint: 'Wait until it has started, or stop it.' },
  );
}
