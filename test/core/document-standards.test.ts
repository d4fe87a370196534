/** From a request to a finished file, through the real renderer, engine and PDF worker. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenerateRequest } from '../../contract/job.ts';
import { createPipeline } from '../../core/document/pipeline.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { PdfDict, PdfStream, PdfString } from '../../core/pdf/revision/objects.ts';
import { textOf } from '../../core/pdf/revision/text-string.ts';
import { wholePdf } from '../../core/pdf/references/print-until-still.ts';
import { systemClock } from '../../core/ports.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { createTemplateRenderer } from '../../core/templates/worker-renderer.ts';
import { openTestEngine, silentLogger, type TestEngine } from '../support/engine-folders.ts';
import { openFinisher } from '../support/finisher.ts';

let folder: string;
let engine: TestEngine;
let finishing: ReturnType<typeof openFinisher>;
const renderer = createTemplateRenderer({ workers: 1, logger: silentLogger });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'influxion-standards-'));
  engine = openTestEngine({ concurrency: 1 });
  finishing = openFinisher(folder, silentLogger);
});

afterAll(async () => {
  await renderer.close();
  await finishing.close();
  await engine.dispose();
  await rm(folder, { recursive: true });
});

async function make(html: string, more: object = {}) {
  const run = createPipeline({
    renderer,
    engine: engine.engine,
    finisher: finishing.finisher,
    library: createTemplateLibrary({ folder, logger: silentLogger }),
    clock: systemClock,
  });
  const stages: string[] = [];
  const request = GenerateRequest.parse({ html_template: { content: html }, ...more });
  const result = await run(request, {
    signal: AbortSignal.timeout(25_000),
    onStage: (stage) => stages.push(stage),
  });
  const bytes = await wholePdf(result.pdf);
  return { bytes, stages, document: PdfDocument.open(memorySource(bytes)), ...result };
}

function xmpOf(document: PdfDocument): string {
  const stream = document.streamAt(document.root, 'Metadata');
  return stream instanceof PdfStream ? Buffer.from(document.decodedBytes(stream)).toString() : '';
}

function infoOf(document: PdfDocument, key: string): string | undefined {
  const info = document.resolve(document.trailer.get('Info'));
  const value = info instanceof PdfDict ? document.resolve(info.get(key)) : null;
  return value instanceof PdfString ? textOf(value) : undefined;
}

describe('a request without a standard', () => {
  it('gets the print as it is, without a stage more', async () => {
    const { stages, document } = await make('<p>plain');
    expect(stages).toEqual(['render', 'print']);
    expect(document.root.has('Metadata')).toBe(false);
  });

  it('gets the metadata it asks for, and what the HTML says of the rest', async () => {
    const html =
      '<html lang="de"><title>Ärger &amp; Co</title><meta name="author" content="A &amp; B"><meta name="keywords" content="x, y">';
    const { document, stages } = await make(html, { metadata: { subject: 'S' }, document_id: 'doc-7' });
    expect(stages).toEqual(['render', 'print', 'conform']);
    expect(infoOf(document, 'Title')).toBe('Ärger & Co');
    expect(infoOf(document, 'Author')).toBe('A & B');
    expect(infoOf(document, 'Subject')).toBe('S');
    expect(xmpOf(document)).toContain('doc-7');
  });

  it('has no title where nobody gave one: Chromium would name its own address', async () => {
    const { document } = await make('<p>x', { document_id: 'd' });
    expect(infoOf(document, 'Title')).toBeUndefined();
  });
});

describe('a standard', () => {
  it('is claimed in the file that was asked to meet it', async () => {
    const { document, timings } = await make('<html lang="en"><title>T</title><p>text', {
      pdf_standard: 'PDF/A-2B',
    });
    expect(xmpOf(document)).toMatch(/pdfaid:part[^\d]*2/);
    expect(timings.conform).toBeGreaterThan(0);
  });

  it('brings tags where it needs them', async () => {
    const { document } = await make('<html lang="en"><title>T</title><h1>text', { pdf_standard: 'pdf/ua-1' });
    expect(document.root.has('StructTreeRoot')).toBe(true);
  });

  it('is made the same, byte for byte, when that is asked for', async () => {
    const once = () =>
      make('<html lang="en"><title>T</title><p>x', {
        pdf_standard: 'pdf/a-2b',
        options: { reproducible: true },
      });
    const [first, second] = [await once(), await once()];
    expect(Buffer.from(first.bytes).equals(second.bytes)).toBe(true);
  });
});
