/**
 * Files that were made to tire whoever verifies them: each ends soon, in a report that names a fault or in an error. What would
 * hang or fill the memory fails by the time limit of the test.
 */
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { VerifyReport } from '../../../../contract/verify.ts';
import { InfluxionError } from '../../../../core/error.ts';
import { verifyPdf } from '../../../../core/pdf/verify/verify-pdf.ts';
import { memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { PdfDocument } from '../../../../core/pdf/revision/document.ts';
import { PdfReader } from '../../../../core/pdf/revision/reader.ts';
import { checkConformance } from '../../../../core/pdf/standards/check/check-conformance.ts';
import { assemble, stream, type Recipe } from '../../../conformance/spoil/recipe.ts';
import { baseRecipe, OBJECT } from '../../../conformance/spoil/bases.ts';

const STANDARDS = ['pdf/a-2a', 'pdf/ua-1'] as const;

/** The report, or the code of the error. */
function verdict(bytes: Uint8Array): VerifyReport | string {
  try {
    return verifyPdf({ input: { kind: 'bytes', bytes }, roots: [], now: 0, standards: STANDARDS });
  } catch (error) {
    if (InfluxionError.is(error)) return error.code;
    throw error;
  }
}

/** Rules that a check of half a second finds broken. */
function rulesBroken(bytes: Uint8Array): string[] {
  const reader = PdfReader.open(memorySource(bytes));
  return checkConformance(reader, STANDARDS, { milliseconds: 500 }).flatMap(({ violations }) =>
    violations.map(({ rule }) => rule),
  );
}

function changed(change: (recipe: Recipe) => void): Uint8Array {
  const recipe = baseRecipe(['pdf/a-2a']);
  change(recipe);
  return assemble(recipe);
}

const replaced = (object: number, from: string, to: string): Uint8Array =>
  changed(({ objects }) => {
    const body = objects.get(object) ?? '';
    expect(body).toContain(from);
    objects.set(
      object,
      body.replace(from, () => to),
    );
  });

const flate = (data: string | Uint8Array, entries = ''): string =>
  stream(Buffer.from(deflateSync(data)).toString('latin1'), `${entries}/Filter/FlateDecode`);

const FIRST = 100;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => FIRST + index);

test('a page tree of a hundred thousand levels', () => {
  const bytes = changed(({ objects }) => {
    for (const number of numbers(100_000))
      objects.set(number, `<</Type/Pages/Kids[${number + 1} 0 R]/Count 1>>`);
    objects.set(FIRST + 100_000, '<</Type/Page>>');
    objects.set(OBJECT.pages, `<</Type/Pages/Kids[${FIRST} 0 R]/Count 1>>`);
  });
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
  expect(() => [...PdfDocument.open(memorySource(bytes)).pages()]).toThrow(/nested too deeply/);
});

test('a page tree in a circle', () => {
  const bytes = replaced(OBJECT.pages, '3 0 R', '2 0 R 3 0 R');
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
  expect(verdict(bytes)).not.toMatchObject({ ok: true });
});

