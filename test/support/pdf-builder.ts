/** Small PDF files written by hand, so that a test sees every byte it asks about. */

export interface BuiltObject {
  readonly number: number;
  /** Everything between `obj` and `endobj`. */
  readonly body: string;
}

/** A file of PDF 1.4 with a plain table; `trailer` gets /Size by itself. */
export function buildPdf(
  objects: readonly BuiltObject[],
  options: { readonly trailer?: string; readonly header?: string } = {},
): Buffer {
  let text = `${options.header ?? '%PDF-1.4'}\n%\xd3\xeb\xe9\xe1\n`;
  const offsets = new Map<number, number>();
  for (const { number, body } of objects) {
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const size = Math.max(0, ...offsets.keys()) + 1;
  const start = text.length;
  text += `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let number = 1; number < size; number += 1) {
    const offset = offsets.get(number);
    text += offset === undefined ? '0000000000 00001 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
  }
  text += `trailer\n<</Size ${size} ${options.trailer ?? '/Root 1 0 R'}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

export const streamBody = (data: string, entries = ''): string =>
  `<<${entries}/Length ${data.length}>>\nstream\n${data}\nendstream`;

/** One page with this content stream. */
export function onePage(content = 'BT ET'): BuiltObject[] {
  return [
    { number: 1, body: '<</Type/Catalog/Pages 2 0 R>>' },
    { number: 2, body: '<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>' },
    { number: 3, body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>>>' },
    { number: 4, body: streamBody(content) },
  ];
}
