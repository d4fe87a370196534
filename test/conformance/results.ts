/** The table of results that is kept beside the suite. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Judgement } from './judge.ts';
import { flavourOf, LEVELS } from './levels.ts';
import type { Made } from './make.ts';
import { ORACLES_DIR } from './oracles.ts';
import type { Product } from './product.ts';
import { runProgram } from './run-program.ts';

const RESULTS = path.join(import.meta.dirname, 'results.md');

/** What stands in a cell: `pass`, or the rules that are broken. */
function cell({ level }: Made, { verapdf }: Judgement): string {
  const rules = level.standards.flatMap((standard) => verapdf?.get(flavourOf(standard)) ?? []);
  return rules.length === 0 ? 'pass' : [...new Set(rules)].join(' ');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(made: readonly Made[], judgements: ReadonlyMap<string, Judgement>): string[] {
  const names = [...new Set(made.map(({ fixture }) => fixture.name))];
  const cells = new Map<string, string>();
  for (const document of made) {
    const judgement = judgements.get(document.file);
    const text = judgement === undefined ? `failed: ${document.failure ?? ''}` : cell(document, judgement);
    cells.set(`${document.fixture.name}\n${document.level.name}`, text);
  }
  return [
    row(['fixture', ...LEVELS.map(({ name }) => name)]),
    row(['---', ...LEVELS.map(() => '---')]),
    ...names.map((name) => row([name, ...LEVELS.map((level) => cells.get(`${name}\n${level.name}`) ?? '')])),
  ];
}

async function versions(product: Product): Promise<string> {
  const pom = readFileSync(path.join(ORACLES_DIR, 'pom.xml'), 'utf8');
  const pinned = (name: string): string => new RegExp(`<${name}>(.*)</${name}>`).exec(pom)?.[1] ?? '?';
  const { stdout } = await runProgram('qpdf', ['--version']);
  const qpdf = /version (\S+)/.exec(stdout)?.[1] ?? '?';
  return [
    `Chromium ${product.engine.status().product?.replace(/^.*\//, '') ?? '?'}`,
    `veraPDF ${pinned('verapdf')}`,
    `PDFBox preflight ${pinned('preflight')}`,
    `qpdf ${qpdf}`,
  ].join(', ');
}

/** Writes results.md: standards across, fixtures down, in the order of the catalogue. */
export async function writeResults(
  product: Product,
  made: readonly Made[],
  judgements: ReadonlyMap<string, Judgement>,
): Promise<void> {
  const passed = made.filter((document) => {
    const judgement = judgements.get(document.file);
    return judgement !== undefined && cell(document, judgement) === 'pass';
  }).length;
  const text = [
    '# Results of the conformance suite',
    '',
    'Written by `npm run test:conformance`. A cell says what veraPDF says of the file that the product made there: `pass`, or the',
    'rules that the author of the fixture breaks; the product refuses such a document and names a rule of the cell. An empty cell:',
    'the fixture has nothing to show at that level.',
    '',
    `${await versions(product)}. ${made.length} documents, ${passed} pass, ${made.length - passed} are refused.`,
    '',
    ...table(made, judgements),
    '',
  ].join('\n');
  writeFileSync(RESULTS, text);
}
