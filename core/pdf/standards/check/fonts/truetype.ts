/** A TrueType font program (OpenType 1.9): widths, character maps and glyph names. */

const MOST_GLYPHS = 65_536;
/** Of character maps; fonts have three or four. */
const MOST_TABLES = 64;

export interface CharacterMap {
  readonly platform: number;
  readonly encoding: number;
  /** Glyph index of a character code; 0 for none. */
  readonly glyphs: ReadonlyMap<number, number>;
}

export class TrueType {
  readonly glyphCount: number;
  readonly characterMaps: readonly CharacterMap[];
  /** In font units: files of many documents have thousands of fonts. */
  readonly #widths: Uint16Array;
  readonly #units: number;
  readonly #names: ReadonlyMap<string, number>;

  /** Throws RangeError when the file is broken or lacks its metrics. */
  constructor(bytes: Uint8Array) {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const tables = directory(data);
    const head = tables.get('head');
    const hhea = need(tables, 'hhea');
    const hmtx = need(tables, 'hmtx');
    this.#units = head === undefined ? 1000 : data.readUInt16BE(head.offset + 18);
    const metrics = data.readUInt16BE(hhea.offset + 34);
    this.#widths = new Uint16Array(metrics);
    for (let glyph = 0; glyph < metrics; glyph += 1) {
      this.#widths[glyph] = data.readUInt16BE(hmtx.offset + glyph * 4);
    }
    const maxp = tables.get('maxp');
    this.glyphCount = maxp === undefined ? metrics : data.readUInt16BE(maxp.offset + 4);
    const cmap = tables.get('cmap');
    this.characterMaps = cmap === undefined ? [] : characterMaps(data, cmap.offset);
    const post = tables.get('post');
    this.#names = post === undefined ? new Map() : postNames(data, post);
  }

  /** Glyphs that have a width of their own. */
  get metricCount(): number {
    return this.#widths.length;
  }

