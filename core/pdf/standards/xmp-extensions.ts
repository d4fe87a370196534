/** Declarations of namespaces that PDF/A-1 to 3 do not know (ISO 19005-1 §6.7.8, 19005-2 §6.6.2.3.2). */
/** A namespace that is not among those that PDF/A knows, with its simple properties. */
export interface XmpExtra {
  readonly namespace: string;
  readonly prefix: string;
  /** Of the schema, in words. */
  readonly schema: string;
  readonly properties: readonly {
    readonly name: string;
    readonly value: string;
    /** `Text` or `Integer`. */
    readonly type: string;
    /** `external` when it is not about the file itself. */
    readonly category: 'internal' | 'external';
    readonly description: string;
  }[];
}

const resource = (body: string): string => `<rdf:li rdf:parseType="Resource">${body}</rdf:li>`;

function schemaOf({ schema, namespace, prefix, properties }: XmpExtra): string {
  const items = properties.map(({ name, type, category, description }) =>
    resource(
      `<pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>${type}</pdfaProperty:valueType>` +
        `<pdfaProperty:category>${category}</pdfaProperty:category>` +
        `<pdfaProperty:description>${description}</pdfaProperty:description>`,
    ),
  );
  return resource(
    `<pdfaSchema:schema>${schema}</pdfaSchema:schema><pdfaSchema:namespaceURI>${namespace}</pdfaSchema:namespaceURI>` +
      `<pdfaSchema:prefix>${prefix}</pdfaSchema:prefix>\n<pdfaSchema:property><rdf:Seq>${items.join('\n')}</rdf:Seq></pdfaSchema:property>`,
  );
}

/** A description of its own, or nothing. */
export function extensionSchemas(extras: readonly XmpExtra[]): string {
  if (extras.length === 0) return '';
  return `<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>${extras.map(schemaOf).join('\n')}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
`;
}
