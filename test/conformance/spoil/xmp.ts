/** The XMP of the base files: what the levels ask for, as plain text to be spoiled. */

export interface Claim {
  readonly part?: number | undefined;
  readonly conformance?: string | undefined;
  readonly ua?: 1 | 2 | undefined;
}

const UA_SCHEMA = `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
`;

const identification = ({ part, conformance, ua }: Claim): string =>
  [
    part === undefined ? '' : `<pdfaid:part>${part}</pdfaid:part>\n`,
    part === 4 ? '<pdfaid:rev>2020</pdfaid:rev>\n' : '',
    conformance === undefined ? '' : `<pdfaid:conformance>${conformance}</pdfaid:conformance>\n`,
    ua === undefined ? '' : `<pdfuaid:part>${ua}</pdfuaid:part>\n`,
    ua === 2 ? '<pdfuaid:rev>2024</pdfuaid:rev>\n' : '',
  ].join('');

export const xmp = (claim: Claim): string =>
  `<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>An author</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">A subject</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>some, words</pdf:Keywords>
<pdf:Producer>A producer</pdf:Producer>
<xmp:CreatorTool>A tool</xmp:CreatorTool>
<xmp:CreateDate>2026-05-06T07:08:09Z</xmp:CreateDate>
<xmp:ModifyDate>2026-05-06T07:08:09Z</xmp:ModifyDate>
${identification(claim)}</rdf:Description>
${claim.ua !== undefined && claim.part !== undefined && claim.part < 4 ? UA_SCHEMA : ''}</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;
