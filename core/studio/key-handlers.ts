import { KEY_FILE_MAX_BYTES } from '../../contract/key.ts';
import { InfluxionError } from '../error.ts';
import type { SigningKeys } from '../pdf/signing/keys/signing-keys.ts';
import type { StudioEventHub } from './event-hub.ts';
import type { StudioHandlers } from './router.ts';

type KeyHandlers = Pick<
  StudioHandlers,
  'keys.list' | 'keys.create' | 'keys.import' | 'keys.export' | 'keys.remove'
>;

/** The keys that sign documents, for their owner. Every studio that is open is told when they become others. */
export function createKeyHandlers(keys: SigningKeys, events: Pick<StudioEventHub, 'emit'>): KeyHandlers {
  const tell = (): void => events.emit({ type: 'keys.changed' });
  return {
    'keys.list': () => ({ keys: keys.list() }),
    'keys.create': async (request) => {
      const created = await keys.create(request);
      tell();
      return created;
    },
    'keys.import': async ({ id, bytes, passphrase }) => {
      if (bytes.length > KEY_FILE_MAX_BYTES) {
        throw new InfluxionError('BODY_TOO_LARGE', 'A key file has at most one megabyte.');
      }
      const imported = await keys.import({
        id,
        file: bytes,
        ...(passphrase !== undefined && { passphrase }),
      });
      tell();
      return imported;
    },
    'keys.export': ({ id }) => ({
      filename: `${id}.pem`,
      bytes: new TextEncoder().encode(keys.exportCertificates(id)),
    }),
    'keys.remove': async ({ id }) => {
      await keys.remove(id);
      tell();
      return {};
    },
  };
}
