/** What conforming, checking and signing add to a print: time and bytes, by standard and length. In one process, one at a time. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { standardsOf, type PdfStandard } from '../../contract/standard.ts';
import { finishPdf } from '../../core/pdf/finish/finish.ts';
import { resolvePrintSettings } from '../../core/pdf/print-settings.ts';
import { wholePdf } from '../../core/pdf/references/print-until-still.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { PdfReader } from '../../core/pdf/revision/reader.ts';
import type { SignatureHash } from '../../core/pdf/signing/cms/signature-hash.ts';
import { createSigner } from '../../core/pdf/signing/keys/signer.ts';
import { parseCertificate } from '../../core/pdf/signing/x509/certificate.ts';
import { makeSelfSigned } from '../../core/pdf/signing/x509/self-signed.ts';
import { checkConformance } from '../../core/pdf/standards/check/check-conformance.ts';
import { needsTags, standardsFrom } from '../../core/pdf/standards/model.ts';
import type { FinishTask, SignatureTask } from '../../core/pdf/worker/pdf-task.ts';
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { finishedHtml } from './finished-html.ts';
import { benchCache } from './floor-browser.ts';
import type { Fact } from './report.ts';
import { silentLogger } from './silent-logger.ts';
import { percentile } from './statistics.ts';

const FONTS = join(import.meta.dirname, '../../assets/fonts');

interface Case {
  readonly document: string;
  readonly rounds: number;
  readonly standards: readonly string[];
}

const CASES: readonly Case[] = [
  { document: 'invoice', rounds: 60, standards: ['pdf/a-2b', 'pdf/a-1b', 'pdf/a-2a', 'pdf/ua-1'] },
  { document: 'report', rounds: 12, standards: ['pdf/a-2b', 'pdf/a-2a', 'pdf/ua-1'] },
  { document: 'invoice-234', rounds: 3, standards: ['pdf/a-2b', 'pdf/a-2a'] },
];
const WARM_UP = 0.3;
const HOUR_MS = 3_600_000;

/** Milliseconds of wall and CPU, and bytes added, a standard and a signature at a time. */
export async function measureFinishing(): Promise<Fact[]> {
  const engine = createCdpEngine({
    cacheDir: benchCache,
    fontsDir: FONTS,
    concurrency: 1,
    logger: silentLogger,
  });
  const facts: Fact[] = [];
  try {
    for (const { document, rounds, standards } of CASES) {
      const prints = new Map<boolean, { readonly bytes: Uint8Array }>();
      const printed = async (tagged: boolean) => {
        const known = prints.get(tagged) ?? (await print(engine, document, tagged));
        prints.set(tagged, known);
        return known;
      };
      for (const name of standards) {
        const [standard] = standardsOf(name);
        if (standard === undefined) continue;
        const { bytes } = await printed(needsTags(standardsFrom([standard])));
        const task = taskFor(bytes, standard, undefined);
        const made = await timed(rounds, () => finishPdf(task(), NOBODY));
        const pdf = made.result.bytes ?? new Uint8Array();
        const checked = await timed(rounds, () =>
          Promise.resolve(checkConformance(PdfReader.open(memorySource(pdf)), [standard])),
        );
        facts.push({
          what: `finishing: ${document}, ${name}, added: conform and check / the check alone, p50`,
          figure: `${made.p50.toFixed(2)} / ${checked.p50.toFixed(2)} ms`,
        });
        facts.push({
          what: `finishing: ${document}, ${name}, size of the print / of the document`,
          figure: `${kilobytes(bytes.byteLength)} / ${kilobytes(pdf.byteLength)}`,
        });
      }
      if (document !== 'invoice-234')
        facts.push(...(await signatures(document, await printed(false), rounds)));
    }
    facts.push(await largeFile());
  } finally {
    await engine.close();
  }
  return facts;
}

