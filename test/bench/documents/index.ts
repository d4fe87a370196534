/** The documents that the bench prints: plain files beside this one, read once and the same in every run. */
import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Asset } from '../../../core/pdf/engine.ts';
import { invoiceLines, invoiceTotals } from './invoice-lines.ts';

export interface BenchDocument {
  readonly name: string;
  /** Handlebars. */
  readonly html: string;
  /** Handlebars; empty when the HTML brings its own styles. */
  readonly css: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** By the relative URL that the HTML names. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** How many pages it has in the fonts that ship. */
  readonly pages: number;
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
};

/** 7,930 rows are 234 pages. */
const LONG_INVOICE = { lines: 7_930, pages: 234 };

async function textOf(folder: string, file: string): Promise<string> {
  return readFile(join(import.meta.dirname, folder, file), 'utf8');
}

async function assetsOf(folder: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const file of await readdir(join(import.meta.dirname, folder))) {
    const mimeType = MIME_TYPES[extname(file)];
    if (mimeType === undefined) continue;
    assets.set(file, { bytes: await readFile(join(import.meta.dirname, folder, file)), mimeType });
  }
  return assets;
}

async function templateOf(folder: string): Promise<Omit<BenchDocument, 'name' | 'pages'>> {
  return {
    html: await textOf(folder, 'template.html'),
    css: await textOf(folder, 'style.css'),
    data: JSON.parse(await textOf(folder, 'data.json')) as Record<string, unknown>,
    assets: await assetsOf(folder),
  };
}

const LOADERS = {
  /** Static text; nothing for Handlebars to do. */
  article: async () => ({
    html: await textOf('article', 'template.html'),
    css: '',
    data: {},
    assets: new Map<string, Asset>(),
    pages: 1,
  }),
  invoice: async () => ({ ...(await templateOf('invoice')), pages: 1 }),
  /** Text, tables and seven images of 130 to 240 KB. */
  report: async () => ({ ...(await templateOf('report')), pages: 20 }),
  'invoice-234': async () => {
    const invoice = await templateOf('invoice');
    const lines = invoiceLines(LONG_INVOICE.lines);
    return {
      ...invoice,
      data: { ...invoice.data, lines, ...invoiceTotals(lines, 0.19) },
      pages: LONG_INVOICE.pages,
    };
  },
} satisfies Record<string, () => Promise<Omit<BenchDocument, 'name'>>>;

export type BenchDocumentName = keyof typeof LOADERS;

const isName = (name: string): name is BenchDocumentName => Object.hasOwn(LOADERS, name);

/** One document; a name that is none is an Error naming those that are. */
export async function loadBenchDocument(name: string): Promise<BenchDocument> {
  if (!isName(name)) {
    throw new Error(`There is no document "${name}". There are ${Object.keys(LOADERS).join(', ')}.`);
  }
  return { name, ...(await LOADERS[name]()) };
}

export async function loadBenchDocuments(): Promise<BenchDocument[]> {
  return Promise.all(Object.keys(LOADERS).map(loadBenchDocument));
}
