import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource, memorySource } from '../../../../core/pdf/revision/byte-source.ts';
import { Lexer } from '../../../../core/pdf/revision/lexer.ts';
import type { PdfStream } from '../../../../core/pdf/revision/objects.ts';
import { PdfDict, PdfName, PdfReal, PdfRef, PdfString } from '../../../../core/pdf/revision/objects.ts';
import { parseObject } from '../../../../core/pdf/revision/parser.ts';
import { PdfReader } from '../../../../core/pdf/revision/reader.ts';
import { textOf, textString } from '../../../../core/pdf/revision/text-string.ts';
import { buildPdf, onePage, streamBody } from '../../../support/pdf-builder.ts';

const parse = (text: string) => parseObject(new Lexer(Buffer.from(text, 'latin1')));
const open = (pdf: Uint8Array) => PdfReader.open(memorySource(pdf));

describe('objects', () => {
  it('tells numbers, references and reals that are whole apart', () => {
    expect(parse('[1 -2 .5 -.25 4. 40000.0 3 0 R 7 8]')).toEqual([
      1,
      -2,
      0.5,
      -0.25,
      new PdfReal(4),
      new PdfReal(40000),
      new PdfRef(3),
      7,
      8,
    ]);
  });

  it('keeps the precision of long decimals', () => {
    expect(parse('0.000016')).toBe(0.000016);
    expect(parse('-3060.12345')).toBe(-3060.12345);
  });

  // A view keeps what it shows in memory: a few strings of a thousand files would keep them all.
  it('holds the bytes of a string, not the block of the file that it was read from', () => {
    const block = Buffer.alloc(100_000, ' ');
    block.write('[(plain) (escaped\\n) <6865>]');
    for (const string of parseObject(new Lexer(block)) as PdfString[]) {
      expect(string.bytes.buffer.byteLength).toBeLessThan(100);
    }
  });

  it('reads names with escapes and strings of every form', () => {
    expect(parse('/A#20B')).toBe(PdfName.of('A B'));
    const bytesOf = (text: string) => (parse(text) as PdfString).bytes;
    expect(Buffer.from(bytesOf('(a\\(b\\)\\n\\101\\\r\nc(d))')).toString('latin1')).toBe('a(b)\nAc(d)');
    expect(Buffer.from(bytesOf('<4 1 4>')).toString('latin1')).toBe('A@');
  });

  it('reads text in PDFDocEncoding, UTF-16 and UTF-8, and writes what it reads', () => {
    expect(textOf(parse('(\\200\\240)') as PdfString)).toBe('•€');
    expect(textOf(new PdfString(Buffer.from('\ufeffé'), false))).toBe('é');
    for (const text of ['plain', 'Größe € 😀', '(a) \\ b']) expect(textOf(textString(text))).toBe(text);
  });

  it('refuses what is nested without an end instead of overflowing the stack', () => {
    expect(() => parse('['.repeat(100_000))).toThrow(/nested too deeply/);
  });

  it.each(['<</A', '(abc', '<41', '[1 2', '<</A 1>', '>>', '<<1 2>>'])('refuses %s', (text) => {
    expect(() => parse(text)).toThrow();
  });
});

