import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import {
  PdfDict,
  PdfRef,
  PdfStream,
  PdfVerbatim,
  type PdfObject,
} from '../../../../core/pdf/revision/objects.ts';
import { subsetFont } from '../../../../core/pdf/signing/appearance/font-subset.ts';
import { tagWidget } from '../../../../core/pdf/signing/field/widget-tag.ts';
import { decodePng, PngError } from '../../../../core/pdf/signing/appearance/png.ts';
import { cleanText, setText } from '../../../../core/pdf/signing/appearance/text-block.ts';
import { buildPdf, onePage, streamBody } from '../../../support/pdf-builder.ts';
import { encodePng, type PngSource } from '../../../support/png-encoder.ts';
import { issue } from '../../../support/signing-authority.ts';
import { signatureFonts, signerOf, signWith, type SignOptions } from '../../../support/signing-world.ts';

const signer = signerOf(issue({ name: 'Zoë Müller' }));
const place = { page: 1, x: 100, y: 50, width: 200, height: 60 };

async function show(options: SignOptions = {}) {
  const visible = options.visible ?? { ...place, text: null, image: null };
  const { bytes } = await signWith(signer, { placement: place, ...options, visible });
  const document = PdfDocument.open(memorySource(bytes));
  const [page] = document.pages();
  const widget = document.resolve(document.arrayAt(page?.dict, 'Annots')?.at(-1)) as PdfDict;
  const appearance = document.streamAt(document.dictAt(widget, 'AP'), 'N');
  if (appearance === undefined || page === undefined) throw new Error('Nothing is shown');
  const resources = document.dictAt(appearance.dict, 'Resources');
  return {
    document,
    page,
    widget,
    appearance,
    resources,
    content: Buffer.from(document.decodedBytes(appearance)).toString('latin1'),
  };
}

function decoded(document: PdfDocument, stream: PdfStream | undefined): Buffer {
  if (stream === undefined) throw new Error('There is no such stream');
  return Buffer.from(document.decodedBytes(stream));
}

/** What a reader copies out of an appearance: codes by the fonts' ToUnicode. */
function textOf({ document, resources, content }: Awaited<ReturnType<typeof show>>): string {
  let text = '';
  for (const [, font, hex = '', next] of content.matchAll(/(?:\/(F\d) [\d.]+ Tf <([\dA-F]*)> Tj)|(T\*)/g)) {
    if (next !== undefined) text += '\n';
    if (font === undefined) continue;
    const dict = document.dictAt(document.dictAt(resources, 'Font'), font);
    const map = decoded(document, document.streamAt(dict, 'ToUnicode')).toString('latin1');
    for (const code of hex.match(/.{4}/g) ?? []) {
      const [, utf16 = ''] = new RegExp(`<${code}> <([\\dA-F]+)>`).exec(map) ?? [];
      text += Buffer.from(utf16, 'hex').swap16().toString('utf16le');
    }
  }
  return text;
}

