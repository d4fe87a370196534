/** Spoilers of the file structure and its limits (ISO 19005-1 §6.1, ISO 19005-2 §6.1, ISO 19005-4 §6.1). */
import { memorySource } from '../../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../../core/pdf/revision/document.ts';
import { OBJECT } from './bases.ts';
import {
  add,
  change,
  enter,
  paint,
  patch,
  PDFA,
  PDFA_23,
  PDFA_234,
  PDFA_4,
  remake,
  spoiler,
  UA_1,
  type Spoil,
  type Spoiler,
} from './spoiler.ts';

const header = (from: string | RegExp, to: string): Spoil =>
  remake((recipe) => {
    recipe.header = recipe.header.replace(from, () => to);
  });

const trailer = (from: string | RegExp, to: string): Spoil =>
  remake((recipe) => {
    recipe.trailer = recipe.trailer.replace(from, () => to);
  });

const objectStreams: Spoil = (bytes) =>
  Buffer.concat([...compactCopy(PdfDocument.open(memorySource(bytes)), { objectStreams: true })]);

const appended =
  (text: string): Spoil =>
  (bytes) =>
    Buffer.concat([bytes, Buffer.from(text, 'latin1')]);

export const FILE_STRUCTURE: readonly Spoiler[] = [
  spoiler('6.1.2-1 a byte before the header', PDFA, header(/^/, ' ')),
  spoiler('6.1.2-1 a version that is no number', [...PDFA, ...UA_1], header(/%PDF-\d\.\d/, '%PDF-1.x')),
  spoiler('6.1.2-1 a version of another part', [...PDFA, ...UA_1], header(/%PDF-\d\.\d/, '%PDF-3.1')),
  spoiler('6.1.2-1 text behind the version', PDFA, header(/(?<=%PDF-\d\.\d)/, ' and more')),
  spoiler('6.1.2-2 no comment of high bytes', PDFA, header(/%[\x80-\xff]+\n/, '')),
  spoiler('6.1.2-2 a comment of three high bytes', PDFA, header(/%[\x80-\xff]+\n/, '%\xe2\xe3\xcf\n')),
  spoiler('6.1.2-2 a comment of ASCII', PDFA, header(/%[\x80-\xff]+\n/, '%abcd\n')),
  spoiler('6.1.3-1 no file identifier', PDFA, trailer(/\/ID\[.*\]/, '')),
  spoiler('6.1.3-3 a line behind the end', PDFA, appended('more\n')),
  spoiler('6.1.3 a line break behind the end', PDFA, appended('\n')),
  spoiler(
    '6.1.3-4 information dictionary in part 4',
    PDFA_4,
    add({ 80: '<</Title(A title)>>' }, trailer('/Root', '/Info 80 0 R/Root')),
  ),
  spoiler('6.1.4-1 spaces in a subsection header', PDFA, patch(/\nxref\n0 (\d+)/, '\nxref\n0  62')),
  spoiler('6.1.4-2 xref and its table on one line', PDFA, patch('\nxref\n0', '\nxref 0')),
  spoiler('6.1.4-2 an empty line behind xref', PDFA, patch('\nxref\n', '\nxref\n\n')),
  spoiler('6.1.4-3 object streams in part 1', PDFA, objectStreams),
  spoiler('6.1.6-1 odd hexadecimal string', PDFA, enter(OBJECT.catalog, '/X<ABC>')),
  spoiler('6.1.6-2 letters in a hexadecimal string', PDFA, enter(OBJECT.catalog, '/X<ABXY>')),
  spoiler('6.1.6 spaces in a hexadecimal string', PDFA, enter(OBJECT.catalog, '/X<AB CD\n>')),
  spoiler(
    '6.1.6 odd hexadecimal string in content',
    PDFA,
    paint(OBJECT.content, '/Artifact <</X<ABC>>> BDC EMC'),
  ),
  spoiler('6.1.7-1 wrong stream length', PDFA, patch(/\/Length 24>>/, '/Length 23>>')),
  spoiler('6.1.7-2 stream and a carriage return', PDFA, patch(/stream\n(?=%|\/|q|0|<)/, 'stream\r')),
  spoiler('6.1.7-2 a space behind stream', PDFA, patch(/stream\n(?=q)/, 'stream \n')),
  spoiler('6.1.7-2 no line break before endstream', PDFA, patch(' f\nendstream', ' f endstream')),
  spoiler('6.1.7-3 content in another file', PDFA, enter(OBJECT.form, '/F(other.bin)')),
  spoiler('6.1.7-3 a filter for another file', PDFA, enter(OBJECT.form, '/FFilter/FlateDecode')),
  spoiler('6.1.8-1 object without a line break', PDFA, patch('21 0 obj\n<<', '21 0 obj <<')),
  spoiler('6.1.8-1 two spaces in an object number', PDFA, patch('21 0 obj\n', '21  0 obj\n')),
  spoiler(
    '6.1.8-1 endobj on the line of its object',
    PDFA,
    patch(/>>\nendobj\n22 0 obj/, '>> endobj\n22 0 obj'),
  ),
  spoiler(
    '6.1.10-1 LZW compression',
    PDFA,
    change(
      OBJECT.form,
      /[\s\S]*/,
      '<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<>>/Filter/LZWDecode/Length $>>\nstream\n\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01\nendstream',
    ),
  ),
  spoiler(
    '6.1.10-2 an unknown filter',
    PDFA_234,
    enter(OBJECT.form, '/Filter/Crypt/DecodeParms<</Name/Own>>'),
  ),
  spoiler('6.1.10 a filter that changes nothing', PDFA_234, enter(OBJECT.form, '/Filter/Crypt')),
  spoiler(
    '6.1.11-1 embedded files in part 1',
    PDFA,
    enter(OBJECT.catalog, '/Names<</EmbeddedFiles<</Names[]>>>>'),
  ),
  spoiler('6.1.12-1 integer of 33 bits', PDFA, enter(OBJECT.catalog, '/X 2147483648')),
  spoiler('6.1.12-1 negative integer of 33 bits', PDFA, enter(OBJECT.catalog, '/X -2147483649')),
  spoiler('6.1.12-2 large real number', PDFA, enter(OBJECT.catalog, '/X 32768.5')),
  spoiler('6.1.12-3 long string', PDFA, enter(OBJECT.catalog, `/X(${'x'.repeat(65_536)})`)),
  spoiler('6.1.13-3 string of 40,000 bytes', PDFA, enter(OBJECT.catalog, `/X(${'x'.repeat(40_000)})`)),
  spoiler('6.1.12-4 long name', PDFA, enter(OBJECT.catalog, `/X/${'x'.repeat(128)}`)),
  spoiler('6.1.12-4 long name as a key', PDFA, enter(OBJECT.catalog, `/${'x'.repeat(128)} 1`)),
  spoiler('6.1.12-5 long array', PDFA, enter(OBJECT.catalog, `/X[${'0 '.repeat(8_192)}]`)),
  spoiler(
    '6.1.12-6 large dictionary',
    PDFA,
    enter(OBJECT.catalog, `/X<<${Array.from({ length: 4_096 }, (_, index) => `/K${index} 0`).join('')}>>`),
  ),
  spoiler(
    '6.1.12-8 states within states',
    PDFA,
    paint(OBJECT.content, `${'q '.repeat(29)}${'Q '.repeat(29)}`),
  ),
  spoiler(
    '6.1.12 28 states within states',
    PDFA,
    paint(OBJECT.content, `${'q '.repeat(27)}${'Q '.repeat(27)}`),
  ),
  spoiler(
    '6.1.12-9 DeviceN of 9 colorants',
    PDFA,
    change(
      OBJECT.spot,
      /.*/s,
      `[/DeviceN[${Array.from({ length: 9 }, (_, index) => `/C${index}`).join('')}]/DeviceRGB 20 0 R]`,
    ),
  ),
  spoiler('6.1.13-11 a page of 15,000 points', PDFA, change(OBJECT.page, '595 842', '595 15000')),
  spoiler('6.1.13-11 a page of 2 points', PDFA_23, change(OBJECT.page, '595 842', '2 842')),
  spoiler('6.1.13-8 integer in content', PDFA, paint(OBJECT.content, '/Artifact <</X 99999999999>> BDC EMC')),
];