  /** In thousandths of an em. */
  width(glyph: number): number {
    const last = this.#widths.length - 1;
    const index = glyph <= last ? glyph : glyph < this.glyphCount ? last : 0;
    return ((this.#widths[index] ?? 0) * 1000) / this.#units;
  }

  map(platform: number, encoding: number): CharacterMap | undefined {
    return this.characterMaps.find((map) => map.platform === platform && map.encoding === encoding);
  }

  /** By the `post` table; 0 for none. */
  glyphNamed(name: string): number {
    return this.#names.get(name) ?? 0;
  }

  hasGlyphName(name: string): boolean {
    return this.#names.has(name);
  }
}

interface Table {
  readonly offset: number;
  readonly length: number;
}

function directory(data: Buffer): Map<string, Table> {
  const tables = new Map<string, Table>();
  const count = data.readUInt16BE(4);
  for (let index = 0; index < count; index += 1) {
    const at = 12 + index * 16;
    const tag = data.toString('latin1', at, at + 4);
    tables.set(tag, { offset: data.readUInt32BE(at + 8), length: data.readUInt32BE(at + 12) });
  }
  return tables;
}

/** The bytes of one table, such as `CFF ` of an OpenType font. Throws RangeError when the file is broken. */
export function fontTable(bytes: Uint8Array, tag: string): Uint8Array | undefined {
  const table = directory(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).get(tag);
  return table && bytes.subarray(table.offset, table.offset + table.length);
}

function need(tables: ReadonlyMap<string, Table>, tag: string): Table {
  const table = tables.get(tag);
  if (table === undefined) throw new RangeError(`The font has no table "${tag}"`);
  return table;
}

function characterMaps(data: Buffer, offset: number): CharacterMap[] {
  const count = data.readUInt16BE(offset + 2);
  const maps: CharacterMap[] = [];
  // Many entries may name the same table.
  const known = new Map<number, Map<number, number>>();
  for (let index = 0; index < count; index += 1) {
    const at = offset + 4 + index * 8;
    const table = offset + data.readUInt32BE(at + 4);
    const glyphs = known.get(table) ?? glyphsOf(data, table);
    known.set(table, glyphs);
    if (known.size > MOST_TABLES) throw new RangeError('The font has too many character maps');
    maps.push({ platform: data.readUInt16BE(at), encoding: data.readUInt16BE(at + 2), glyphs });
  }
  return maps;
}

function glyphsOf(data: Buffer, at: number): Map<number, number> {
  switch (data.readUInt16BE(at)) {
    case 0:
      return new Map(Array.from({ length: 256 }, (_, code) => [code, data.readUInt8(at + 6 + code)]));
    case 4:
      return segments(data, at);
    case 6: {
      const first = data.readUInt16BE(at + 6);
      const count = data.readUInt16BE(at + 8);
      return new Map(
        Array.from({ length: count }, (_, index) => [first + index, data.readUInt16BE(at + 10 + index * 2)]),
      );
    }
    default:
      return new Map();
  }
}

function segments(data: Buffer, at: number): Map<number, number> {
  const glyphs = new Map<number, number>();
  const count = data.readUInt16BE(at + 6) / 2;
  const ends = at + 14;
  const starts = ends + count * 2 + 2;
  const deltas = starts + count * 2;
  const offsets = deltas + count * 2;
  for (let index = 0; index < count; index += 1) {
    const start = data.readUInt16BE(starts + index * 2);
    const end = data.readUInt16BE(ends + index * 2);
    const delta = data.readUInt16BE(deltas + index * 2);
    const rangeAt = offsets + index * 2;
    const range = data.readUInt16BE(rangeAt);
    if (range !== 0 && start === 0xffff) continue;
    for (let code = start; code <= end && glyphs.size <= MOST_GLYPHS; code += 1) {
      if (range === 0) glyphs.set(code, (code + delta) & 0xffff);
      else {
        const glyph = data.readUInt16BE(rangeAt + range + (code - start) * 2);
        glyphs.set(code, glyph === 0 ? 0 : (glyph + delta) & 0xffff);
      }
    }
  }
  return glyphs;
}

/** Names of the `post` table that are not Macintosh standard ones come with format 2. */
function postNames(data: Buffer, { offset, length }: Table): Map<string, number> {
  const names = new Map<string, number>();
  const format = data.readUInt32BE(offset);
  if (format === 0x10000) {
    for (const [glyph, name] of MAC_GLYPHS.entries()) if (!names.has(name)) names.set(name, glyph);
    return names;
  }
  if (format !== 0x20000) return names;
  const count = data.readUInt16BE(offset + 32);
  const strings: string[] = [];
  const end = Math.min(offset + length, data.length);
  for (let at = offset + 34 + count * 2; at < end;) {
    const size = data.readUInt8(at);
    strings.push(data.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  for (let glyph = 0; glyph < count; glyph += 1) {
    const index = data.readUInt16BE(offset + 34 + glyph * 2);
    const name = index < 258 ? MAC_GLYPHS[index] : strings[index - 258];
    if (name !== undefined && !names.has(name)) names.set(name, glyph);
  }
  return names;
}

/** The standard order of Macintosh glyphs (OpenType 1.9, `post` table). */
const MAC_GLYPHS: readonly string[] = (
  '.notdef .null nonmarkingreturn space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright ' +
  'asterisk plus comma hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal ' +
  'greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum ' +
  'underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde Adieresis Aring ' +
  'Ccedilla Eacute Ntilde Odieresis Udieresis aacute agrave acircumflex adieresis atilde aring ccedilla eacute egrave ' +
  'ecircumflex edieresis iacute igrave icircumflex idieresis ntilde oacute ograve ocircumflex odieresis otilde uacute ugrave ' +
  'ucircumflex udieresis dagger degree cent sterling section bullet paragraph germandbls registered copyright trademark acute ' +
  'dieresis notequal AE Oslash infinity plusminus lessequal greaterequal yen mu partialdiff summation product pi integral ' +
  'ordfeminine ordmasculine Omega ae oslash questiondown exclamdown logicalnot radical florin approxequal Delta guillemotleft ' +
  'guillemotright ellipsis nonbreakingspace Agrave Atilde Otilde OE oe endash emdash quotedblleft quotedblright quoteleft ' +
  'quoteright divide lozenge ydieresis Ydieresis fraction currency guilsinglleft guilsinglright fi fl daggerdbl periodcentered ' +
  'quotesinglbase quotedblbase perthousand Acircumflex Ecircumflex Aacute Edieresis Egrave Iacute Icircumflex Idieresis Igrave ' +
  'Oacute Ocircumflex apple Ograve Uacute Ucircumflex Ugrave dotlessi circumflex tilde macron breve dotaccent ring cedilla ' +
  'hungarumlaut ogonek caron Lslash lslash Scaron scaron Zcaron zcaron brokenbar Eth eth Yacute yacute Thorn thorn minus ' +
  'multiply onesuperior twosuperior threesuperior onehalf onequarter threequarters franc Gbreve gbreve Idotaccent Scedilla ' +
  'scedilla Cacute cacute Ccaron ccaron dcroat'
).split(' ');
