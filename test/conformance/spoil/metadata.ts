/** Spoilers of metadata and embedded files (ISO 19005-1 §6.7, ISO 19005-2 §6.6 and §6.8, ISO 19005-3 §6.8). */
import { deflateSync } from 'node:zlib';
import { OBJECT } from './bases.ts';
import { LENGTH } from './recipe.ts';
import {
  add,
  all,
  change,
  enter,
  LEVEL_A,
  PDFA,
  PDFA_1,
  PDFA_23,
  PDFA_4,
  remake,
  spoiler,
  UA,
  UA_2,
  type Spoil,
  type Spoiler,
} from './spoiler.ts';

const xmp = (from: string | RegExp, to: string): Spoil => change(OBJECT.metadata, from, to);
const info = (from: string | RegExp, to: string): Spoil => change(OBJECT.info, from, to);
const EVERY = [...PDFA, ...UA] as const;
const WITH_INFO = [...PDFA_1, ...PDFA_23] as const;

/** More properties, with the declaration of their namespace. */
const property = (namespace: string, text: string): Spoil =>
  xmp('</rdf:RDF>', `<rdf:Description rdf:about="" ${namespace}>\n${text}\n</rdf:Description>\n</rdf:RDF>`);

const OWN = 'xmlns:own="http://example.com/own/"';

/** An extension schema for a property `own:thing`, and the property. */
const extension = (from: string | RegExp, to: string): Spoil => {
  const schema = `<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Own</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://example.com/own/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>own</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>thing</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>A thing</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>`;
  if (typeof from === 'string' && !schema.includes(from) && from !== '') throw new Error(`No ${from}`);
  return all(
    property(OWN, '<own:thing>A thing</own:thing>'),
    property(
      'xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"',
      from === '' ? schema : schema.replaceAll(from, to),
    ),
  );
};

const compressed: Spoil = remake((recipe) => {
  const body = recipe.objects.get(OBJECT.metadata) ?? '';
  const data = /stream\n([\s\S]*)\nendstream$/.exec(body)?.[1] ?? '';
  const packed = deflateSync(Buffer.from(data, 'latin1')).toString('latin1');
  recipe.objects.set(
    OBJECT.metadata,
    `<</Type/Metadata/Subtype/XML/Filter/FlateDecode${LENGTH}>>\nstream\n${packed}\nendstream`,
  );
});

const spec = (from: string | RegExp, to: string): Spoil => change(OBJECT.fileSpec, from, to);
const file = (from: string | RegExp, to: string): Spoil => change(OBJECT.file, from, to);
const FILES = ['pdf/a-3b', 'pdf/a-4f', ...UA] as const;

