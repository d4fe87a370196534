/** Every document of the suite, and what its author does wrong, if anything. */
import { fixture, type Fixture } from './fixture.ts';

/**
 * PDF/A-1 forbids transparency; the two ways to have it all the same are documents of their own. `left`: what flattening in the
 * page cannot reach, such as images with an alpha channel.
 */
const seeThrough = (name: string, rules: string, left = ''): Fixture[] => [
  fixture(name, { breaks: { '1a 1b': rules } }),
  fixture(`${name}, flattened`, {
    file: name,
    levels: '1a 1b',
    options: { transparency: 'flatten' },
    ...(left !== '' && { breaks: { '1a 1b': left } }),
  }),
  fixture(`${name}, as pictures`, { file: name, levels: '1a 1b', options: { transparency: 'raster' } }),
];

/** Text of which no font has the glyph. */
const NO_GLYPH = {
  '1a': '6.3.8-1',
  '2b 3b': '6.2.11.8-1',
  '2a 2u 3a 3u': '6.2.11.7.2-1 6.2.11.8-1',
  '4 4e 4f': '6.2.10.9-1',
  'ua-1': '7.21.7-1 7.21.8-1',
  'ua-2': '8.4.5.8-1 8.4.5.9-1',
};
const BAD_LANGUAGE = { '1a': '6.8.4-1', '2a 3a': '6.7.4-1', 'ua-1': '7.2-29', 'ua-2': '8.4.4-2' };
const NO_ALT = { 'ua-1': '7.3-1', 'ua-2': '8.2.5.28.2-1' };

const FONTS = [
  fixture('font-families'),
  fixture('font-features'),
  fixture('font-made-bold'),
  fixture('font-cff'),
  fixture('font-cjk-cff'),
  fixture('font-cjk-truetype'),
  fixture('font-variable'),
  ...seeThrough('font-colour-bitmap', '6.4-2', '6.4-2'),
  ...seeThrough('font-colour-layers', '6.4-3', '6.4-3'),
  ...seeThrough('font-colour-layers-alpha', '6.4-3 6.4-6', '6.4-3 6.4-6'),
  ...seeThrough('font-colour-gradients', '6.4-3', '6.4-3'),
  fixture('emoji'),
  fixture('mathematical-signs'),
  fixture('invisible-characters'),
  fixture('icon-font'),
  fixture('icon-font-text'),
  fixture('glyph-missing', { breaks: NO_GLYPH, preflight: '3.3.1' }),
  fixture('glyph-missing-private', { breaks: NO_GLYPH, preflight: '3.3.1' }),
];

const LANGUAGES = [
  fixture('languages'),
  fixture('language-regional'),
  fixture('language-underscore', { breaks: BAD_LANGUAGE, preflight: '1.0.8' }),
  fixture('language-invalid', { breaks: BAD_LANGUAGE, preflight: '1.0.8' }),
  fixture('language-invalid-inside', { breaks: BAD_LANGUAGE }),
  fixture('lang-missing', { breaks: { 'ua-1': '7.2-33 7.2-34', 'ua-2': '8.4.4-1' } }),
  fixture('arabic'),
  fixture('hebrew-mixed'),
  fixture('devanagari'),
  fixture('vertical-writing'),
];

const LOOKS = [
  ...seeThrough('shadow-box', '6.4-1 6.4-6'),
  ...seeThrough('shadow-text', '6.4-1 6.4-6'),
  fixture('shadow-hard'),
  ...seeThrough('opacity', '6.4-3 6.4-6', '6.4-3 6.4-6'),
  ...seeThrough('colour-alpha', '6.4-5 6.4-6'),
  ...seeThrough('mask', '6.4-1 6.4-3'),
  ...seeThrough('blend', '6.4-3 6.4-4'),
  ...seeThrough('filter', '6.4-2'),
  fixture('gradient'),
  ...seeThrough('gradient-alpha', '6.4-1 6.4-3 6.4-6', '6.4-1 6.4-3 6.4-6'),
  fixture('colour-spaces'),
  fixture('borders'),
  ...seeThrough('transforms', '6.4-3', '6.4-3'),
  fixture('clip-paths'),
  fixture('text-drawn'),
  ...seeThrough('text-invisible', '6.4-6'),
];

const IMAGES = [
  ...seeThrough('image-png-alpha', '6.4-2', '6.4-2'),
  fixture('image-png-opaque'),
  fixture('image-jpeg-cmyk'),
  fixture('image-jpeg-grey'),
  ...seeThrough('image-formats', '6.4-6', '6.4-6'),
  fixture('image-sizes'),
  ...seeThrough('image-data-url', '6.4-2', '6.4-2'),
  ...seeThrough('image-broken', '6.4-2', '6.4-2'),
  ...seeThrough('svg-see-through', '6.4-1 6.4-2 6.4-3 6.4-6', '6.4-1 6.4-2'),
  fixture('image-map'),
  ...seeThrough('media', '6.4-1 6.4-3 6.4-6', '6.4-1 6.4-3 6.4-6'),
  fixture('barcodes'),
];

