/** The document security store: what proves signatures later (ISO 32000-2 §12.8.4.3; ETSI EN 319 142-1 §5.4.2). */
import { createHash } from 'node:crypto';
import type { PdfDocument } from '../../revision/document.ts';
import { name, PdfDict, PdfStream, type PdfObject, type PdfRef } from '../../revision/objects.ts';
import type { RevocationData } from '../trust/revocation.ts';

/** `contents`: /Contents of the signature that the evidence is for, with its padding. What the store held stays. */
export function addSecurityStore(
  document: PdfDocument,
  evidence: RevocationData,
  contents: Uint8Array,
): void {
  const add = (bytes: Uint8Array): PdfRef => document.add(PdfStream.of(new PdfDict(), bytes));
  const certificates = evidence.certificates.map(add);
  const ocsps = evidence.ocsps.map(add);
  const crls = evidence.crls.map(add);
  const old = document.dictAt(document.root, 'DSS');
  const longer = (key: string, added: readonly PdfRef[]): PdfObject | undefined => {
    const all = [...(document.arrayAt(old, key) ?? []), ...added];
    return all.length === 0 ? undefined : all;
  };
  const list = (refs: readonly PdfRef[]): PdfObject | undefined =>
    refs.length === 0 ? undefined : [...refs];
  const related = new PdfDict(document.dictAt(old, 'VRI') ?? []);
  related.set(keyOf(contents), PdfDict.of({ Cert: list(certificates), OCSP: list(ocsps), CRL: list(crls) }));
  const store = PdfDict.of({
    Type: name('DSS'),
    Certs: longer('Certs', certificates),
    OCSPs: longer('OCSPs', ocsps),
    CRLs: longer('CRLs', crls),
    VRI: related,
  });
  document.editDict(document.rootRef).set('DSS', document.add(store));
}

/** SHA-1 in capitals, as the standard names it; nothing rests on its strength. */
const keyOf = (contents: Uint8Array): string =>
  createHash('sha1').update(contents).digest('hex').toUpperCase();