describe('reading a file', () => {
  it('finds trailer, objects and streams without reading the rest', () => {
    const reader = open(buildPdf(onePage('0 0 m')));
    expect(reader.headerVersion).toBe('1.4');
    expect([...reader.objectNumbers()]).toEqual([1, 2, 3, 4]);
    const stream = reader.get(4) as PdfStream;
    expect(Buffer.from(reader.decodedBytes(stream)).toString()).toBe('0 0 m');
    expect(reader.get(99)).toBeNull();
  });

  it('takes an object from the newest revision', () => {
    const first = buildPdf(onePage());
    const body = '4 0 obj\n<</New true>>\nendobj\n';
    const second = `${body}xref\n4 1\n${String(first.length).padStart(10, '0')} 00000 n \ntrailer\n<</Size 5/Root 1 0 R/Prev ${first.lastIndexOf('xref\n0')}>>\nstartxref\n${first.length + body.length}\n%%EOF\n`;
    const reader = open(Buffer.concat([first, Buffer.from(second)]));
    expect(reader.sections).toHaveLength(2);
    expect(reader.get(4)).toEqual(new PdfDict([['New', true]]));
  });

  it('reads a table with entries of another length', () => {
    const loose = buildPdf(onePage()).toString('latin1').replaceAll(' n \n', ' n\n');
    const reader = open(Buffer.from(loose, 'latin1'));
    expect(reader.sections[0]?.isStrict).toBe(false);
    expect(reader.get(1)).toBeInstanceOf(PdfDict);
  });

  it.each([
    ['empty', Buffer.alloc(0), /%PDF/],
    ['text', Buffer.from('hello'), /%PDF/],
    ['cut off', buildPdf(onePage()).subarray(0, 200), /startxref/],
    ['startxref outside', Buffer.from('%PDF-1.4\nstartxref\n999999\n%%EOF'), /outside the file/],
    [
      'startxref into nothing',
      Buffer.from('%PDF-1.4\n1 0 obj\nstartxref\n9\n%%EOF'),
      /broken|no cross-reference/,
    ],
    [
      'a million entries that are not there',
      Buffer.from('%PDF-1.4\nxref\n0 1000000\nstartxref\n9\n%%EOF'),
      /longer than the file/,
    ],
  ])('refuses a file that is %s', (_, pdf, why) => {
    expect(() => open(pdf)).toThrow(why);
  });

  it('refuses revisions that refer to each other in a circle', () => {
    const pdf = buildPdf(onePage(), { trailer: '/Root 1 0 R/Prev 0000000000' }).toString('latin1');
    const start = pdf.lastIndexOf('xref\n0');
    const circle = pdf.replace('/Prev 0000000000', `/Prev ${String(start).padStart(10, '0')}`);
    expect(() => open(Buffer.from(circle, 'latin1'))).toThrow(/circle/);
  });

  it('refuses an encrypted file in words', () => {
    const pdf = buildPdf(onePage(), { trailer: '/Root 1 0 R/Encrypt<</Filter/Standard>>' });
    expect(() => open(pdf)).toThrow(expect.objectContaining({ code: 'PDF_ENCRYPTED' }));
  });

  it('finds a length of 10 GB, a reference to itself and a length that needs its own stream', () => {
    const long = buildPdf([
      ...onePage(),
      { number: 5, body: '<</Length 10737418240>>\nstream\nabc\nendstream' },
    ]);
    expect(() => open(long).get(5)).toThrow(/length of a stream/);
    const own = buildPdf([...onePage(), { number: 5, body: '5 0 R' }]);
    expect(() => open(own).resolve(new PdfRef(5))).toThrow(/itself/);
    const needs = buildPdf([...onePage(), { number: 5, body: '<</Length 5 0 R>>\nstream\nabc\nendstream' }]);
    expect(() => open(needs).get(5)).toThrow(expect.objectContaining({ code: 'PDF_DAMAGED' }));
  });

  it('stops unpacking a stream that grows without bounds', () => {
    const pdf = buildPdf([...onePage(), { number: 5, body: streamBody('\x81a', '/Filter/RunLengthDecode') }]);
    const reader = open(pdf);
    expect(() => reader.decodedBytes(reader.get(5) as PdfStream, 10)).toThrow(/too large/);
  });
});

describe('a file on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'influxion-reader-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads objects that lie across blocks as from memory', () => {
    const filler = Array.from({ length: 400 }, (_, index) => ({
      number: index + 5,
      body: `<</Filler (${'x'.repeat(2_000)}) /N ${index}>>`,
    }));
    const pdf = buildPdf([...onePage(), ...filler]);
    const file = join(folder, 'large.pdf');
    writeFileSync(file, pdf);
    const fd = openSync(file, 'r');
    try {
      const reader = PdfReader.open(fileSource(fd, statSync(file).size));
      const memory = open(readFileSync(file));
      for (const number of memory.objectNumbers()) expect(reader.get(number)).toEqual(memory.get(number));
    } finally {
      closeSync(fd);
    }
  });

  it.runIf(hasQpdf())('reads object streams and cross-reference streams as qpdf writes them', () => {
    const plain = join(folder, 'plain.pdf');
    const packed = join(folder, 'packed.pdf');
    writeFileSync(plain, buildPdf(onePage('1 0 0 1 0 0 cm')));
    execFileSync('qpdf', ['--object-streams=generate', plain, packed]);
    const reader = open(readFileSync(packed));
    expect(reader.sections[0]?.kind).toBe('stream');
    const root = reader.resolve(reader.trailer.get('Root')) as PdfDict;
    expect(root.nameAt('Type')).toBe('Catalog');
  });
});

function hasQpdf(): boolean {
  try {
    execFileSync('qpdf', ['--version']);
    return true;
  } catch {
    return false;
  }
}