describe('the text', () => {
  it('says who, why and when, in an embedded subset that leads back to its characters', async () => {
    const shown = await show({ reason: 'I approve ✓ €', now: Date.UTC(2026, 0, 2, 3, 4) });
    expect(textOf(shown)).toBe('Signed by Zoë Müller\nReason: I approve ✓ €\nDate: 2026-01-02 03:04 UTC');
    const { document, resources } = shown;
    const fonts = [...(document.dictAt(resources, 'Font')?.values() ?? [])].map((font) =>
      document.resolve(font),
    );
    expect(fonts).toHaveLength(2);
    for (const font of fonts as PdfDict[]) {
      const descendant = document.resolve(document.arrayAt(font, 'DescendantFonts')?.[0]) as PdfDict;
      const descriptor = document.dictAt(descendant, 'FontDescriptor');
      expect(font.nameAt('BaseFont')).toMatch(/^[A-Z]{6}\+/);
      expect(descriptor?.has('CIDSet'), 'only PDF/A-1 has it').toBe(false);
      const program = decoded(document, document.streamAt(descriptor, 'FontFile2'));
      expect(program.length).toBeLessThan(20_000);
    }
  });

  it('has the CIDSet that PDF/A-1 asks for, of every glyph in the file', async () => {
    const { document, resources } = await show({
      standards: ['pdf/a-1b'],
      visible: { ...place, text: 'abba' },
    });
    const font = document.dictAt(document.dictAt(resources, 'Font'), 'F0');
    const descendant = document.resolve(document.arrayAt(font, 'DescendantFonts')?.[0]) as PdfDict;
    const set = document.streamAt(document.dictAt(descendant, 'FontDescriptor'), 'CIDSet');
    // .notdef, a and b.
    expect([...decoded(document, set)]).toEqual([0b1110_0000]);
    expect(document.arrayAt(descendant, 'W')?.[0]).toBe(0);
    expect(document.arrayAt(descendant, 'W')?.[1]).toHaveLength(3);
  });

  it('wraps and shrinks until it fits, also without a space and in a tiny box', async () => {
    const fonts = await signatureFonts.fontsFor('Wm');
    for (const text of ['word '.repeat(200), 'W'.repeat(500), 'a\n\nb', '']) {
      for (const [width, height] of [
        [200, 60],
        [30, 200],
        [1, 1],
      ] as const) {
        const { size, lines } = setText(cleanText(text), fonts, width, height);
        expect(lines.length * 1.2 * size).toBeLessThanOrEqual(height);
        expect(size).toBeLessThanOrEqual(10);
        const characters = lines.flat().flatMap((run) => run.characters);
        expect(characters.join('').replaceAll(' ', '')).toBe(text.replaceAll(/\s/g, ''));
      }
    }
  });

  it('breaks between words, not within them', async () => {
    const fonts = await signatureFonts.fontsFor('one two');
    const { lines } = setText('one two three four', fonts, 40, 200);
    expect(lines.map((line) => line.flatMap((run) => run.characters).join(''))).toEqual([
      'one two',
      'three',
      'four',
    ]);
  });

  it('is cleaned of what has no shape, and composed', () => {
    expect(cleanText('u\u0308\u200b\u202e\u0007☎\ufe0f\u00a0x\r\ny')).toBe('ü☎ x\ny');
  });

  it('names the characters that no font has, or that run the other way', async () => {
    const chinese = show({ visible: { ...place, text: '由王签名' } });
    await expect(chinese).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    await expect(chinese).rejects.toThrow(/由 王/);
    await expect(show({ visible: { ...place, text: 'שלום' } })).rejects.toThrow(/right to left: שלום/);
  });

  it('takes the parts of composite glyphs along', async () => {
    const [font] = await signatureFonts.fontsFor('Ü');
    if (font === undefined) throw new Error('There is no font');
    const { glyphs, program } = subsetFont(font, [font.glyphOf('Ü'.codePointAt(0) ?? 0)]);
    expect(glyphs.length).toBeGreaterThan(2);
    const sum = Array.from({ length: program.length / 4 }, (_, at) => program.readUInt32BE(at * 4));
    expect(
      sum.reduce((a, b) => (a + b) >>> 0, 0),
      'the checksum of a whole font',
    ).toBe(0xb1b0afba);
  });
});

describe('the place', () => {
  it.each([
    ['', [100, 732, 300, 792]],
    ['/Rotate 90', [50, 100, 110, 300]],
    ['/Rotate 180', [295, 50, 495, 110]],
    ['/Rotate -90', [485, 542, 545, 742]],
    ['/CropBox[10 20 500 700]', [110, 590, 310, 650]],
  ])('is counted from the top left of the page as it is seen: %s', async (entries, rect) => {
    const objects = onePage();
    objects[2] = { number: 3, body: `<</Type/Page/Parent 2 0 R/Contents 4 0 R${entries}>>` };
    objects[1] = { number: 2, body: '<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>' };
    const { widget } = await show({ pdf: buildPdf(objects) });
    expect(widget.get('Rect')).toEqual(rect);
  });

  it('has to be on a page that there is', async () => {
    await expect(show({ placement: { ...place, page: 2 } })).rejects.toThrow(
      /page 2, but the document has one page/,
    );
    await expect(show({ placement: { ...place, x: 700 } })).rejects.toThrow(
      /outside of page 1, which is 595 by 842/,
    );
  });
});

