/** Changes of a content stream, collected while it is read and made in one copy. */

export class ContentEdits {
  readonly #edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];

  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  /** Bytes `start` … `end` become `text` (Latin-1). Ranges must not overlap; they can come in any order. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  insert(at: number, text: string): void {
    this.#edits.push({ start: at, end: at, text });
  }

  /** What was inserted first at a place comes first there, before what replaces the bytes behind it. */
  apply(bytes: Uint8Array): Uint8Array {
    const edits = this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
    const grown = edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
    const out = Buffer.allocUnsafe(bytes.length + grown);
    let from = 0;
    let to = 0;
    for (const { start, end, text } of edits) {
      out.set(bytes.subarray(from, start), to);
      to += start - from;
      to += out.write(text, to, 'latin1');
      from = end;
    }
    out.set(bytes.subarray(from), to);
    return out;
  }
}
