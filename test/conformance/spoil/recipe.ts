/** A PDF as text by object, to be changed and put together again: offsets and stream lengths come out right by themselves. */

export interface Recipe {
  header: string;
  /** Between `N 0 obj` and `endobj`, by number; latin1. */
  readonly objects: Map<number, string>;
  /** Entries of the trailer without /Size. */
  trailer: string;
}

/** As `/Length` in a recipe, where the true length goes. */
export const LENGTH = '/Length $';

export const stream = (data: string, entries = ''): string =>
  `<<${entries}${LENGTH}>>\nstream\n${data}\nendstream`;

/** With a table of cross-references; an entry for every number up to the largest. */
export function assemble({ header, objects, trailer }: Recipe): Uint8Array {
  let text = header;
  const offsets = new Map<number, number>();
  for (const [number, body] of objects) {
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${measured(body)}\nendobj\n`;
  }
  const start = text.length;
  const size = Math.max(...offsets.keys()) + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let number = 1; number < size; number += 1) {
    const offset = offsets.get(number);
    text += offset === undefined ? '0000000000 00001 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  }
  text += `trailer\n<</Size ${size}${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

const measured = (body: string): string =>
  body.replace(LENGTH, () => {
    const data = /stream\r?\n([\s\S]*?)\r?\n?endstream$/.exec(body)?.[1] ?? '';
    return `/Length ${data.length}`;
  });

/** Takes a file of `assemble` apart. */
export function takeApart(bytes: Uint8Array): Recipe {
  const text = Buffer.from(bytes).toString('latin1');
  const objects = new Map<number, string>();
  let header: string | undefined;
  for (const match of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj\n/g)) {
    header ??= text.slice(0, match.index);
    objects.set(
      Number(match[1]),
      (match[2] ?? '').replace(/\/Length \d+(?=.*>>\nstream\n)/, () => LENGTH),
    );
  }
  const trailer = /\ntrailer\n<<\/Size \d+([\s\S]*)>>\nstartxref\n\d+\n%%EOF\n$/.exec(text)?.[1];
  if (header === undefined || trailer === undefined) throw new Error('This file was not put together here');
  return { header, objects, trailer };
}
