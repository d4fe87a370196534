/** `pdf/a-2b` and `pdf/ua-1` as people write them: PDF/A-2b, PDF/UA-1. */
export const standardName = (standard: string): string =>
  standard.replace(
    /^pdf\/(a|ua)-(\d)([a-z]?)$/i,
    (_, kind: string, part: string, level: string) =>
      `PDF/${kind.toUpperCase()}-${part}${level.toLowerCase()}`,
  );

/** Of a job, which has one or two of them in one text; null when it has none. */
export const standardNames = (standards: string | null): string | null =>
  standards === null ? null : standards.split(/,\s*/).map(standardName).join(' + ');
