/** JSON as people type it. */

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly message: string;
      /** Index in the text, where the engine tells it. */
      readonly position: number | undefined;
    };

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Parses data for a template; an empty text is `{}`. The message says where the mistake is. */
export function parseJson(text: string): ParsedJson {
  if (text.trim() === '') return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // V8 and Gecko append the place in their own words, V8 sometimes with the text around it.
    const match = /at position (\d+)/.exec(said);
    const position = match === null ? (/end of/i.test(said) ? text.length : undefined) : Number(match[1]);
    const reason = said
      .replace(/^JSON\.parse: /, '')
      .replace(/,? (in JSON )?at position .*$/s, '')
      .replace(/,? "?\.\.\..*is not valid JSON$/s, '');
    const where = position === undefined ? '' : ` (${lineAndColumn(text, position)})`;
    return { ok: false, message: `The data is not valid JSON: ${reason}${where}.`, position };
  }
}
