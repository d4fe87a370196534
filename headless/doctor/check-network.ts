import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CERTIFICATE_FILE } from '../../core/entrances.ts';
import type { Paths } from '../../core/ports.ts';
import { readCertificate } from '../../core/tls/certificate.ts';
import type { Finding } from './finding.ts';

/** The certificate that the API shows to the network; undefined where it was never open there. */
export async function checkNetwork(paths: Paths): Promise<Finding | undefined> {
  const finding = { id: 'network', label: 'Network' } as const;
  let pem: string;
  try {
    pem = await readFile(join(paths.data, CERTIFICATE_FILE), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { fingerprint, notAfter } = readCertificate(pem);
    const until = new Date(notAfter).toISOString().slice(0, 10);
    return {
      ...finding,
      state: 'ok',
      says: `certificate ${CERTIFICATE_FILE} until ${until}, SHA-256 ${fingerprint}`,
    };
  } catch {
    return {
      ...finding,
      state: 'note',
      says: `${CERTIFICATE_FILE} in the data folder is no certificate`,
      fix: 'It is written anew when the API is next opened to the network.',
    };
  }
}
