/** Makes the documents of the suite with the product, and says what it refused. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerateRequest } from '../../contract/job.ts';
import { InfluxionError } from '../../core/error.ts';
import { appendRevision } from '../../core/pdf/revision/append.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { conform } from '../../core/pdf/standards/conform.ts';
import { needsTags, standardsFrom } from '../../core/pdf/standards/model.ts';
import { wholePdf } from '../support/engine-requests.ts';
import { requestOf, type Fixture } from './fixture.ts';
import type { Level } from './levels.ts';
import type { Product } from './product.ts';
import { inParallel } from './run-program.ts';

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

const titleOf = (html: string): string | undefined => /<title>(.*?)<\/title>/s.exec(html)?.[1];
const langOf = (html: string): string | undefined => /<html[^>]* lang="(.*?)"/.exec(html)?.[1];

async function makeOne(
  product: Product,
  request: GenerateRequest,
  { standards: names }: Level,
): Promise<{ pdf: Uint8Array; refused: readonly string[] | undefined }> {
  const standards = standardsFrom(names);
  const options = { ...request.options, outline: request.options?.outline ?? needsTags(standards) };
  const { pdf } = await product.run(
    { ...request, options },
    { signal: AbortSignal.timeout(120_000), onStage: () => undefined },
  );
  const document = PdfDocument.open(memorySource(await wholePdf(pdf)));
  const html = request.html_template.content ?? '';
  let refused: readonly string[] | undefined;
  let writer = 'append';
  try {
    const result = await conform(document, {
      standards,
      metadata: {
        title: titleOf(html),
        author: undefined,
        subject: undefined,
        keywords: [],
        language: langOf(html),
        documentId: undefined,
      },
      attachments: [],
      transparency: options.transparency ?? 'error',
      now: new Date(),
      seed: undefined,
    });
    writer = result.writer;
  } catch (error) {
    if (!(error instanceof InfluxionError) || error.code !== 'STANDARD_NOT_MET') throw error;
    refused = (error.details.violations ?? []).map(({ rule }) => rule);
  }
  const chunks =
    writer === 'append'
      ? appendRevision(document)
      : compactCopy(document, { objectStreams: standards.pdfa?.part !== 1 });
  return { pdf: Buffer.concat([...chunks]), refused };
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
