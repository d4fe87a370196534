/** Makes ids of the marks of source-marks.ts, so that a print can tell where the elements landed. */
import { endOfTag, idOf } from './html-tags.ts';
import { sourceMarks } from './source-marks.ts';

/** An element of the rendered document and the start tag in the template that it comes from. */
export interface SourcePlace {
  readonly id: string;
  /** `template.html` or `partials/NAME.hbs`. */
  readonly path: string;
  readonly line: number;
}

export interface PlacedDocument {
  readonly html: string;
  readonly places: readonly SourcePlace[];
}

/** More cost a print of many pages more time than a finer answer is worth. */
const MOST_PLACES = 1000;
/** No template has an id like it. */
const OWN_ID = 'influxion-place-';

interface Mark {
  readonly path: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The document without the marks of a key. An element that has an id keeps it; the others get one, which is all that is added, so that
 * nothing is laid out otherwise. Of more than 1,000 elements the first of each line is kept and of the rest every n-th.
 */
export function placeIds(html: string, key: string): PlacedDocument {
  const pattern = sourceMarks(key);
  const marks = [...html.matchAll(pattern)].map((match): Mark => {
    const [mark, line, path = ''] = match;
    return {
      path: decodeURIComponent(path),
      line: Number(line),
      start: match.index,
      end: match.index + mark.length,
    };
  });
  const kept = sample(marks);
  const places: SourcePlace[] = [];
  const seen = new Set<string>();
  let plain = '';
  let copied = 0;
  for (const mark of marks) {
    const { path, line, start, end } = mark;
    plain += html.slice(copied, start);
    copied = end;
    // What a mustache gave may have gone on with the name of the tag.
    if (!kept.has(mark) || !/[\s/>]/.test(html.charAt(end))) continue;
    const own = idOf(html.slice(end, endOfTag(html, end) - 1).replaceAll(pattern, ''));
    const id = own ?? `${OWN_ID}${places.length + 1}`;
    // Only the first element of an id can be found.
    if (seen.has(id)) continue;
    seen.add(id);
    if (own === undefined) plain += ` id="${id}"`;
    places.push({ id, path, line });
  }
  return { html: plain + html.slice(copied), places };
}

function sample(marks: readonly Mark[]): ReadonlySet<Mark> {
  if (marks.length <= MOST_PLACES) return new Set(marks);
  const firsts = new Map<string, Mark>();
  for (const mark of marks) {
    const key = `${mark.line}:${mark.path}`;
    if (!firsts.has(key) && firsts.size < MOST_PLACES) firsts.set(key, mark);
  }
  const kept = new Set(firsts.values());
  const rest = marks.filter((mark) => !kept.has(mark));
  const step = Math.ceil(rest.length / Math.max(1, MOST_PLACES - kept.size));
  for (let index = 0; index < rest.length && kept.size < MOST_PLACES; index += step) {
    const mark = rest[index];
    if (mark) kept.add(mark);
  }
  return kept;
}