/** A file of 500 MB from disk to disk, in a process of its own, whose memory is read in the end. */
async function largeFile(): Promise<Fact> {
  const { stdout } = await promisify(execFile)(process.execPath, [LARGE_FILE]);
  const { size, seconds, peakMb } = JSON.parse(stdout) as Record<'size' | 'seconds' | 'peakMb', number>;
  return {
    what: `finishing: ${(size / 1e6).toFixed(0)} MB, pdf/a-2b and signed, memory of the process at its peak / time`,
    figure: `${peakMb.toFixed(0)} MB / ${seconds.toFixed(1)} s`,
  };
}

const LARGE_FILE = join(import.meta.dirname, 'large-file-once.ts');

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

async function signatures(
  document: string,
  { bytes }: { readonly bytes: Uint8Array },
  rounds: number,
): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const key of ['RSA-2048', 'P-256'] as const) {
    const { signature, host } = await signerOf(key);
    const task = taskFor(bytes, undefined, signature);
    const { p50, result } = await timed(rounds, () => finishPdf(task(), host));
    facts.push({
      what: `finishing: ${document}, signature B-B with ${key}, p50 / bytes added`,
      figure: `${p50.toFixed(2)} ms / ${kilobytes((result.bytes?.byteLength ?? 0) - bytes.byteLength)}`,
    });
  }
  return facts;
}

const NOBODY = {
  sign: () => Promise.reject(new Error('Nobody signs here')),
};

function taskFor(
  bytes: Uint8Array,
  standard: PdfStandard | undefined,
  signature: SignatureTask | undefined,
): () => FinishTask {
  const standards = standard === undefined ? [] : [standard];
  return () => ({
    input: { kind: 'bytes', bytes },
    target: undefined,
    standards,
    hasTitle: true,
    signature,
    plan:
      standard === undefined
        ? undefined
        : {
            standards: standardsFrom(standards),
            metadata: {
              title: undefined,
              author: 'Bench',
              subject: undefined,
              keywords: [],
              language: 'en',
              documentId: 'bench',
            },
            attachments: [],
            transparency: 'error',
            now: new Date(),
            seed: undefined,
          },
  });
}

async function print(
  engine: ReturnType<typeof createCdpEngine>,
  name: string,
  tagged: boolean,
): Promise<{ readonly bytes: Uint8Array }> {
  const { html, assets } = await finishedHtml(name);
  const settings = { ...resolvePrintSettings({}, { header: undefined, footer: undefined }), tagged };
  const { pdf } = await engine.print({
    html,
    settings,
    assets: (path) => assets.get(path),
    scripts: false,
    timeoutMs: 120_000,
    signal: AbortSignal.timeout(120_000),
  });
  return { bytes: await wholePdf(pdf) };
}

async function signerOf(key: 'RSA-2048' | 'P-256') {
  const { privateKey } =
    key === 'P-256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = await makeSelfSigned(privateKey, {
    commonName: 'Bench',
    notBefore: Date.now() - HOUR_MS,
    notAfter: Date.now() + HOUR_MS,
  });
  const signer = createSigner(privateKey, parseCertificate(certificate), []);
  const signature: SignatureTask = {
    options: {},
    certificate,
    chain: [],
    type: signer.type,
    hash: signer.hash,
    network: { timeStamp: undefined, revocation: 'off', timeoutMs: 1_000 },
    image: undefined,
    fontsFolder: FONTS,
    now: Date.now(),
  };
  return {
    signature,
    host: {
      sign: (data: Uint8Array, hash: SignatureHash) => signer.sign(data, hash),
    },
  };
}

async function timed<Result>(
  rounds: number,
  run: () => Promise<Result>,
): Promise<{ readonly p50: number; readonly result: Result }> {
  const warmUp = Math.ceil(rounds * WARM_UP);
  const times: number[] = [];
  let result = await run();
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const started = performance.now();
    result = await run();
    if (round >= warmUp) times.push(performance.now() - started);
  }
  return { p50: percentile(times, 0.5), result };
}
