import { KEY_FILE_MAX_BYTES } from '../../contract/key.ts';
import { InfluxionError } from '../error.ts';
import type { SigningKeys } from '../pdf/signing/keys/signing-keys.ts';
import type { StudioHandlers } from './router.ts';

type KeyHandlers = Pick<
  StudioHandlers,
  'keys.list' | 'keys.create' | 'keys.import' | 'keys.export' | 'keys.remove'
>;

/** The keys that sign documents, for their owner. */
export function createKeyHandlers(keys: SigningKeys): KeyHandlers {
  return {
    'keys.list': () => ({ keys: keys.list() }),
    'keys.create': (request) => keys.create(request),
    'keys.import': ({ id, bytes, passphrase }) => {
      if (bytes.length > KEY_FILE_MAX_BYTES) {
        throw new InfluxionError('BODY_TOO_LARGE', 'A key file has at most one megabyte.');
      }
      return keys.import({ id, file: bytes, ...(passphrase !== undefined && { passphrase }) });
    },
    'keys.export': ({ id }) => ({
      filename: `${id}.pem`,
      bytes: new TextEncoder().encode(keys.exportCertificates(id)),
    }),
    'keys.remove': async ({ id }) => {
      await keys.remove(id);
      return {};
    },
  };
}
