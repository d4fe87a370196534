import { describe, expect, it } from 'vitest';
import { claimedStandards, readXmp, xmpText } from '../../../../core/pdf/standards/xmp-reader.ts';
import { conformed, conformPlan } from '../../../support/conformed.ts';
import { taggedPage } from '../../../support/tagged-page.ts';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const DC = 'http://purl.org/dc/elements/1.1/';

describe('readXmp', () => {
  it('reads back what is written here', async () => {
    const plan = conformPlan(['pdf/a-2a', 'pdf/ua-1']);
    const { document } = await conformed(taggedPage(['Document']), plan);
    const stream = document.streamAt(document.root, 'Metadata');
    const properties = readXmp(stream === undefined ? new Uint8Array() : document.rawBytes(stream));
    expect(claimedStandards(properties)).toEqual(plan.standards);
    expect(xmpText(properties, DC, 'title')).toBe('A title');
  });

  it('takes claims that are attributes, in other encodings, with other prefixes', () => {
    const packet = `<rdf:RDF ${RDF}><rdf:Description rdf:about="" xmlns:x="http://www.aiim.org/pdfa/ns/id/" x:part="3" x:conformance="u"/></rdf:RDF>`;
    const claim = { pdfa: { part: 3, conformance: 'U' }, ua: undefined };
    expect(claimedStandards(readXmp(Buffer.from(packet)))).toEqual(claim);
    expect(claimedStandards(readXmp(Buffer.from(`\ufeff${packet}`, 'utf16le')))).toEqual(claim);
    expect(claimedStandards(readXmp(Buffer.from(packet, 'utf16le').swap16()))).toEqual(claim);
  });

  it('makes no claim of a level that does not exist', () => {
    const packet = `<rdf:RDF ${RDF}><rdf:Description xmlns:x="http://www.aiim.org/pdfa/ns/id/" x:part="9"/></rdf:RDF>`;
    expect(claimedStandards(readXmp(Buffer.from(packet)))).toEqual({ pdfa: undefined, ua: undefined });
  });

  it('refuses what is no XMP', () => {
    expect(() => readXmp(Buffer.from('<a/>'))).toThrow('no RDF');
    expect(() => readXmp(Buffer.from([0xff, 0x00, 0x80]))).toThrow();
  });
});
