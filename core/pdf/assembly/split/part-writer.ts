/** Writes a part of a printed file as a file of the same make: what is asked for, and whatever that refers to. */
import { ByteSink } from '../../revision/object-writer.ts';
import type { PdfDict } from '../../revision/objects.ts';
import { xrefTable, type XrefRow } from '../../revision/xref-writer.ts';
import { renumbered, type PrintedFile } from './printed-file.ts';

/** Stands for what belongs to another part; no object has this number. */
export const FOREIGN = 0;

export class PartWriter {
  /** Something that was copied refers to another part. */
  sawForeign = false;
  readonly #file: PrintedFile;
  readonly #sink = new ByteSink();
  readonly #rows: XrefRow[] = [{ number: 0, kind: 'free', generation: 65535 }];
  readonly #numbers = new Map<number, number | undefined>();
  readonly #waiting: number[] = [];
  readonly #changes = new Map<number, (text: string) => string>();
  #size = 1;

  constructor(file: PrintedFile) {
    this.#file = file;
    this.#sink.write(Buffer.from('%PDF-1.4\n%\xd3\xeb\xe9\xe1\n', 'latin1'));
  }

  reserve(): number {
    this.#size += 1;
    return this.#size - 1;
  }

  /** Whatever refers to `old` refers to `next`, which somebody else writes. Undefined: to nothing. */
  map(old: number, next: number | undefined): void {
    this.#numbers.set(old, next);
  }

  /** The new number of an object, which is copied when `drain` comes to it. */
  ref(old: number): number | undefined {
    if (this.#numbers.has(old)) return this.#numbers.get(old);
    const next = this.reserve();
    this.#numbers.set(old, next);
    this.#waiting.push(old);
    return next;
  }

  /** The new number of an object that is already part of the file. */
  known(old: number): number | undefined {
    return this.#numbers.get(old);
  }

  /** Copies the object, changed before its references are. */
  change(old: number, change: (text: string) => string): void {
    this.#changes.set(old, change);
  }

  renumber(text: string): string {
    return renumbered(text, (number) => {
      const next = this.ref(number);
      if (next === FOREIGN) this.sawForeign = true;
      return next;
    });
  }

  put(number: number, text: string): void {
    this.#rows.push({ number, kind: 'offset', offset: this.#sink.offset, generation: 0 });
    this.#sink.text(`${number} 0 obj\n${text}\nendobj\n`);
  }

  /** Writes what was referred to, in the order of the first mention. */
  drain(): void {
    for (let at = 0; at < this.#waiting.length; at += 1) {
      const old = this.#waiting[at] ?? 0;
      const next = this.#numbers.get(old) ?? 0;
      const { text, stream } = this.#file.object(old);
      const own = this.renumber(this.#changes.get(old)?.(text) ?? text);
      if (stream === undefined) this.put(next, own);
      else {
        this.#rows.push({ number: next, kind: 'offset', offset: this.#sink.offset, generation: 0 });
        this.#sink.text(`${next} 0 obj\n${own} `);
        this.#sink.write(stream);
        this.#sink.text('endstream\nendobj\n');
      }
    }
    this.#waiting.length = 0;
  }

  finish(trailer: PdfDict): Uint8Array {
    trailer.set('Size', this.#size);
    xrefTable(this.#sink, this.#rows, trailer);
    return this.#sink.take();
  }
}
