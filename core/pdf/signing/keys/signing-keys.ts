/** The keys that sign documents: public facts in the database, private keys in the SecretStore. */
import { generateKeyPair, randomUUID, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { KeyId, type CreateKeyRequest, type KeyFacts } from '../../../../contract/key.ts';
import { InfluxionError } from '../../../error.ts';
import type { Clock, SecretStore } from '../../../ports.ts';
import type { Db } from '../../../store/db.ts';
import { createSigningKeyRepository } from '../../../store/signing-key-repository.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { makeSelfSigned } from '../x509/self-signed.ts';
import { assertForSigning, assertInTime, assertNotExpired } from './certificate-use.ts';
import { factsOf, type PublicKeyPart } from './key-facts.ts';
import { createOpenedKeys } from './opened-keys.ts';
import { writePem } from './pem.ts';
import { readKeyFile, type KeyPair } from './read-key-file.ts';
import { createSigner, type Signer } from './signer.ts';

export interface SigningKeysDeps {
  readonly db: Db;
  readonly secrets: SecretStore;
  readonly clock: Clock;
}

export interface ImportKey {
  readonly id: string;
  /** PKCS #12 or PEM; wiped when the call ends. */
  readonly file: Uint8Array;
  readonly passphrase?: string;
}

export interface SigningKeys {
  /** A new key with a certificate of its own. Errors: KEY_EXISTS, those of the SecretStore and the database. */
  create(request: CreateKeyRequest): Promise<KeyFacts>;
  /** Errors: KEY_EXISTS, those of readKeyFile, KEY_UNUSABLE (expired, not for signing), those of the stores. */
  import(request: ImportKey): Promise<KeyFacts>;
  /** By name. */
  list(): KeyFacts[];
  /** Errors: KEY_NOT_FOUND. */
  get(id: string): KeyFacts;
  /** The certificate and its issuers as PEM. Errors: KEY_NOT_FOUND. */
  exportCertificates(id: string): string;
  /** The private key is gone for good. Errors: KEY_NOT_FOUND, those of the stores. */
  remove(id: string): Promise<void>;
  /** Whether a document can be signed with it now, without opening it. Errors: KEY_NOT_FOUND, KEY_UNUSABLE. */
  assertUsable(id: string): void;
  /** Errors: KEY_NOT_FOUND, KEY_UNUSABLE, KEY_LOCKED. */
  signer(id: string): Promise<Signer>;
  /** Lets go of every opened key. */
  close(): void;
}

const HOUR_MS = 60 * 60_000;
const DEFAULT_RSA_SIZE = 3072;

function notFound(id: string): InfluxionError {
  // What cannot name a key may be anything, and is not repeated to a terminal.
  const name = KeyId.safeParse(id).success ? `named "${id}"` : 'of that name';
  return new InfluxionError('KEY_NOT_FOUND', `This host holds no signing key ${name}.`, {
    hint: 'The command "influxion key list" shows those that it holds.',
  });
}

export function createSigningKeys({ db, secrets, clock }: SigningKeysDeps): SigningKeys {
  const repository = createSigningKeyRepository(db);
  const opened = createOpenedKeys(secrets);
  /** Parsed once: a certificate never changes under its name. */
  const known = new Map<string, PublicKeyPart & { readonly secret: string }>();
  /** Names of keys that are being stored. */
  const arriving = new Set<string>();

  const find = (id: string): PublicKeyPart & { readonly secret: string } => {
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    const stored = repository.find(id);
    if (stored === undefined) throw notFound(id);
    const part = {
      id,
      secret: stored.secret,
      createdAt: stored.createdAt,
      certificate: parseCertificate(stored.certificate),
      chain: stored.chain.map(parseCertificate),
    };
    known.set(id, part);
    return part;
  };

  const tell = (part: PublicKeyPart): KeyFacts => factsOf(part, clock.now(), secrets.protection);

  const findUsable = (id: string): PublicKeyPart & { readonly secret: string } => {
    const part = find(id);
    assertInTime(id, part.certificate, clock.now());
    return part;
  };

  /** Runs `make` while nobody else can take the name, and stores what it made. */
  const add = async (id: string, make: () => Promise<KeyPair>): Promise<KeyFacts> => {
    if (arriving.has(id) || repository.find(id) !== undefined) {
      throw new InfluxionError('KEY_EXISTS', `There is already a signing key named "${id}".`, {
        hint: 'Choose another name, or remove that key first; what it signed stays valid.',
      });
    }
    arriving.add(id);
    try {
      const { pkcs8, certificate, chain } = await make();
      const secret = `signing-key-${randomUUID()}`;
      try {
        // Before the row: a row whose secret is missing would be a key that cannot be opened.
        await secrets.set(secret, pkcs8);
      } finally {
        pkcs8.fill(0);
      }
      const part = { id, secret, certificate, chain, createdAt: clock.now() };
      try {
        await repository.add({ ...part, certificate: certificate.der, chain: chain.map(({ der }) => der) });
      } catch (error) {
        await secrets.delete(secret);
        throw error;
      }
      known.set(id, part);
      return tell(part);
    } finally {
      arriving.delete(id);
    }
  };

  return {
    create: (request) => add(request.id, () => makePair(request, clock.now())),

    import: ({ id, file, passphrase = '' }) =>
      add(id, async () => {
        const pair = await readKeyFile(file, passphrase).finally(() => file.fill(0));
        try {
          assertForSigning(pair.certificate);
          assertNotExpired('this key', pair.certificate.notAfter, clock.now());
          return pair;
        } catch (error) {
          pair.pkcs8.fill(0);
          throw error;
        }
      }),

    list: () => repository.ids().map((id) => tell(find(id))),
    get: (id) => tell(find(id)),

    exportCertificates(id) {
      const { certificate, chain } = find(id);
      return writePem([certificate, ...chain].map(({ der }) => der));
    },

    async remove(id) {
      const { secret } = find(id);
      opened.forget(secret);
      // The secret first: what is left after a crash is a name that can be removed again, never a forgotten key.
      await secrets.delete(secret);
      known.delete(id);
      repository.remove(id);
    },

    assertUsable(id) {
      findUsable(id);
    },

    async signer(id) {
      const { certificate, chain, secret } = findUsable(id);
      const key = await opened.open(id, secret);
      return createSigner(key, certificate, chain);
    },

    close() {
      opened.close();
    },
  };
}

const generate = promisify(generateKeyPair);

async function makePair(request: CreateKeyRequest, now: number): Promise<KeyPair> {
  const { id, type, size = DEFAULT_RSA_SIZE, curve = 'P-256', common_name = id.slice(0, 64) } = request;
  const { organization, country, email, valid_years } = request;
  const { privateKey }: { readonly privateKey: KeyObject } =
    type === 'rsa'
      ? await generate('rsa', { modulusLength: size })
      : await generate('ec', { namedCurve: curve });
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + valid_years);
  const certificate = await makeSelfSigned(privateKey, {
    commonName: common_name,
    ...(organization !== undefined && { organization }),
    ...(country !== undefined && { country }),
    ...(email !== undefined && { email }),
    // Clocks of readers may be behind.
    notBefore: now - HOUR_MS,
    notAfter: end.getTime(),
  });
  return {
    pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }),
    certificate: parseCertificate(certificate),
    chain: [],
  };
}