describe('the image', () => {
  const half = (options: Partial<PngSource> = {}): Buffer =>
    encodePng({
      width: 4,
      height: 2,
      type: 6,
      depth: 8,
      sample: (x, _y, channel) => (channel === 3 ? (x < 2 ? 0 : 255) : 100),
      ...options,
    });

  const imageOf = ({ document, resources }: Awaited<ReturnType<typeof show>>): PdfStream => {
    const image: PdfObject = document.resolve(document.dictAt(resources, 'XObject')?.get('Im0'));
    if (image instanceof PdfStream) return image;
    throw new Error('There is no image');
  };

  it('keeps its transparency, and is laid on white for PDF/A-1', async () => {
    const shown = await show({ image: half() });
    expect(textOf(shown), 'an image alone').toBe('');
    const mask = shown.document.streamAt(imageOf(shown).dict, 'SMask');
    expect([...decoded(shown.document, mask)]).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
    const flat = await show({ image: half(), standards: ['pdf/a-1b'] });
    expect(imageOf(flat).dict.has('SMask')).toBe(false);
    const white = [255, 255, 255];
    const grey = [100, 100, 100];
    const row = [...white, ...white, ...grey, ...grey];
    expect([...flat.document.decodedBytes(imageOf(flat))]).toEqual([...row, ...row]);
  });

  it('stands beside the text', async () => {
    const shown = await show({ image: half(), visible: { ...place, text: 'Text' } });
    expect(textOf(shown)).toBe('Text');
    expect(shown.content).toContain('/Im0 Do');
  });

  it('is refused when it is none', async () => {
    const gif = Buffer.from('GIF89a');
    await expect(show({ image: gif })).rejects.toThrow(/neither PNG nor JPEG/);
    const bomb = half({ claims: { width: 60_000, height: 60_000 } });
    await expect(show({ image: bomb })).rejects.toThrow(/too many pixels/);
    await expect(show({ image: half({ claims: { width: 4, height: 50 } }) })).rejects.toThrow(/cut off/);
    const cmyk = Buffer.from('ffd8ffc00014080001000104010000000000000000000000ffd9', 'hex');
    await expect(show({ image: cmyk })).rejects.toThrow(/CMYK/);
    await expect(show({ image: cmyk.subarray(0, 8) })).rejects.toThrow(/damaged/);
  });

  it('as JPEG goes in as it is', async () => {
    const jpeg = Buffer.from('ffd8ffe000040000ffc0000b080002000303011100ffd9', 'hex');
    jpeg[jpeg.indexOf(0xc0) + 8] = 1;
    const shown = await show({ image: jpeg });
    const { dict } = imageOf(shown);
    expect([dict.get('Width'), dict.get('Height'), dict.nameAt('ColorSpace')]).toEqual([3, 2, 'DeviceGray']);
    expect(Buffer.from(shown.document.rawBytes(imageOf(shown))).equals(jpeg)).toBe(true);
  });

  it.each([
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 8],
    [0, 16],
    [2, 8],
    [2, 16],
    [3, 1],
    [3, 4],
    [3, 8],
    [4, 8],
    [4, 16],
    [6, 8],
    [6, 16],
  ] as const)('is decoded right as PNG of type %i with %i bits, interlaced or not', (type, depth) => {
    const most = 2 ** depth - 1;
    const value = (x: number, y: number, channel: number): number => (x * 7 + y * 5 + channel * 3) & most;
    const palette = Buffer.from(Array.from({ length: 768 }, (_, index) => (index * 31) & 0xff));
    for (const interlaced of [false, true]) {
      const source: PngSource = {
        width: 13,
        height: 11,
        type,
        depth,
        interlaced,
        sample: depth === 16 ? (x, y, channel) => (value(x, y, channel) * 257) & 0xffff : value,
        ...(type === 3 && { palette }),
      };
      const image = decodePng(encodePng(source));
      const [x, y] = [6, 9];
      const raw = (channel: number): number => {
        const sample = source.sample(x, y, channel);
        return depth === 16 ? sample >> 8 : type === 0 ? Math.floor((sample * 255) / most) : sample;
      };
      const channels = image.isGrey ? 1 : 3;
      const got = [...image.colours.subarray((y * 13 + x) * channels, (y * 13 + x + 1) * channels)];
      const expected =
        type === 3
          ? [...palette.subarray(raw(0) * 3, raw(0) * 3 + 3)]
          : [0, 1, 2].slice(0, channels).map(raw);
      expect(got).toEqual(expected);
      if (type >= 4) expect(image.alpha?.[y * 13 + x]).toBe(raw(channels));
      else expect(image.alpha).toBeUndefined();
    }
  });

  it('never crashes its decoder, whatever byte is spoiled', () => {
    const png = half({ interlaced: true });
    for (let at = 8; at < png.length; at += 1) {
      const spoiled = Buffer.from(png);
      spoiled[at] = (spoiled[at] ?? 0) ^ 0xff;
      try {
        decodePng(spoiled);
      } catch (error) {
        expect(error).toBeInstanceOf(PngError);
      }
    }
  });
});

