import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../../core/error.ts';
import { createSigner, type Signer } from '../../../../core/pdf/signing/keys/signer.ts';
import { parseCertificate } from '../../../../core/pdf/signing/x509/certificate.ts';
import { makeSelfSigned } from '../../../../core/pdf/signing/x509/self-signed.ts';
import { createPdfWorkers, type PdfWorkers } from '../../../../core/pdf/worker/pdf-workers.ts';
import type { FinishTask } from '../../../../core/pdf/worker/pdf-task.ts';
import { silentLogger } from '../../../support/engine-folders.ts';
import { buildPdf, onePage } from '../../../support/pdf-builder.ts';

let workers: PdfWorkers | undefined;
afterEach(() => workers?.close());

const open = (count = 1): PdfWorkers =>
  (workers = createPdfWorkers({ workers: count, logger: silentLogger }));

const HOUR_MS = 3_600_000;

async function signedTask(): Promise<{ task: FinishTask; sign: Signer['sign'] }> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = await makeSelfSigned(privateKey, {
    commonName: 'Test',
    notBefore: Date.now() - HOUR_MS,
    notAfter: Date.now() + HOUR_MS,
  });
  const signer = createSigner(privateKey, parseCertificate(certificate), []);
  return {
    sign: (data, hash) => signer.sign(data, hash),
    task: {
      input: { kind: 'bytes', bytes: buildPdf(onePage()) },
      target: undefined,
      standards: [],
      plan: undefined,
      hasTitle: false,
      signature: {
        options: {},
        certificate,
        chain: [],
        type: 'ec',
        hash: 'sha256',
        network: { timeStamp: undefined, revocation: 'off', timeoutMs: 1_000 },
        image: undefined,
        fontsFolder: '',
        now: Date.now(),
      },
    },
  };
}

const limits = () => ({ timeoutMs: 20_000, signal: new AbortController().signal });

describe('PDF workers', () => {
  it('let the host make the value of a signature, so that no private key reaches them', async () => {
    const { task, sign } = await signedTask();
    const asked: number[] = [];
    const result = await open().run<'finish'>(
      { kind: 'finish', task },
      {
        ...limits(),
        sign: (data, hash) => {
          asked.push(data.byteLength);
          return sign(data, hash);
        },
      },
    );
    expect(asked).toHaveLength(1);
    expect(result.level).toBe('B-B');
    expect(Buffer.from(result.bytes ?? []).includes('/ByteRange [0 ')).toBe(true);
  });

  it('fail a task with the reason why its key does not sign, and go on with the next one', async () => {
    const { task, sign } = await signedTask();
    const locked = new InfluxionError('KEY_LOCKED', 'The key cannot be opened.');
    const pool = open();
    const failing = pool.run({ kind: 'finish', task }, { ...limits(), sign: () => Promise.reject(locked) });
    const next = pool.run({ kind: 'finish', task }, { ...limits(), sign });
    await expect(failing).rejects.toBe(locked);
    await expect(next).resolves.toMatchObject({ level: 'B-B' });
  });

  it('end a task that is cancelled, and one that takes too long, without harm to those that wait', async () => {
    const { task, sign } = await signedTask();
    const pool = open();
    const cancel = new AbortController();
    const never = (): Promise<Uint8Array> => new Promise(() => undefined);
    const cancelled = pool.run(
      { kind: 'finish', task },
      {
        timeoutMs: 20_000,
        signal: cancel.signal,
        sign: never,
        onSign: () => cancel.abort(new Error('enough')),
      },
    );
    await expect(cancelled).rejects.toThrow('enough');
    const slow = pool.run({ kind: 'finish', task }, { ...limits(), timeoutMs: 500, sign: never });
    const next = pool.run({ kind: 'finish', task }, { ...limits(), sign });
    await expect(slow).rejects.toMatchObject({ code: 'PDF_TIMEOUT' });
    await expect(next).resolves.toMatchObject({ level: 'B-B' });
  });

  it('leave small tasks to one worker, and do not let one that takes long hold up the others', async () => {
    const { task, sign } = await signedTask();
    const pool = open(2);
    await pool.run({ kind: 'finish', task }, { ...limits(), sign });
    let running = 0;
    let most = 0;
    const counted: Signer['sign'] = async (data, hash) => {
      most = Math.max(most, (running += 1));
      const value = await sign(data, hash);
      running -= 1;
      return value;
    };
    await Promise.all(
      Array.from({ length: 8 }, () => pool.run({ kind: 'finish', task }, { ...limits(), sign: counted })),
    );
    expect(most).toBe(1);
    const end = Promise.withResolvers<undefined>();
    const long = pool.run(
      { kind: 'finish', task },
      { ...limits(), sign: (data, hash) => end.promise.then(() => sign(data, hash)) },
    );
    await expect(pool.run({ kind: 'finish', task }, { ...limits(), sign })).resolves.toMatchObject({
      level: 'B-B',
    });
    end.resolve(undefined);
    await expect(long).resolves.toMatchObject({ level: 'B-B' });
  });

  it('tell once that a document is about to be signed, and how many pages it has', async () => {
    const { task, sign } = await signedTask();
    const told: string[] = [];
    const result = await open().run<'finish'>(
      { kind: 'finish', task },
      {
        ...limits(),
        onSign: () => told.push('about to'),
        sign: (data, hash) => {
          told.push('asked');
          return sign(data, hash);
        },
      },
    );
    expect(told).toEqual(['about to', 'asked']);
    expect(result.pages).toBe(1);
  });

  it('tell a broken file in words and take no more work once closed', async () => {
    const { task, sign } = await signedTask();
    const broken: FinishTask = { ...task, input: { kind: 'bytes', bytes: Buffer.from('%PDF-1.4\nnothing') } };
    const pool = open();
    await expect(pool.run({ kind: 'finish', task: broken }, { ...limits(), sign })).rejects.toMatchObject({
      code: 'PDF_DAMAGED',
    });
    await pool.close();
    await expect(pool.run({ kind: 'finish', task }, limits())).rejects.toMatchObject({
      code: 'SHUTTING_DOWN',
    });
  });
});
