/** A throw-away certification authority with trust services on the loopback interface (oracles/pki). */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ORACLES_DIR } from './oracles.ts';
import { runProgram } from './run-program.ts';

export interface TestPki extends AsyncDisposable {
  /** Holds NAME.p12 (password `test`), NAME.crt, NAME.key and the trust anchor root.crt. */
  readonly folder: string;
  /** Of the services: `/tsa`, `/ocsp`, `/int.crl` … */
  readonly url: string;
}

/** The certificates name the port of the services, so it is chosen first. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

export async function openTestPki(): Promise<TestPki> {
  const folder = mkdtempSync(path.join(tmpdir(), 'influxion-pki-'));
  const port = await freePort();
  const made = await runProgram(`${ORACLES_DIR}/pki/make`, [folder, String(port)], { deadlineMs: 60_000 });
  if (made.code !== 0) throw new Error(`The test PKI was not made: ${made.stderr}`);
  const services = spawn(`${ORACLES_DIR}/pki/tsa`, [folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) =>
    services.once('close', () => {
      resolve();
    }),
  );
  const url = await new Promise<string>((resolve, reject) => {
    services.once('error', reject);
    services.once('close', () => {
      reject(new Error('The trust services ended'));
    });
    services.stdout.once('data', (line: Buffer) => {
      resolve(line.toString().trim().replace('ready ', ''));
    });
  });
  return {
    folder,
    url,
    [Symbol.asyncDispose]: async () => {
      services.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
