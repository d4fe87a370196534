import { useId, useState, type ReactElement } from 'react';
import { COLUMN_TYPES, type ColumnMapping, type ColumnType } from '../../../contract/batch.ts';
import { Input, SearchInput } from '../../ui/input.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Select, type SelectOption } from '../../ui/select.tsx';
import { count } from './batch-words.ts';

/** Rows of the table that are drawn; the others are found by their name. */
const MOST_SHOWN = 200;
/** From here on a person looks for a column rather than reads all. */
const MANY = 12;

const TYPE_LABELS: Record<ColumnType, string> = {
  text: 'Text',
  number: 'Number',
  boolean: 'Yes or no',
  date: 'Date',
  json: 'JSON',
};
const AS_IT_IS = '';
const TYPES: readonly SelectOption<ColumnType | ''>[] = [
  { value: AS_IT_IS, label: 'As it is' },
  ...COLUMN_TYPES.map((value) => ({ value, label: TYPE_LABELS[value] })),
];

type Empty = NonNullable<ColumnMapping['empty']>;
const EMPTY: readonly SelectOption<Empty>[] = [
  { value: 'omit', label: 'left out' },
  { value: 'null', label: 'null' },
  { value: 'text', label: 'an empty text' },
  { value: 'error', label: 'a fault' },
];

export interface MappingTableProps {
  readonly columns: readonly ColumnMapping[];
  /** Places in the template's data. */
  readonly paths: readonly string[];
  /** Of the row that is shown, column by column. */
  readonly cells: readonly string[] | null;
  readonly onColumns: (columns: readonly ColumnMapping[]) => void;
}

/** Which column goes where in the data, and what it is. */
export function MappingTable({ columns, paths, cells, onColumns }: MappingTableProps): ReactElement {
  const listId = useId();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = columns
    .map((mapping, index) => ({ mapping, index }))
    .filter(
      ({ mapping }) =>
        mapping.column.toLowerCase().includes(wanted) || (mapping.path ?? '').toLowerCase().includes(wanted),
    );
  const change = (index: number, to: Partial<ColumnMapping>): void =>
    onColumns(columns.map((mapping, at) => (at === index ? { ...mapping, ...to } : mapping)));
  return (
    <div className="batch-mapping">
      {columns.length > MANY && <SearchInput label="Find a column" value={search} onValue={setSearch} />}
      <datalist id={listId}>
        {paths.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
      <ScrollTable>
        <table>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">In this row</th>
              <th scope="col">Goes to</th>
              <th scope="col">Is</th>
              <th scope="col">Empty is</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, MOST_SHOWN).map(({ mapping, index }) => (
              <tr key={index}>
                <th scope="row" title={mapping.column}>
                  {mapping.column}
                </th>
                <td className="batch-cell" title={cells?.[index]}>
                  {cells?.[index] ?? ''}
                </td>
                <td>
                  <Input
                    mono
                    aria-label={`Where ${mapping.column} goes`}
                    list={listId}
                    spellCheck={false}
                    placeholder="left out"
                    value={mapping.path ?? ''}
                    onChange={({ target }) =>
                      change(index, { path: target.value === '' ? null : target.value })
                    }
                  />
                </td>
                <td>
                  <Select
                    aria-label={`What ${mapping.column} is`}
                    disabled={mapping.path === null}
                    value={mapping.type ?? AS_IT_IS}
                    options={TYPES}
                    onValue={(type) => change(index, { type: type === AS_IT_IS ? null : type })}
                  />
                </td>
                <td>
                  <Select
                    aria-label={`What an empty cell of ${mapping.column} is`}
                    disabled={mapping.path === null}
                    value={mapping.empty ?? 'omit'}
                    options={EMPTY}
                    onValue={(empty) => change(index, { empty })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
      {found.length > MOST_SHOWN && (
        <p className="muted">{count(found.length - MOST_SHOWN)} more columns: find them by their name.</p>
      )}
    </div>
  );
}
