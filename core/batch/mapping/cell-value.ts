/** A cell as the value that the template gets. */
import type { ColumnType } from '../../../contract/batch.ts';
import type { Cell } from '../rows/row-source.ts';
import type { WrittenForms } from './written-forms.ts';

export type Converted = { readonly value: unknown } | { readonly problem: string };

const TRUE = new Set(['true', 'yes', 'y', '1', 'x', 'ja', 'wahr', 'oui', 'vrai', 'si', 'sí', 'vero', 'on']);
const FALSE = new Set(['false', 'no', 'n', '0', 'nein', 'falsch', 'non', 'faux', 'falso', 'off']);

/** `type` undefined: as the cell is. An empty cell is the caller's. */
export function convertCell(cell: Cell, type: ColumnType | undefined, forms: WrittenForms): Converted {
  if (typeof cell === 'object' && cell !== null && 'fault' in cell) return { problem: cell.fault };
  const plain = typeof cell === 'object' && cell !== null ? cell.date : cell;
  const text = plain === null ? '' : String(plain);
  switch (type) {
    case undefined:
      return { value: plain };
    case 'text':
      return { value: text };
    case 'number': {
      const value = typeof plain === 'number' ? plain : forms.number(text);
      return value === undefined ? { problem: `"${shown(text)}" is no number` } : { value };
    }
    case 'boolean': {
      if (typeof plain === 'boolean') return { value: plain };
      const word = text.trim().toLowerCase();
      if (TRUE.has(word)) return { value: true };
      return FALSE.has(word) ? { value: false } : { problem: `"${shown(text)}" is neither yes nor no` };
    }
    case 'date': {
      if (typeof cell === 'object' && cell !== null) return { value: cell.date };
      const value = forms.date(text);
      return value === undefined ? { problem: `"${shown(text)}" is no date` } : { value };
    }
    case 'json':
      return parseJson(text);
  }
}

function parseJson(text: string): Converted {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problem: `"${shown(text)}" is not valid JSON` };
  }
}

const MOST_SHOWN = 60;

const shown = (text: string): string =>
  text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