export const METADATA: readonly Spoiler[] = [
  spoiler('6.7.2-1 no metadata', EVERY, change(OBJECT.catalog, '/Metadata 5 0 R', '')),
  spoiler('6.7.2-1 metadata without a subtype', EVERY, change(OBJECT.metadata, '/Subtype/XML', '')),
  spoiler('6.7.2-2 compressed metadata', EVERY, compressed),
  spoiler(
    '6.7.3-1 another date of making',
    WITH_INFO,
    info('/CreationDate(D:20260506070809Z)', '/CreationDate(D:20260506070810Z)'),
  ),
  spoiler(
    '6.7.3 the same date in another zone',
    WITH_INFO,
    info('/CreationDate(D:20260506070809Z)', "/CreationDate(D:20260506080809+01'00')"),
  ),
  spoiler('6.7.3-2 another title', WITH_INFO, info('A title', 'Another title')),
  spoiler('6.7.3-2 a title with a space more', WITH_INFO, info('A title', 'A title ')),
  spoiler('6.7.3-3 another author', WITH_INFO, info('An author', 'Another author')),
  spoiler(
    '6.7.3-3 two authors',
    WITH_INFO,
    xmp('<rdf:li>An author</rdf:li>', '<rdf:li>An author</rdf:li><rdf:li>B</rdf:li>'),
  ),
  spoiler('6.7.3-4 another subject', WITH_INFO, info('A subject', 'Another')),
  spoiler('6.7.3-5 other keywords', WITH_INFO, info('some, words', 'words')),
  spoiler('6.7.3-6 another creator', WITH_INFO, info('A tool', 'B')),
  spoiler('6.7.3-7 another producer', WITH_INFO, info('A producer', 'B')),
  spoiler(
    '6.7.3-8 another date of change',
    WITH_INFO,
    info('/ModDate(D:20260506070809Z)', '/ModDate(D:20270506070809Z)'),
  ),
  spoiler(
    '6.7.3-7 a producer that the metadata do not have',
    WITH_INFO,
    xmp('<pdf:Producer>A producer</pdf:Producer>\n', ''),
  ),
  spoiler(
    '6.7.3 no information dictionary',
    WITH_INFO,
    remake((recipe) => {
      recipe.trailer = recipe.trailer.replace('/Info 31 0 R', '');
    }),
  ),
  spoiler('6.7.5-1 a packet with its number of bytes', PDFA, xmp('id="W5M0', 'bytes="1000" id="W5M0')),
  spoiler(
    '6.7.5-2 a packet with its encoding',
    PDFA,
    xmp('id="W5M0MpCehiHzreSzNTczkc9d"', 'id="W5M0MpCehiHzreSzNTczkc9d" encoding="UTF-8"'),
  ),
  spoiler('6.7.9-1 broken XML', EVERY, xmp('</rdf:RDF>', '</rdf:RDE>')),
  spoiler(
    '6.7.9-1 a tag that is not closed',
    EVERY,
    xmp('<dc:format>application/pdf</dc:format>', '<dc:format>application/pdf'),
  ),
  spoiler('6.7.9-1 a prefix without a namespace', EVERY, xmp('<dc:format>', '<dd:format>')),
  spoiler(
    '6.7.9-1 RDF that is not',
    PDFA,
    xmp(
      '<rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt>',
      '<rdf:Alt><rdf:foo>A title</rdf:foo></rdf:Alt>',
    ),
  ),
  spoiler('6.7.9-2 an unknown property', PDFA, property(OWN, '<own:thing>A thing</own:thing>')),
  spoiler(
    '6.7.9-2 an unknown property of a known schema',
    PDFA,
    xmp('<dc:format>', '<dc:pretty>x</dc:pretty>\n<dc:format>'),
  ),
  spoiler(
    '6.7.9-3 a title that is no alternative',
    PDFA,
    xmp('<rdf:Alt><rdf:li xml:lang="x-default">A subject</rdf:li></rdf:Alt>', 'A subject'),
  ),
  spoiler(
    '6.7.9-3 a date that is none',
    PDFA,
    xmp('<xmp:CreatorTool>', '<xmp:MetadataDate>yesterday</xmp:MetadataDate>\n<xmp:CreatorTool>'),
  ),
  spoiler(
    '6.7.9-3 a truth that is none',
    PDFA,
    property(
      'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"',
      '<xmpRights:Marked>yes</xmpRights:Marked>',
    ),
  ),
  spoiler(
    '6.7.9 a truth',
    PDFA,
    property(
      'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"',
      '<xmpRights:Marked>True</xmpRights:Marked>',
    ),
  ),
  spoiler(
    '6.7.9-3 a rating that is no number',
    PDFA,
    property('xmlns:r="http://ns.adobe.com/xap/1.0/"', '<r:Rating>good</r:Rating>'),
  ),
  spoiler('6.7.8 a property with its schema', PDFA, extension('', '')),
  spoiler(
    '6.7.8-1 an unknown field of a schema',
    PDFA,
    extension('<pdfaSchema:prefix>', '<pdfaSchema:other>x</pdfaSchema:other><pdfaSchema:prefix>'),
  ),
  spoiler('6.7.8-2 schemas that are no bag', PDFA, extension('rdf:Bag', 'rdf:Seq')),
  spoiler(
    '6.7.8-3 a schema without a name',
    PDFA,
    extension('<pdfaSchema:schema>Own</pdfaSchema:schema>', ''),
  ),
  spoiler(
    '6.7.8-4 a schema without a namespace',
    PDFA,
    extension('<pdfaSchema:namespaceURI>http://example.com/own/</pdfaSchema:namespaceURI>', ''),
  ),
  spoiler(
    '6.7.8-5 a schema without a prefix',
    PDFA,
    extension('<pdfaSchema:prefix>own</pdfaSchema:prefix>', ''),
  ),
  spoiler('6.7.8-6 properties that are no sequence', PDFA, extension('rdf:Seq', 'rdf:Bag')),
  spoiler(
    '6.7.8-8 a property without a name',
    PDFA,
    extension('<pdfaProperty:name>thing</pdfaProperty:name>', ''),
  ),
  spoiler('6.7.8-9 a property of an unknown type', PDFA, extension('>Text<', '>Pretty<')),
  spoiler(
    '6.7.8-9 a property without a type',
    PDFA,
    extension('<pdfaProperty:valueType>Text</pdfaProperty:valueType>', ''),
  ),
  spoiler('6.7.8-10 a property of an unknown category', PDFA, extension('external', 'both')),
  spoiler(
    '6.7.8-11 a property without a description',
    PDFA,
    extension('<pdfaProperty:description>A thing</pdfaProperty:description>', ''),
  ),
  spoiler('6.7.9-3 a property that is not of its type', PDFA, extension('>Text<', '>Integer<')),
  spoiler('6.7.11-1 no part', PDFA, xmp(/<pdfaid:part>\d<\/pdfaid:part>\n/, '')),
  spoiler('6.7.11-2 another part', PDFA, xmp(/<pdfaid:part>\d/, '<pdfaid:part>9')),
  spoiler(
    '6.7.11-3 a level in small letters',
    [...PDFA_1, ...PDFA_23, ...LEVEL_A],
    xmp(/<pdfaid:conformance>./, '<pdfaid:conformance>b'),
  ),
  spoiler(
    '6.7.11-3 no level',
    [...PDFA_1, ...PDFA_23, 'pdf/a-4e', 'pdf/a-4f'],
    xmp(/<pdfaid:conformance>.<\/pdfaid:conformance>\n/, ''),
  ),
  spoiler('6.7.11-3 a lower level', LEVEL_A, xmp('<pdfaid:conformance>A', '<pdfaid:conformance>B')),
  spoiler(
    '6.7.3-3 an unknown level',
    PDFA,
    xmp('<pdfaid:part>', '<pdfaid:conformance>X</pdfaid:conformance>\n<pdfaid:part>'),
  ),
  spoiler('6.7.11-4 another prefix', PDFA, xmp(/pdfaid/g, 'pdfid')),
  spoiler('6.7.3-5 no year', PDFA_4, xmp(/<pdfaid:rev>2020<\/pdfaid:rev>\n/, '')),
  spoiler('6.7.3-5 another year', PDFA_4, xmp('<pdfaid:rev>2020', '<pdfaid:rev>20')),
  spoiler('5-1 no part of PDF/UA', UA, xmp(/<pdfuaid:part>\d<\/pdfuaid:part>\n/, '')),
  spoiler('5-2 another part of PDF/UA', UA, xmp(/<pdfuaid:part>\d/, '<pdfuaid:part>9')),
  spoiler('5-3 another prefix for PDF/UA', UA, xmp(/pdfuaid/g, 'pdfid')),
  spoiler('5-5 no year of PDF/UA', UA_2, xmp(/<pdfuaid:rev>2024<\/pdfuaid:rev>\n/, '')),
  spoiler('7.1-9 no title', UA, xmp(/<dc:title>.*<\/dc:title>\n/, '')),
  spoiler('6.8-1 a file without its kind', FILES, file('/Subtype/text#2Fplain', '')),
  spoiler('6.8-2 a file without its name', FILES, spec('/F(a.txt)', '')),
  spoiler('6.8-2 a file without its name in Unicode', FILES, spec('/UF(a.txt)', '')),
  spoiler('6.8-3 a file without its relationship', FILES, spec('/AFRelationship/Source', '')),
  spoiler('6.8-4 a file that belongs to nothing', FILES, change(OBJECT.catalog, '/AF[29 0 R]', '')),
  spoiler('6.8 a file without a date', FILES, file('/ModDate(D:20260506070809Z)', '')),
  spoiler('6.8 a file without a size', FILES, file('/Size 4', '')),
  spoiler('8.14.1-1 a file without a description', FILES, spec('/Desc(A text)', '')),
  spoiler(
    '6.9-5 no file',
    ['pdf/a-4f'],
    all(
      change(OBJECT.catalog, /\/AF\[29 0 R\]\/Names<<.*?>>>>/, ''),
      remake((recipe) => {
        recipe.objects.delete(OBJECT.fileSpec);
        recipe.objects.delete(OBJECT.file);
      }),
    ),
  ),
  spoiler(
    '6.8-5 a text file within',
    ['pdf/a-1b', 'pdf/a-2b', 'pdf/a-4', 'pdf/a-4e'],
    add(
      {
        80: '<</Type/Filespec/F(a.txt)/UF(a.txt)/Desc(A text)/AFRelationship/Source/EF<</F 81 0 R>>>>',
        81: `<</Type/EmbeddedFile/Subtype/text#2Fplain/Params<</ModDate(D:20260506070809Z)>>${LENGTH}>>\nstream\nText\nendstream`,
      },
      enter(OBJECT.catalog, '/AF[80 0 R]/Names<</EmbeddedFiles<</Names[(a.txt)80 0 R]>>>>'),
    ),
  ),
  spoiler(
    '6.7.2-2 metadata of the page that are broken',
    PDFA,
    add(
      { 80: `<</Type/Metadata/Subtype/XML${LENGTH}>>\nstream\n<x\nendstream` },
      enter(OBJECT.page, '/Metadata 80 0 R'),
    ),
  ),
];
