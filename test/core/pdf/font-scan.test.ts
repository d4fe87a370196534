import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeRanges } from '../../../core/pdf/font-file.ts';
import {
  createFontScanner,
  firstFamilies,
  firstFamily,
  type FontScanner,
} from '../../../core/pdf/font-scan.ts';
import { readShippedFonts } from '../../../core/pdf/shipped-fonts.ts';

const fonts = fileURLToPath(new URL('../../../assets/fonts', import.meta.url));

describe('the shipped fonts', () => {
  let cache: string;
  beforeAll(() => {
    cache = mkdtempSync(path.join(tmpdir(), 'influxion-fonts-'));
  });
  afterAll(() => {
    rmSync(cache, { recursive: true });
  });

  it('are read by their own tables: families and characters', async () => {
    const shipped = await readShippedFonts(fonts, cache);
    expect(shipped.families).toEqual(expect.arrayContaining(['Arimo', 'Tinos', 'Cousine']));
    expect(shipped.families[0]).toBe('Arimo');
    const { coverage } = shipped;
    expect(await readShippedFonts(fonts, cache)).toEqual(shipped);
    const has = (character: string): boolean => {
      const codePoint = character.codePointAt(0) ?? 0;
      return coverage.some(([first, last]) => first <= codePoint && codePoint <= last);
    };
    for (const character of 'AzÄßőžΩЖ€—') expect(has(character), character).toBe(true);
    for (const character of '漢あ\u{10FFFD}') expect(has(character), character).toBe(false);
  });

  it('are none in a folder that is not there', async () => {
    expect(await readShippedFonts('/nowhere', cache)).toEqual({ families: [], coverage: [] });
  });

  it('have ranges that neither overlap nor touch', () => {
    expect(
      mergeRanges([
        [5, 9],
        [1, 2],
        [3, 4],
        [8, 12],
        [20, 20],
      ]),
    ).toEqual([
      [1, 12],
      [20, 20],
    ]);
  });
});

describe('what the text says about its fonts', () => {
  let scanner: FontScanner;
  beforeAll(() => {
    scanner = createFontScanner({
      shipped: ['Arimo', 'Tinos', 'Cousine', 'Inter'],
      aliased: true,
      coverage: [
        [0x20, 0x17f],
        [0x391, 0x3ff],
        [0x2010, 0x2026],
        [0x20ac, 0x20ac],
      ],
    });
  });

  it.each([
    '<p>Grüße, Ωmega – “quoted”… 100 €</p>',
    '<p>&amp; &nbsp; &euro; &uuml; &#8364; &#x20AC; a & b &unknown</p>',
    '<style>p::before{content:"\\20AC"} a{b:"\\n"}</style>',
    'tab\t, line\n, soft\u00ADhyphen, zero\u200Bwidth, variation\uFE0F',
  ])('needs no look at %j', (html) => {
    expect(scanner.scan(html).characters).toBe(false);
  });

  it.each([
    ['as itself', '漢'],
    ['past the first plane', '\u{1F600}'],
    ['decimal', '&#28450;'],
    ['hexadecimal', '&#X6F22;'],
    ['by a name', '&check;'],
    ['escaped in CSS', '<style>p::before{content:"\\6F22"}</style>'],
  ])('finds a character that is not there, written %s', (_how, text) => {
    expect(scanner.scan(`<p>plain</p>${text}`).characters).toBe(true);
  });

  it.each([
    ['font-family:Nope', 'nope'],
    ['font-family : "Nope Sans" , Arial', 'nope sans'],
    ["font:bold 12pt/1.4 'Nope Sans',serif", 'nope sans'],
    ['font: italic small-caps 1.2em Nope', 'nope'],
    ['--f:"Nope Sans"; font-family:var(--f)', 'nope sans'],
  ])('names the first family of %j', (css, family) => {
    expect(scanner.scan(`<style>p{color:red;${css}}</style>`).families).toEqual([family]);
    const quoted = css.replaceAll('"', '&quot;');
    expect(scanner.scan(`<p style="color:red;${quoted}">text`).families).toEqual([family]);
  });

  it.each([
    'font-family:Arial,"Not Here"',
    'font-family:inter',
    'font: 12px/1 "Times New Roman"',
    'font-family:system-ui',
    'font-family:-apple-system,BlinkMacSystemFont',
    'font-family:inherit',
    'font:inherit',
    'font: caption',
    'font-weight:bold',
  ])('takes %j as known', (css) => {
    expect(scanner.scan(`<style>p{${css}}</style>`).families).toEqual([]);
  });

  it('knows the families that the document declares', () => {
    const scan = scanner.scan(
      '<style>@font-face{font-family:"My Font";src:url(a)}p{font-family:my font}</style>',
    );
    expect(scan).toMatchObject({ families: [], declared: ['my font'] });
  });

  it('reads lists of families however they are quoted', () => {
    expect(firstFamily('"A, B", C')).toBe('a, b');
    expect(firstFamily("  'X'  ")).toBe('x');
    expect(firstFamily('Open   Sans !important')).toBe('open sans');
    expect([...firstFamilies('<font face="Verdana, Arial">')]).toEqual(['verdana']);
  });

  it('stays quick where a pattern could run away', () => {
    const hostile = ['font:', 'font-family:', '&', '\\', '@font-face{', 'font:1px '].map((part) =>
      part.repeat(100_000),
    );
    for (const html of hostile) scanner.scan(html);
  });
});
