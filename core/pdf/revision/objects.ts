/** The objects of a PDF file (ISO 32000-2 §7.3) as values. */

export type PdfObject =
  | null
  | boolean
  | number
  | PdfReal
  | PdfName
  | PdfString
  | PdfRef
  | PdfObject[]
  | PdfDict
  | PdfStream
  | PdfVerbatim;

/**
 * A number that the file writes with a point although it is whole, `40000.0`: ISO 19005-1 §6.1.12 limits reals and integers
 * differently. Every other number is a plain `number`.
 */
export class PdfReal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** `/Name`. Bytes over 127 and `#xx` escapes are kept as Latin-1 characters. The same name is the same instance. */
export class PdfName {
  static readonly #known = new Map<string, PdfName>();
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  static of(name: string): PdfName {
    let known = PdfName.#known.get(name);
    if (known === undefined) {
      known = new PdfName(name);
      // Hostile files may have millions of names; those that everybody uses come first.
      if (PdfName.#known.size < MOST_KNOWN_NAMES) PdfName.#known.set(name, known);
    }
    return known;
  }
}

const MOST_KNOWN_NAMES = 10_000;

/** A string, `(…)` or `<…>`, as its bytes. */
export class PdfString {
  readonly bytes: Uint8Array;
  /** Written as `<…>`. */
  readonly isHex: boolean;
  /** Of a string `<…>` that was read: an odd number of digits, or characters that are none (ISO 32000-2 §7.3.4.3). */
  readonly hexFault: 'odd' | 'character' | undefined;

  constructor(bytes: Uint8Array, isHex = false, hexFault?: 'odd' | 'character') {
    this.bytes = bytes;
    this.isHex = isHex;
    this.hexFault = hexFault;
  }
}

/** `12 0 R`. */
export class PdfRef {
  readonly number: number;
  readonly generation: number;

  constructor(number: number, generation = 0) {
    this.number = number;
    this.generation = generation;
  }
}

/** A dictionary; keys are decoded names without the slash, in the order of the file. */
export class PdfDict extends Map<string, PdfObject> {
  /** From a plain object; entries that are undefined are left out. */
  static of(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
    const dict = new PdfDict();
    for (const [key, value] of Object.entries(entries)) if (value !== undefined) dict.set(key, value);
    return dict;
  }

  /** The name at a key when it is a direct one. */
  nameAt(key: string): string | undefined {
    const value = this.get(key);
    return value instanceof PdfName ? value.name : undefined;
  }
}

/** Where the encoded bytes of a stream are: in the file that was read, or made by us. */
export type StreamData =
  | { readonly kind: 'source'; readonly offset: number; readonly length: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export class PdfStream {
  readonly dict: PdfDict;
  readonly data: StreamData;

  constructor(dict: PdfDict, data: StreamData) {
    this.dict = dict;
    this.data = data;
  }

  /** A stream of ours; `bytes` are already encoded by the filters that `dict` names. */
  static of(dict: PdfDict, bytes: Uint8Array): PdfStream {
    return new PdfStream(dict, { kind: 'bytes', bytes });
  }
}

/** An object as it will stand in the file, Latin-1; for those that come by the ten thousand. Nothing reads it before it is written. */
export class PdfVerbatim {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A number of either kind, or undefined. */
export function numberOf(object: PdfObject | undefined): number | undefined {
  if (typeof object === 'number') return object;
  return object instanceof PdfReal ? object.value : undefined;
}

export const name = (text: string): PdfName => PdfName.of(text);
