/** What every judge says about the documents that were made. */
import { flavourOf } from './levels.ts';
import type { Made } from './make.ts';
import { preflight, qpdfFaults, verapdf, type Oracle } from './oracles.ts';

export interface Judgement {
  /** veraPDF's failed rules by flavour, empty where it passes; undefined when it was not asked. */
  readonly verapdf: ReadonlyMap<string, readonly string[]> | undefined;
  /** Codes of PDFBox preflight, asked at 1b only. */
  readonly preflight: readonly string[] | undefined;
  /** What qpdf complains about. */
  readonly qpdf: string | undefined;
}

/** By file. Oracles that are missing are left out. */
export async function judge(
  made: readonly Made[],
  missing: Readonly<Partial<Record<Oracle, string>>>,
): Promise<Map<string, Judgement>> {
  const documents = made.filter(({ failure }) => failure === undefined);
  const files = documents.map(({ file }) => file);
  const verdicts =
    missing.verapdf === undefined
      ? await verapdf(
          documents.map(({ file, level }) => ({ file, flavours: level.standards.map(flavourOf) })),
        )
      : undefined;
  const alarms =
    missing.preflight === undefined
      ? await preflight(documents.filter(({ level }) => level.name === '1b').map(({ file }) => file))
      : [];
  const faults = await qpdfFaults(files);

  const rulesOf = new Map<string, Map<string, readonly string[]>>();
  for (const { file, flavour, passed, rules } of verdicts ?? []) {
    const known = rulesOf.get(file) ?? new Map<string, readonly string[]>();
    known.set(flavour, passed ? [] : rules);
    rulesOf.set(file, known);
  }
  const codes = new Map(alarms.map(({ file, rules }) => [file, rules]));
  const complaints = new Map(faults.map(({ file, text }) => [file, text]));
  return new Map(
    files.map((file) => [
      file,
      { verapdf: rulesOf.get(file), preflight: codes.get(file), qpdf: complaints.get(file) },
    ]),
  );
}
