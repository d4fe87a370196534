/** What of an XLSX file is read before its sheet: which sheets there are, texts that cells share, which numbers are dates. */
import { rowsInvalid } from '../rows-error.ts';
import { isDateFormat } from './serial-date.ts';
import { scanXml } from './xml-events.ts';
import type { ZipParts } from './zip-file.ts';

export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly is1904: boolean;
  /** Whether cells of a style show a date. */
  readonly dateStyles: readonly boolean[];
}

const WORKBOOK = 'xl/workbook.xml';
const RELATIONS = 'xl/_rels/workbook.xml.rels';
const STYLES = 'xl/styles.xml';
const SHARED = 'xl/sharedStrings.xml';

/** UTF-16 units of shared texts that are kept in memory. */
const MAX_SHARED = 64 * 1024 * 1024;

const nothing = (): void => undefined;

/** Errors: ROWS_INVALID. */
export async function readWorkbook(zip: ZipParts): Promise<Workbook> {
  const targets = new Map<string, string>();
  await scanXml(zip.read(RELATIONS), RELATIONS, {
    open(name, { Id, Target }) {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined)
        targets.set(Id, partOf(Target));
    },
    text: nothing,
    close: nothing,
  });
  const sheets: { name: string; part: string }[] = [];
  let is1904 = false;
  await scanXml(zip.read(WORKBOOK), WORKBOOK, {
    open(element, attributes) {
      if (element === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      const { name } = attributes;
      if (element !== 'sheet' || name === undefined) return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const part = targets.get(id ?? '');
      // A sheet of a chart has no cells.
      if (part !== undefined && part.startsWith('xl/worksheets/')) sheets.push({ name, part });
    },
    text: nothing,
    close: nothing,
  });
  if (sheets.length === 0) throw rowsInvalid('The spreadsheet has no sheet.');
  return { sheets, is1904, dateStyles: zip.names.has(STYLES) ? await readDateStyles(zip) : [] };
}

const partOf = (target: string): string =>
  target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;

async function readDateStyles(zip: ZipParts): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  await scanXml(zip.read(STYLES), STYLES, {
    open(name, { numFmtId, formatCode }) {
      if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'numFmt') codes.set(Number(numFmtId), formatCode ?? '');
      else if (name === 'xf' && inCellFormats) {
        const id = Number(numFmtId ?? 0);
        styles.push(isDateFormat(id, codes.get(id)));
      }
    },
    text: nothing,
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}

/** The texts that cells name by number. Errors: ROWS_INVALID when they are too large to be kept. */
export async function readSharedTexts(zip: ZipParts): Promise<string[]> {
  const texts: string[] = [];
  if (!zip.names.has(SHARED)) return texts;
  let text = '';
  let total = 0;
  let isText = false;
  let phonetic = 0;
  await scanXml(zip.read(SHARED), SHARED, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic += 1;
      isText = name === 't' && phonetic === 0;
    },
    text(part) {
      if (isText) text += part;
    },
    close(name) {
      isText = false;
      if (name === 'rPh') phonetic -= 1;
      if (name !== 'si') return;
      texts.push(unescapeText(text));
      total += text.length;
      if (total > MAX_SHARED) {
        throw rowsInvalid('The texts of the spreadsheet are too large to be read.', 'Save it as CSV.');
      }
    },
  });
  return texts;
}

/** `_x000D_` stands for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
