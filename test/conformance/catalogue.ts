/** Every document of the suite, and what its author does wrong, if anything. */
import { fixture, type Fixture } from './fixture.ts';

/** PDF/A-1 forbids transparency; the two ways to have it all the same are documents of their own. */
const seeThrough = (name: string, rules: string): Fixture[] => [
  fixture(name, { breaks: { '1a 1b': rules } }),
  fixture(`${name}, flattened`, { file: name, levels: '1a 1b', options: { transparency: 'flatten' } }),
  fixture(`${name}, as pictures`, { file: name, levels: '1a 1b', options: { transparency: 'raster' } }),
];

const FONTS = [
  fixture('font-families'),
  fixture('font-features'),
  fixture('font-made-bold'),
  fixture('font-cff'),
  fixture('font-cjk-cff'),
  fixture('font-cjk-truetype'),
  fixture('font-variable'),
  ...seeThrough('font-colour-bitmap', '6.4-2'),
  fixture('font-colour-layers'),
  ...seeThrough('font-colour-layers-alpha', '6.4-2'),
  fixture('font-colour-gradients'),
  fixture('emoji'),
  fixture('mathematical-signs'),
  fixture('invisible-characters'),
  fixture('icon-font'),
  fixture('icon-font-text'),
  fixture('glyph-missing'),
  fixture('glyph-missing-private'),
];

const LANGUAGES = [
  fixture('languages'),
  fixture('language-regional'),
  fixture('language-underscore'),
  fixture('language-invalid'),
  fixture('language-invalid-inside'),
  fixture('lang-missing'),
  fixture('arabic'),
  fixture('hebrew-mixed'),
  fixture('devanagari'),
  fixture('vertical-writing'),
];

const LOOKS = [
  ...seeThrough('shadow-box', '6.4-2'),
  ...seeThrough('shadow-text', '6.4-2'),
  fixture('shadow-hard'),
  ...seeThrough('opacity', '6.4-5'),
  ...seeThrough('colour-alpha', '6.4-5'),
  ...seeThrough('mask', '6.4-3'),
  ...seeThrough('blend', '6.4-4'),
  ...seeThrough('filter', '6.4-2'),
  fixture('gradient'),
  ...seeThrough('gradient-alpha', '6.4-3'),
  fixture('colour-spaces'),
  fixture('borders'),
  fixture('transforms'),
  fixture('clip-paths'),
  fixture('text-drawn'),
  fixture('text-invisible'),
];

const IMAGES = [
  ...seeThrough('image-png-alpha', '6.4-2'),
  fixture('image-png-opaque'),
  fixture('image-jpeg-cmyk'),
  fixture('image-jpeg-grey'),
  ...seeThrough('image-formats', '6.4-2'),
  fixture('image-sizes'),
  ...seeThrough('image-data-url', '6.4-2'),
  fixture('image-broken'),
  ...seeThrough('svg-see-through', '6.4-2'),
  fixture('image-map'),
  fixture('media'),
  fixture('barcodes'),
];

const PAGES = [
  fixture('columns'),
  fixture('page-sizes-mixed'),
  fixture('page-tiny'),
  fixture('page-huge'),
  fixture('page-too-large'),
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
  fixture('headings-jump'),
  fixture('headings-second-first'),
  fixture('headings-deep'),
  fixture('list-markers'),
  fixture('tables-odd'),
  fixture('tables-long'),
  fixture('tables-headers'),
  fixture('footnotes'),
  fixture('links-odd'),
  fixture('link-data-long'),
  fixture('link-image-unnamed'),
  fixture('content-generated'),
  fixture('hidden-from-readers'),
  fixture('alt-missing'),
  fixture('title-missing'),
  fixture('title-characters'),
  fixture('characters-control'),
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
  ...FILES,
  ...SAMPLES,
];
