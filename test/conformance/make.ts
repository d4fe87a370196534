/** Makes the documents of the suite with the product, and says what it refused. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerateRequest } from '../../contract/job.ts';
import { InfluxionError } from '../../core/error.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { requestOf, type Fixture } from './fixture.ts';
import type { Level } from './levels.ts';
import type { Product } from './product.ts';
import { refusedDocument } from './refused-documents.ts';
import { inParallel } from './run-program.ts';

const DEADLINE_MS = 120_000;

export interface Made {
  readonly fixture: Fixture;
  readonly level: Level;
  /** Absolute path of the PDF. */
  readonly file: string;
  /** Rules that the product named instead of handing the document out; the file is then what it refused. */
  readonly refused: readonly string[] | undefined;
  /** A failure that is not about the standard. */
  readonly failure: string | undefined;
}

/** PDF/A-4f is for documents with an attached file (6.9-5). */
const WITH_FILE = {
  attachments: [{ filename: 'source.txt', content: Buffer.from('source').toString('base64') }],
};

async function makeOne(
  product: Product,
  request: GenerateRequest,
  { standards }: Level,
): Promise<{ pdf: Uint8Array; refused: readonly string[] | undefined }> {
  try {
    const { pdf } = await product.run(
      { ...(standards.includes('pdf/a-4f') ? WITH_FILE : {}), ...request, pdf_standard: [...standards] },
      { signal: AbortSignal.timeout(DEADLINE_MS), onStage: () => undefined },
    );
    return { pdf: await wholePdf(pdf), refused: undefined };
  } catch (error) {
    const pdf = refusedDocument(error);
    if (pdf === undefined || !InfluxionError.is(error)) throw error;
    return { pdf, refused: (error.details.violations ?? []).map(({ rule }) => rule) };
  }
}

/** Every fixture at each of its levels, as files `FIXTURE/LEVEL.pdf` under the folder. */
export async function makeAll(
  product: Product,
  fixtures: readonly Fixture[],
  folder: string,
): Promise<Made[]> {
  const wanted = fixtures.flatMap((fixture) => {
    const request = requestOf(fixture);
    return fixture.levels.map((level) => ({ fixture, level, request }));
  });
  return inParallel(wanted, product.concurrency, async ({ fixture, level, request }) => {
    const file = path.join(folder, fixture.name.replaceAll(/[ ,]+/g, '-'), `${level.name}.pdf`);
    try {
      const { pdf, refused } = await makeOne(product, request, level);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, pdf);
      return { fixture, level, file, refused, failure: undefined };
    } catch (error) {
      return { fixture, level, file, refused: undefined, failure: String(error) };
    }
  });
}
