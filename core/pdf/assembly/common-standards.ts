/** The standards that a file made of several others can still claim. */
import type { PdfStandard } from '../../../contract/standard.ts';
import { standardNames, standardsFrom, type PdfALevel, type Standards } from '../standards/model.ts';

/** Within a part the levels lie inside each other (ISO 19005-2 §5). */
const ORDER = ['B', 'U', 'A'] as const;

/** `isLess`: some file claims more than the result. */
export function commonStandards(claims: readonly (readonly PdfStandard[])[]): {
  readonly standards: readonly PdfStandard[];
  readonly isLess: boolean;
} {
  const [first = { pdfa: undefined, ua: undefined }, ...others] = claims.map(standardsFrom);
  const common = others.reduce<Standards>(
    (so, { pdfa, ua }) => ({ pdfa: commonLevel(so.pdfa, pdfa), ua: so.ua === ua ? ua : undefined }),
    first,
  );
  const standards = standardNames(common);
  const isLess = claims.some((names) => names.some((name) => !standards.includes(name)));
  return { standards, isLess };
}

function commonLevel(a: PdfALevel | undefined, b: PdfALevel | undefined): PdfALevel | undefined {
  if (a === undefined || b === undefined || a.part !== b.part) return undefined;
  if (a.conformance === b.conformance) return a;
  const [one, two] = [a, b].map(({ conformance }) => ORDER.findIndex((level) => level === conformance));
  if (one === undefined || two === undefined || one < 0 || two < 0) return undefined;
  return { part: a.part, conformance: ORDER[Math.min(one, two)] };
}
