/**
 * `Content-Disposition: attachment` with a file name in any script: RFC 6266 §4.3, the extended form of RFC 8187. The
 * plain `filename` is for clients that do not know `filename*`.
 */
export function attachment(filename: string): string {
  const wellFormed = filename.toWellFormed();
  const ascii = wellFormed.replace(/[^\x20-\x7e]+/g, '_').replace(/["\\%]/g, '_');
  const plain = `attachment; filename="${ascii}"`;
  return ascii === wellFormed ? plain : `${plain}; filename*=UTF-8''${encodeExtended(wellFormed)}`;
}

/** RFC 8187 §3.2.1: what `encodeURIComponent` leaves and `attr-char` does not allow is `'()*`. */
const encodeExtended = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
