/** The XMP packet of a file (ISO 16684-1), as PDF/A and PDF/UA want it. */
import { extensionSchemas, type XmpExtra } from './xmp-extensions.ts';
import type { MetadataModel } from './metadata-model.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const element = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `<${name}>${escape(value)}</${name}>\n`;

const list = (name: string, kind: 'Bag' | 'Seq', items: readonly string[]): string =>
  items.length === 0
    ? ''
    : `<${name}><rdf:${kind}>${items.map((item) => `<rdf:li>${escape(item)}</rdf:li>`).join('')}</rdf:${kind}></${name}>\n`;

const localised = (name: string, value: string | undefined): string =>
  value === undefined
    ? ''
    : `<${name}><rdf:Alt><rdf:li xml:lang="x-default">${escape(value)}</rdf:li></rdf:Alt></${name}>\n`;

/** Without a fraction of a second, which Info cannot hold. */
const isoDate = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, '+00:00');

/** The packet in UTF-8. PDF/A forbids the attributes `bytes` and `encoding` in it (ISO 19005-1 §6.7.5). */
export function xmpPacket(model: MetadataModel, extras: readonly XmpExtra[] = []): Uint8Array {
  const { standards, identity } = model;
  const date = isoDate(model.date);
  const all = [...extras, ...(standards.ua === undefined ? [] : [uaIdentification(standards.ua)])];
  const namespaces = [
    ['dc', 'http://purl.org/dc/elements/1.1/'],
    ['xmp', 'http://ns.adobe.com/xap/1.0/'],
    ['xmpMM', 'http://ns.adobe.com/xap/1.0/mm/'],
    ['pdf', 'http://ns.adobe.com/pdf/1.3/'],
    ...(standards.pdfa === undefined ? [] : [['pdfaid', 'http://www.aiim.org/pdfa/ns/id/']]),
    ...all.map(({ prefix, namespace }) => [prefix, namespace]),
  ]
    .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
    .join('\n');
  const properties = [
    element('dc:format', 'application/pdf'),
    localised('dc:title', model.title),
    list('dc:creator', 'Seq', model.author === undefined ? [] : [model.author]),
    localised('dc:description', model.subject),
    list('dc:subject', 'Bag', model.keywords),
    list('dc:language', 'Bag', model.language === undefined ? [] : [model.language]),
    element('dc:identifier', model.identifier),
    element('pdf:Keywords', model.keywords.length === 0 ? undefined : model.keywords.join(', ')),
    element('pdf:Producer', model.producer),
    element('xmp:CreatorTool', model.creator),
    element('xmp:CreateDate', date),
    element('xmp:ModifyDate', date),
    element('xmp:MetadataDate', date),
    element('xmpMM:DocumentID', `uuid:${identity.document}`),
    element('xmpMM:InstanceID', `uuid:${identity.instance}`),
    ...archiveIdentification(standards.pdfa),
    ...all.flatMap(({ prefix, properties: own }) =>
      own.map(({ name, value }) => element(`${prefix}:${name}`, value)),
    ),
  ].join('');
  // ISO 19005-4 needs no declaration of namespaces that it does not know.
  const declared = standards.pdfa === undefined || standards.pdfa.part === 4 ? [] : all;
  const text = `<?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""${namespaces}>
${properties}</rdf:Description>
${extensionSchemas(declared)}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;
  return Buffer.from(text, 'utf8');
}

/** ISO 19005-1 §6.7.11, 19005-2 §6.6.4, 19005-4 §6.7.3: plain PDF/A-4 names no conformance, but the year of its text. */
function archiveIdentification(pdfa: MetadataModel['standards']['pdfa']): string[] {
  if (pdfa === undefined) return [];
  return [
    element('pdfaid:part', String(pdfa.part)),
    element('pdfaid:rev', pdfa.part === 4 ? '2020' : undefined),
    element('pdfaid:conformance', pdfa.conformance),
  ];
}

/** ISO 14289-1 §5, ISO 14289-2 §5. */
function uaIdentification(part: 1 | 2): XmpExtra {
  const integer = (name: string, value: string, description: string): XmpExtra['properties'][number] => ({
    name,
    value,
    type: 'Integer',
    category: 'internal',
    description,
  });
  return {
    namespace: 'http://www.aiim.org/pdfua/ns/id/',
    prefix: 'pdfuaid',
    schema: 'PDF/UA identification schema',
    properties: [
      integer('part', String(part), 'Part of ISO 14289'),
      ...(part === 2 ? [integer('rev', '2024', 'Year of the text')] : []),
    ],
  };
}