const PAGES = [
  fixture('columns'),
  fixture('page-sizes-mixed'),
  fixture('page-tiny'),
  fixture('page-huge', { breaks: { '1a 1b': '6.1.12-2' } }),
  fixture('page-too-large', { breaks: { '1a 1b': '6.1.12-2', '2a 2b 2u 3a 3b 3u': '6.1.13-11' } }),
  fixture('page-margins'),
  fixture('pages-blank'),
  fixture('document-empty'),
  fixture('words-long'),
  fixture('positions'),
  fixture('nesting-deep'),
  fixture('whitespace'),
  fixture('long-12-pages'),
  fixture('long-45-pages', { options: { outline: true } }),
  fixture('page-references'),
  fixture('table-9000-rows', { levels: '1a 1b 2a 3b 2a+ua-1 4+ua-2' }),
];

const MEANING = [
  fixture('text-semantics'),
  fixture('headings-none'),
  fixture('headings-jump', { breaks: { 'ua-1': '7.4.2-1' } }),
  fixture('headings-second-first', { breaks: { 'ua-1': '7.4.2-1' } }),
  fixture('headings-deep'),
  fixture('list-markers'),
  fixture('tables-odd'),
  fixture('tables-long'),
  fixture('tables-headers'),
  fixture('footnotes'),
  fixture('links-odd'),
  fixture('link-data-long'),
  fixture('link-image-unnamed', { breaks: NO_ALT }),
  fixture('content-generated'),
  fixture('hidden-from-readers'),
  fixture('alt-missing', { breaks: NO_ALT }),
  fixture('title-missing', { breaks: { 'ua-1': '7.1-9', 'ua-2': '8.11.1-1' } }),
  fixture('title-characters'),
  fixture('characters-control', { breaks: NO_GLYPH, preflight: '3.3.1' }),
];

const STRUCTURE = [
  fixture('alt-empty'),
  fixture('aria-roles'),
  ...seeThrough('backgrounds', '6.4-2', '6.4-2'),
  fixture('bad-first-heading', { breaks: { 'ua-1': '7.4.2-1' } }),
  fixture('bad-heading-jump', { breaks: { 'ua-1': '7.4.2-1' } }),
  fixture('bad-no-alt', { breaks: NO_ALT }),
  fixture('bad-no-lang-title', { breaks: { 'ua-1': '7.1-9 7.2-34', 'ua-2': '8.4.4-1 8.11.1-1' } }),
  fixture('canvas-script', { options: { scripts: true }, breaks: { '1a 1b': '6.4-2' } }),
  fixture('fieldset'),
  fixture('figures'),
  ...seeThrough('form-controls', '6.4-3 6.4-5 6.4-6', '6.4-3 6.4-5 6.4-6'),
  fixture('generated-content'),
  fixture('header-footer'),
  fixture('headings'),
  fixture('invoice-like'),
  fixture('layout'),
  fixture('links'),
  fixture('long-document'),
  fixture('margin-boxes'),
  fixture('mathml'),
  fixture('nested-lists'),
  fixture('ruby'),
  ...seeThrough('rules-underlines', '6.4-2', '6.4-2'),
  fixture('svg'),
  fixture('table-spans'),
  fixture('toc-outline', { options: { outline: true } }),
  ...seeThrough('transparency', '6.4-1 6.4-2 6.4-3 6.4-4 6.4-6', '6.4-1 6.4-3 6.4-6'),
];

const attached = (filename: string, text: string) => ({
  filename,
  content: Buffer.from(text).toString('base64'),
});

const FILES = [
  fixture('attachments', {
    file: 'text-semantics',
    levels: '3a 3b 3u 4e 4f 3a+ua-1',
    attachments: [
      {
        ...attached('figures.csv', 'a;b\n1;2\n'),
        relationship: 'Source',
        description: 'The figures of the table',
      },
      attached('Übersicht 日本.txt', 'text'),
      { ...attached('data.json', '{}'), mime_type: 'application/json', relationship: 'Data' },
    ],
  }),
  fixture('metadata', {
    file: 'title-characters',
    document_id: 'order 42/7 – ä',
    metadata: {
      title: 'Title of the request 日本',
      author: 'Zoë Müller; Ørjan O’Neill',
      subject: 'A <subject> & more',
      keywords: ['one', 'zwei', 'три'],
      language: 'de-AT',
    },
    options: { reproducible: true },
  }),
];

const SAMPLES = [
  ['invoice', 'rechnung'],
  ['letter', 'gutachten'],
  ['report', 'annual-count'],
  ['certificate', 'workshop'],
  ['labels', 'prices'],
].map(([id = '', data = '']) => fixture(`sample ${id}`, { sample: { id, data } }));

export const CATALOGUE: readonly Fixture[] = [
  ...FONTS,
  ...LANGUAGES,
  ...LOOKS,
  ...IMAGES,
  ...PAGES,
  ...MEANING,
  ...STRUCTURE,
  ...FILES,
  ...SAMPLES,
];