test('thousands of pages that share one long list of annotations', () => {
  const bytes = changed(({ objects }) => {
    const pages = numbers(3_000);
    for (const number of pages)
      objects.set(number, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots 99 0 R>>');
    objects.set(99, `[${'21 0 R '.repeat(200_000)}]`);
    objects.set(
      OBJECT.pages,
      `<</Type/Pages/Count 3000/Kids[${pages.map((number) => `${number} 0 R`).join(' ')}]>>`,
    );
  });
  expect(rulesBroken(bytes)).toContain('limit');
});

test('a structure tree of a hundred thousand levels', () => {
  const bytes = changed(({ objects }) => {
    for (const number of numbers(100_000))
      objects.set(number, `<</S/NonStruct/P ${number === FIRST ? 40 : number - 1} 0 R/K ${number + 1} 0 R>>`);
    objects.set(FIRST + 100_000, `<</S/P/P ${FIRST + 99_999} 0 R/K 0>>`);
    const root = objects.get(40) ?? '';
    objects.set(40, root.replace(/\/K ?\[?\d+ 0 R\]?/, `/K ${FIRST} 0 R`));
  });
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
});

test('groups in groups of the structure that hold the same elements', () => {
  const bytes = changed(({ objects }) => {
    const levels = 900;
    for (let level = 0; level < levels; level += 1) {
      const kids = Array.from({ length: 100 }, (_, index) => `${FIRST + levels + level * 100 + index} 0 R`);
      for (const kid of kids) objects.set(Number.parseInt(kid, 10), `<</S/P/P ${FIRST + level} 0 R>>`);
      objects.set(
        FIRST + level,
        `<</S/NonStruct/P ${level === 0 ? 40 : FIRST + level - 1} 0 R/K[${kids.join(' ')} ${level + 1 < levels ? `${FIRST + level + 1} 0 R` : ''}]>>`,
      );
    }
    const root = objects.get(40) ?? '';
    objects.set(40, root.replace(/\/K ?\[?\d+ 0 R\]?/, `/K ${FIRST} 0 R`));
  });
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
});

test('bookmarks in a circle', () => {
  const bytes = replaced(OBJECT.bookmark, '/Parent 25 0 R', '/Parent 25 0 R/Next 26 0 R/First 26 0 R');
  expect(verdict(bytes)).toMatchObject({ size: bytes.length });
});

test('an object stream with a million objects', () => {
  const count = 1_000_000;
  const head = Array.from({ length: count }, (_, index) => `${FIRST + index} ${index * 5} `).join('');
  const packed = flate(head + '<<>> '.repeat(count), `/Type/ObjStm/N ${count}/First ${head.length}`);
  const rows = Buffer.alloc(count * 8);
  for (let index = 0; index < count; index += 1) {
    rows.writeUInt8(2, index * 8);
    rows.writeUInt16BE(99, index * 8 + 1);
    rows.writeUIntBE(index, index * 8 + 3, 5);
  }
  expect(
    rulesBroken(withRows(rows, { 99: packed }, `/Index[${FIRST} ${count}]/W[1 2 5]`)).length,
  ).toBeGreaterThan(0);
});

/** The base file with a revision of a cross-reference stream. */
function withRows(rows: Uint8Array, objects: Readonly<Record<number, string>>, entries: string): Uint8Array {
  const base = changed((recipe) => {
    for (const [number, body] of Object.entries(objects)) recipe.objects.set(Number(number), body);
  });
  const before = /startxref\n(\d+)/.exec(Buffer.from(base).toString('latin1'))?.[1] ?? '';
  const data = Buffer.from(deflateSync(rows)).toString('latin1');
  const section = `90 0 obj\n<</Type/XRef/Size 99/Root 1 0 R/Prev ${before}${entries}/Filter/FlateDecode/Length ${data.length}>>\nstream\n${data}\nendstream\nendobj\nstartxref\n${base.length}\n%%EOF\n`;
  return Buffer.concat([base, Buffer.from(section, 'latin1')]);
}

test('millions of cross-reference entries that lead to one long string', () => {
  const count = 1_000_000;
  const body = changed(({ objects }) => objects.set(99, `(${'s'.repeat(2_000_000)})`));
  const offset = Buffer.from(body).indexOf('99 0 obj');
  const rows = Buffer.alloc(count * 5);
  for (let index = 0; index < count; index += 1) {
    rows.writeUInt8(1, index * 5);
    rows.writeUInt32BE(offset, index * 5 + 1);
  }
  const bytes = withRows(rows, { 99: `(${'s'.repeat(2_000_000)})` }, `/Index[${FIRST} ${count}]/W[1 4 0]`);
  expect(rulesBroken(bytes)).toContain('limit');
});

test('a cross-reference stream that stands for more entries than there are objects', () => {
  const bomb = Buffer.alloc(300 * 1024 * 1024);
  expect(verdict(withRows(bomb, {}, '/Index[0 8000000]/W[1 0 0]'))).toBe('PDF_DAMAGED');
});

test('a cross-reference stream that names the same objects in a hundred thousand ranges', () => {
  const bytes = withRows(Buffer.alloc(1_000_000), {}, `/Index[${'200 8000000 '.repeat(100_000)}]/W[1 0 0]`);
  expect(verdict(bytes)).toMatchObject({ size: bytes.length });
});

test('a trailer that counts a thousand million objects', () => {
  const text = Buffer.from(assemble(baseRecipe(['pdf/a-2a']))).toString('latin1');
  const bytes = Buffer.from(text.replace(/\/Size \d+\/Root/, '/Size 1000000000/Root'), 'latin1');
  expect(verdict(bytes)).toBe('PDF_DAMAGED');
});

test('three thousand revisions', () => {
  let bytes = Buffer.from(assemble(baseRecipe(['pdf/a-2a'])));
  const parts = [bytes];
  let size = bytes.length;
  let before = Number(/startxref\n(\d+)/.exec(bytes.toString('latin1'))?.[1]);
  for (let revision = 0; revision < 3_000; revision += 1) {
    const section = `xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 99/Root 1 0 R/Prev ${before}>>\nstartxref\n${size}\n%%EOF\n`;
    before = size;
    size += section.length;
    parts.push(Buffer.from(section));
  }
  bytes = Buffer.concat(parts);
  expect(verdict(bytes)).toMatchObject({ size: bytes.length });
});

const content = (data: string): Uint8Array => changed(({ objects }) => objects.set(OBJECT.content, data));

test('content of 250 megabytes in a few kilobytes', () => {
  expect(rulesBroken(content(flate(Buffer.alloc(250 * 1024 * 1024, 'q Q '))))).toContain('limit');
});

test('a page of a thousand streams that are large together', () => {
  const bytes = changed(({ objects }) => {
    objects.set(99, flate(Buffer.alloc(100 * 1024 * 1024, ' ')));
    const page = objects.get(OBJECT.page) ?? '';
    objects.set(OBJECT.page, page.replace('/Contents 4 0 R', `/Contents[${'99 0 R '.repeat(1_000)}]`));
  });
  expect(rulesBroken(bytes)).toContain('limit');
});

test('a thousand filters, one after the other', () => {
  const filters = '/FlateDecode'.repeat(1_000);
  const data = Buffer.from(deflateSync('q Q')).toString('latin1');
  expect(rulesBroken(content(stream(data, `/Filter[${filters}]`))).length).toBeGreaterThan(0);
});

test.each([
  ['/ASCII85Decode', 'z'.repeat(8_000_000)],
  ['/ASCIIHexDecode', '71205120'.repeat(1_000_000)],
  ['/RunLengthDecode', '\0q'.repeat(4_000_000)],
])('millions of small pieces in %s', (filter, data) => {
  expect(rulesBroken(content(stream(data, `/Filter${filter}`))).length).toBeGreaterThan(0);
});

test('operands without an operator', () => {
  expect(rulesBroken(content(stream('1 '.repeat(3_000_000)))).length).toBeGreaterThan(0);
});

test('forms that show each other twice, thirty deep', () => {
  const bytes = changed(({ objects }) => {
    for (let level = 0; level < 30; level += 1) {
      const colours = `/DeviceRGB cs /F Do /DeviceCMYK cs /F Do /DeviceGray CS /F Do`;
      objects.set(
        FIRST + level,
        stream(
          colours,
          `/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F ${FIRST + level + 1} 0 R>>>>`,
        ),
      );
    }
    objects.set(FIRST + 30, stream('f', '/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<>>'));
    objects.set(OBJECT.form, objects.get(FIRST) ?? '');
  });
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
});

test('a character map of a hundred thousand ranges, with text in all its codes', () => {
  const ranges = Array.from({ length: 100_000 }, () => '<0000> <0001> 5').join('\n');
  const cmap = `1 begincodespacerange <0000> <FFFF> endcodespacerange\n100000 begincidrange\n${ranges}\nendcidrange`;
  const codes = Array.from({ length: 65_536 }, (_, code) => code.toString(16).padStart(4, '0')).join('');
  const bytes = changed(({ objects }) => {
    objects.set(
      99,
      stream(
        cmap,
        '/Type/CMap/CMapName/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>',
      ),
    );
    const font = objects.get(OBJECT.compositeFont) ?? '';
    objects.set(OBJECT.compositeFont, font.replace('/Encoding/Identity-H', '/Encoding 99 0 R'));
    objects.set(OBJECT.content, stream(`/Artifact BMC BT /F2 12 Tf <${codes}> Tj ET EMC`));
  });
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
});

const metadata = (text: string): Uint8Array =>
  changed(({ objects }) => objects.set(OBJECT.metadata, stream(text, '/Type/Metadata/Subtype/XML')));
const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';

test('metadata of two hundred thousand properties', () => {
  const properties = Array.from({ length: 200_000 }, (_, index) => `<a:p${index}/>`).join('');
  const bytes = metadata(
    `<rdf:RDF ${RDF}><rdf:Description rdf:about="" xmlns:a="a">${properties}</rdf:Description></rdf:RDF>`,
  );
  expect(rulesBroken(bytes).length).toBeGreaterThan(0);
  expect(verdict(bytes)).toMatchObject({ ok: false });
});

test('metadata of a hundred thousand namespaces', () => {
  const spaces = Array.from({ length: 100_000 }, (_, index) => `xmlns:n${index}="${index}"`).join(' ');
  const inner = '<rdf:Description rdf:about="" xmlns:b="b"/>'.repeat(100_000);
  const bytes = metadata(`<rdf:RDF ${RDF} ${spaces}>${inner}</rdf:RDF>`);
  expect(verdict(bytes)).toMatchObject({ ok: false });
});

test.each([
  ['arrays in each other', '['.repeat(100_000)],
  ['an array of five million items', `[${'0 '.repeat(5_000_000)}]`],
  ['a string that does not end', `(${'s'.repeat(1_000_000)}`],
])('%s', (_, body) => {
  const bytes = changed(({ objects }) => objects.set(99, body));
  expect(verdict(bytes)).toMatchObject({ size: bytes.length });
});

test('fields that all name the same long list of fields', () => {
  const bytes = changed(({ objects }) => {
    const fields = numbers(20_000).map((number) => `${number} 0 R`);
    for (const number of numbers(20_000)) objects.set(number, `<</T(${'n'.repeat(50)})/Kids 99 0 R>>`);
    objects.set(99, `[${fields.join(' ')}]`);
    objects.set(OBJECT.acroForm, '<</Fields 99 0 R>>');
  });
  expect(verdict(bytes)).toMatchObject({ signatures: [] });
});
