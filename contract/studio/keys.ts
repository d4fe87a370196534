/** The keys that sign documents, for their owner. */
import { z } from 'zod';
import { CreateKeyRequest, KeyFacts, KeyId, KeyList, Passphrase } from '../key.ts';
import { Bytes, Nothing, route } from './route.ts';

const Target = z.strictObject({ id: z.string() });

export const keyRoutes = {
  'keys.list': route(Nothing, KeyList),
  'keys.create': route(CreateKeyRequest, KeyFacts),
  /** `bytes`: PKCS #12, or PEM with the private key and its certificates. */
  'keys.import': route(
    z.strictObject({ id: KeyId, bytes: Bytes, passphrase: Passphrase.optional() }),
    KeyFacts,
  ),
  /** The certificate and its issuers as PEM; a private key never leaves. */
  'keys.export': route(Target, z.object({ filename: z.string(), bytes: Bytes })),
  'keys.remove': route(Target, z.object({})),
};
