/** Tables: what holds what, and whether they are regular with headers (ISO 14289-1 §7.2 and §7.5, ISO 14289-2 §8.2.5.26). */
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';
import { tableFault, type TableFault } from '../structure/table-grid.ts';
import { attributesOf, tagsOf } from '../tags.ts';
import { countOf, holdsOnly, mayHoldOnce, staysIn, type KidTypes } from './kid-rules.ts';
import { elementRule } from '../tags.ts';

const tableRule = (clauses: Clauses, judge: (kids: KidTypes) => string | undefined): Rule =>
  elementRule(clauses, ['Table'], (node, { tree }) => judge(tree.kidTypes(node)));

const bodies = (clauses: Clauses, part: 'THead' | 'TFoot'): Rule =>
  tableRule(clauses, (kids) =>
    countOf(kids, part) > 0 && countOf(kids, 'TBody') === 0
      ? `A Table has a ${part} but no TBody.`
      : undefined,
  );

const captionPlace = tableRule({ ua1: '7.2-16' }, (kids) =>
  kids.slice(1, -1).includes('Caption')
    ? 'The Caption of a Table is neither its first nor its last part.'
    : undefined,
);

/** Each table is laid out once for all rules. */
function faultsOf({ facts, level }: Check): readonly TableFault[] {
  const isNewer = level.ua === 2;
  return facts.once(`tables ${String(isNewer)}`, () => {
    const tree = tagsOf(facts, level);
    if (tree === undefined) return [];
    const options = { facts, tree, attributes: attributesOf(facts), isNewer };
    return [...tree.ofType('Table')].flatMap((table) => tableFault(table, options) ?? []);
  });
}

const gridRule = (clauses: Clauses, kind: TableFault['kind'], message: string): Rule =>
  rule(clauses, (check) => {
    for (const fault of faultsOf(check)) if (fault.kind === kind) check.report(message, fault.node.place);
  });

export const TABLES: readonly Rule[] = [
  holdsOnly({ ua1: '7.2-3' }, 'Table', ['TR', 'THead', 'TBody', 'TFoot', 'Caption']),
  staysIn({ ua1: '7.2-4' }, 'TR', ['Table', 'THead', 'TBody', 'TFoot']),
  staysIn({ ua1: '7.2-5' }, 'THead', ['Table']),
  staysIn({ ua1: '7.2-6' }, 'TBody', ['Table']),
  staysIn({ ua1: '7.2-7' }, 'TFoot', ['Table']),
  staysIn({ ua1: '7.2-8' }, 'TH', ['TR']),
  staysIn({ ua1: '7.2-9' }, 'TD', ['TR']),
  holdsOnly({ ua1: '7.2-10' }, 'TR', ['TH', 'TD']),
  mayHoldOnce({ ua1: '7.2-11' }, 'Table', 'THead'),
  mayHoldOnce({ ua1: '7.2-12' }, 'Table', 'TFoot'),
  bodies({ ua1: '7.2-13' }, 'TFoot'),
  bodies({ ua1: '7.2-14' }, 'THead'),
  gridRule({ ua1: '7.2-15', ua2: '8.2.5.26-1' }, 'cells overlap', 'A cell of a table covers another one.'),
  captionPlace,
  holdsOnly({ ua1: '7.2-36' }, 'THead', ['TR']),
  holdsOnly({ ua1: '7.2-37' }, 'TBody', ['TR']),
  holdsOnly({ ua1: '7.2-38' }, 'TFoot', ['TR']),
  mayHoldOnce({ ua1: '7.2-39' }, 'Table', 'Caption'),
  gridRule(
    { ua1: '7.2-41', ua2: '8.2.5.26-2' },
    'rows differ',
    'The columns of a table do not have the same number of rows.',
  ),
  gridRule({ ua1: '7.2-42', ua2: '8.2.5.26-3' }, 'row is too wide', 'A row of a table has too many cells.'),
  gridRule({ ua1: '7.2-43', ua2: '8.2.5.26-4' }, 'row is too narrow', 'A row of a table has too few cells.'),
  gridRule(
    { ua1: '7.5-1', ua2: '8.2.5.26-5' },
    'no header',
    'No header of the table leads to a cell: give each TH a Scope, or the cells Headers.',
  ),
  gridRule(
    { ua1: '7.5-2', ua2: '8.2.5.26-6' },
    'unknown header',
    'A cell of a table names headers that are not in it.',
  ),
];
