/** The predefined CMaps (ISO 32000-1 table 118, ISO 32000-2 table 116) and the character collections that they are of. */

interface CMapCollection {
  readonly registry: string;
  readonly ordering: string;
  readonly supplement: number;
}

/** Ordering, supplement, names; a name that ends in `-` stands for itself with H and with V. */
const TABLE: readonly (readonly [string, number, string])[] = [
  ['GB1', 0, 'GB-EUC- GBpc-EUC-'],
  ['GB1', 2, 'GBK-EUC- GBKp-EUC-'],
  ['GB1', 4, 'GBK2K- UniGB-UCS2- UniGB-UTF16-'],
  ['CNS1', 0, 'B5pc- ETen-B5- ETenms-B5- CNS-EUC-'],
  ['CNS1', 3, 'HKscs-B5- UniCNS-UCS2-'],
  ['CNS1', 4, 'UniCNS-UTF16-'],
  ['Japan1', 1, '83pv-RKSJ-H 90pv-RKSJ-H Add-RKSJ- EUC- H V'],
  ['Japan1', 2, '90ms-RKSJ- 90msp-RKSJ- Ext-RKSJ-'],
  ['Japan1', 4, 'UniJIS-UCS2- UniJIS-UCS2-HW-'],
  ['Japan1', 5, 'UniJIS-UTF16-'],
  ['Korea1', 0, 'KSC-EUC- KSCpc-EUC-H'],
  ['Korea1', 1, 'KSCms-UHC- KSCms-UHC-HW- UniKS-UCS2-'],
  ['Korea1', 2, 'UniKS-UTF16-'],
];

/** By name. The two identities are not among them. */
export const CMAP_COLLECTIONS: ReadonlyMap<string, CMapCollection> = new Map(
  TABLE.flatMap(([ordering, supplement, names]) =>
    names
      .split(' ')
      .flatMap((name) => (name.endsWith('-') ? [`${name}H`, `${name}V`] : [name]))
      .map((name) => [name, { registry: 'Adobe', ordering, supplement }] as const),
  ),
);