describe('in a tagged document', () => {
  const tagged = (parentTree: string, more = ''): Buffer =>
    buildPdf([
      { number: 1, body: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot 5 0 R/MarkInfo<</Marked true>>>>' },
      { number: 2, body: '<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>' },
      { number: 3, body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>/StructParents 0>>' },
      { number: 4, body: streamBody('') },
      { number: 5, body: `<</Type/StructTreeRoot/K 6 0 R/ParentTree 7 0 R${more}>>` },
      { number: 6, body: '<</Type/StructElem/S/Document/P 5 0 R/K[8 0 R]>>' },
      { number: 7, body: parentTree },
      { number: 8, body: '<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K 0>>' },
      { number: 9, body: '<</Limits[0 4]/Nums[0[8 0 R] 4 8 0 R]>>' },
    ]);

  it.each([
    ['one leaf', tagged('<</Nums[0[8 0 R]]>>', '/ParentTreeNextKey 1'), 1],
    ['leaves below', tagged('<</Kids[9 0 R]>>'), 5],
  ])('has a Form element that it leads to and back, in a parent tree of %s', async (_, pdf, key) => {
    const { document, widget, page } = await show({ pdf, standards: ['pdf/ua-1'] });
    expect(widget.get('StructParent')).toBe(key);
    expect(widget.has('TU')).toBe(true);
    expect(page.dict.nameAt('Tabs')).toBe('S');
    const tree = document.dictAt(document.root, 'StructTreeRoot');
    expect(tree?.get('ParentTreeNextKey')).toBe(key + 1);
    const parents = document.dictAt(tree, 'ParentTree');
    const leaf =
      parents?.has('Kids') === true
        ? (document.resolve(document.arrayAt(parents, 'Kids')?.at(-1)) as PdfDict)
        : parents;
    expect(document.arrayAt(leaf, 'Nums')?.at(-2)).toBe(key);
    const element = document.resolve(document.arrayAt(leaf, 'Nums')?.at(-1)) as PdfDict;
    expect(element.nameAt('S')).toBe('Form');
    expect(document.resolve(document.dictAt(element, 'K')?.get('Obj'))).toBe(widget);
    const top = document.dictAt(tree, 'K');
    expect(document.resolve(document.arrayAt(top, 'K')?.at(-1))).toBe(element);
  });

  it('finds its place in a structure that was just written anew', () => {
    const document = PdfDocument.open(memorySource(tagged('<</Nums[0[8 0 R]]>>', '/ParentTreeNextKey 1')));
    document.set(
      new PdfRef(6),
      new PdfVerbatim('<</Type/StructElem/S/Document/P 5 0 R/NS 77 0 R/K[8 0 R]>>'),
    );
    document.set(new PdfRef(7), new PdfVerbatim('<</Nums[0[8 0 R]]>>'));
    const [page] = document.pages();
    if (page === undefined) throw new Error('There is no page');
    const widget = document.add(new PdfDict());
    tagWidget(document, { widget, page: page.ref, description: 'Signature' });
    const tree = document.dictAt(document.root, 'StructTreeRoot');
    const [, form] = document.arrayAt(document.dictAt(tree, 'K'), 'K') ?? [];
    expect((document.resolve(form) as PdfDict).get('NS')).toEqual(new PdfRef(77));
    expect(document.arrayAt(document.dictAt(tree, 'ParentTree'), 'Nums')).toHaveLength(4);
  });

  it('is not tagged when it is not shown', async () => {
    const { bytes } = await signWith(signer, { pdf: tagged('<</Nums[]>>'), standards: ['pdf/ua-1'] });
    const document = PdfDocument.open(memorySource(bytes));
    expect(document.changed.size).toBe(0);
    expect(document.dictAt(document.root, 'StructTreeRoot')?.has('ParentTreeNextKey')).toBe(false);
  });
});

it('compresses what it draws', async () => {
  const { document, appearance } = await show();
  expect(inflateSync(document.rawBytes(appearance)).toString('latin1')).toMatch(/^BT 0 g/);
});
