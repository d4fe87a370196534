/** Conforms and signs a file of 500 MB from disk to disk, in a process of its own; prints what it took. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishPdf } from '../../core/pdf/finish/finish.ts';
import { createSigner } from '../../core/pdf/signing/keys/signer.ts';
import { parseCertificate } from '../../core/pdf/signing/x509/certificate.ts';
import { makeSelfSigned } from '../../core/pdf/signing/x509/self-signed.ts';
import { standardsFrom } from '../../core/pdf/standards/model.ts';

const PAGES = 100;
const PIXELS = { width: 1_750, height: 1_000 };
const HOUR_MS = 3_600_000;

/** Pages with a picture of random pixels each, which nothing compresses. */
function writeLargePdf(path: string): void {
  const fd = openSync(path, 'w');
  const offsets: number[] = [];
  let at = 0;
  const put = (bytes: Uint8Array | string): void => {
    const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    writeSync(fd, buffer);
    at += buffer.byteLength;
  };
  const object = (number: number, write: () => void): void => {
    offsets[number] = at;
    put(`${number} 0 obj\n`);
    write();
    put('\nendobj\n');
  };
  put('%PDF-1.4\n%\xd3\xeb\xe9\xe1\n');
  object(1, () => put('<</Type/Catalog/Pages 2 0 R>>'));
  const kids = Array.from({ length: PAGES }, (_, page) => `${3 + page * 3} 0 R`).join(' ');
  object(2, () => put(`<</Type/Pages/Kids[${kids}]/Count ${PAGES}/MediaBox[0 0 595 842]>>`));
  const content = 'q 400 0 0 300 90 400 cm /X Do Q';
  for (let page = 0; page < PAGES; page += 1) {
    const first = 3 + page * 3;
    const resources = `<</XObject<</X ${first + 2} 0 R>>>>`;
    object(first, () => put(`<</Type/Page/Parent 2 0 R/Contents ${first + 1} 0 R/Resources${resources}>>`));
    object(first + 1, () => put(`<</Length ${content.length}>>\nstream\n${content}\nendstream`));
    const pixels = randomBytes(PIXELS.width * PIXELS.height * 3);
    object(first + 2, () => {
      put(
        `<</Type/XObject/Subtype/Image/Width ${PIXELS.width}/Height ${PIXELS.height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Length ${pixels.length}>>\nstream\n`,
      );
      put(pixels);
      put('\nendstream');
    });
  }
  const size = 3 + PAGES * 3;
  const start = at;
  put(`xref\n0 ${size}\n0000000000 65535 f \n`);
  for (let number = 1; number < size; number += 1)
    put(`${String(offsets[number]).padStart(10, '0')} 00000 n \n`);
  put(`trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`);
  closeSync(fd);
}

const folder = await mkdtemp(join(tmpdir(), 'influxion-bench-large-'));
try {
  const path = join(folder, 'large.pdf');
  writeLargePdf(path);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = await makeSelfSigned(privateKey, {
    commonName: 'Bench',
    notBefore: Date.now() - HOUR_MS,
    notAfter: Date.now() + HOUR_MS,
  });
  const signer = createSigner(privateKey, parseCertificate(certificate), []);
  const started = performance.now();
  await finishPdf(
    {
      input: { kind: 'file', path },
      target: join(folder, 'finished.pdf'),
      standards: ['pdf/a-2b'],
      hasTitle: false,
      plan: {
        standards: standardsFrom(['pdf/a-2b']),
        metadata: {
          title: 'Large',
          author: undefined,
          subject: undefined,
          keywords: [],
          language: 'en',
          documentId: undefined,
        },
        attachments: [],
        transparency: 'error',
        now: new Date(),
        seed: undefined,
      },
      signature: {
        options: {},
        certificate,
        chain: [],
        type: signer.type,
        hash: signer.hash,
        network: { timeStamp: undefined, revocation: 'off', timeoutMs: 1_000 },
        image: undefined,
        fontsFolder: '',
        now: Date.now(),
      },
    },
    { sign: (data, hash) => signer.sign(data, hash) },
  );
  const seconds = (performance.now() - started) / 1000;
  const { size } = await stat(path);
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  console.log(JSON.stringify({ size, seconds, peakMb: peakKb / 1024 }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
