/** The sessions that documents are printed in: in memory, without a way out. */
import { session, type Session } from 'electron';

/** The port "discard" of this computer, where nothing listens; `<-loopback>` sends even loopback addresses there. */
const NOWHERE = {
  mode: 'fixed_servers',
  proxyRules: 'http://127.0.0.1:9',
  proxyBypassRules: '<-loopback>',
} as const;

const prepared = new Map<string, Promise<Session>>();

/** The session of a partition, closed to the network and to every permission. The set of names must be a fixed one: sessions stay. */
export function printSession(partition: string): Promise<Session> {
  const known = prepared.get(partition);
  if (known !== undefined) return known;
  const opening = prepare(session.fromPartition(partition, { cache: false }));
  prepared.set(partition, opening);
  return opening;
}

async function prepare(own: Session): Promise<Session> {
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.setSpellCheckerEnabled(false);
  own.on('will-download', (event) => event.preventDefault());
  await own.setProxy(NOWHERE);
  return own;
}
