/** The keys of the data folder for a command that signs by itself; the private key stays with whoever owns the folder. */
import { KeyFacts, SignatureValue } from '../contract/key.ts';
import type { Signing } from '../core/pdf/finish/finisher.ts';
import { certificatesOfPem } from '../core/pdf/signing/keys/pem.ts';
import type { Signer } from '../core/pdf/signing/keys/signer.ts';
import { parseCertificate } from '../core/pdf/signing/x509/certificate.ts';
import { call, callJson, jsonBody, readBody, type HostConnection } from './host-connection.ts';

/** Asks for the facts of one key. Errors: KEY_NOT_FOUND, and those of the connection. */
export async function connectKey(connection: HostConnection, id: string): Promise<Signing['keys']> {
  const path = `/keys/${encodeURIComponent(id)}`;
  const facts = await callJson(connection, KeyFacts, { method: 'GET', path });
  const pem = await readBody(await call(connection, { method: 'GET', path: `${path}/certificate` }));
  const [certificate, ...chain] = certificatesOfPem(pem).map(parseCertificate);
  if (certificate === undefined) throw new Error('A key without a certificate');
  const signer: Signer = {
    certificate,
    chain,
    type: facts.type,
    hash: facts.curve === 'P-384' ? 'sha384' : 'sha256',
    async sign(data, hash) {
      const { value } = await callJson(connection, SignatureValue, {
        method: 'POST',
        path: `${path}/signature`,
        body: jsonBody({ data: Buffer.from(data).toString('base64'), hash }),
      });
      return Buffer.from(value, 'base64');
    },
  };
  return {
    signer: () => Promise.resolve(signer),
    get: () => facts,
  };
}
