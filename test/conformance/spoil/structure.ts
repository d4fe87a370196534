/** The tags of the base files, from object 40: a title or heading, a paragraph, a list, a table, a figure, a link, a note, a field. */

type Entry = readonly [number, string];

/** Object numbers, for spoilers that speak of one. */
export const ELEMENT = {
  root: 40,
  document: 41,
  heading: 42,
  paragraph: 43,
  list: 44,
  item: 45,
  itemBody: 47,
  table: 48,
  firstRow: 49,
  secondRow: 50,
  firstHeader: 51,
  secondHeader: 52,
  firstCell: 53,
  secondCell: 54,
  figure: 55,
  link: 57,
  note: 58,
  form: 59,
  parents: 60,
  namespace: 61,
} as const;

/** `two`: in the namespace of PDF 2.0. */
export function structure(two: boolean): Entry[] {
  const ns = two ? '/NS 61 0 R' : '';
  const element = (number: number, tag: string, parent: number, kids: string, more = ''): Entry => [
    number,
    `<</Type/StructElem/S/${tag}/P ${parent} 0 R/Pg 3 0 R${ns}/K${kids}${more}>>`,
  ];
  return [
    [
      40,
      `<</Type/StructTreeRoot/K[41 0 R]/ParentTree 60 0 R/ParentTreeNextKey 3${two ? '/Namespaces[61 0 R]' : ''}>>`,
    ],
    element(41, 'Document', 40, '[42 0 R 43 0 R 44 0 R 48 0 R 55 0 R 56 0 R 58 0 R 59 0 R]'),
    element(42, 'H1', 41, '[0]'),
    element(43, 'P', 41, '[1]'),
    element(44, 'L', 41, '[45 0 R]', '/A<</O/List/ListNumbering/Decimal>>'),
    element(45, 'LI', 44, '[46 0 R 47 0 R]'),
    element(46, 'Lbl', 45, '[2]'),
    element(47, 'LBody', 45, '[3]'),
    element(48, 'Table', 41, '[49 0 R 50 0 R]'),
    element(49, 'TR', 48, '[51 0 R 52 0 R]'),
    element(50, 'TR', 48, '[53 0 R 54 0 R]'),
    element(51, 'TH', 49, '[4]', '/A<</O/Table/Scope/Column>>'),
    element(52, 'TH', 49, '[5]', '/A<</O/Table/Scope/Column>>'),
    element(53, 'TD', 50, '[6]'),
    element(54, 'TD', 50, '[7]'),
    element(55, 'Figure', 41, '[8]', '/Alt(A picture)/A<</O/Layout/BBox[50 550 220 600]>>'),
    element(56, 'P', 41, '[57 0 R]'),
    element(57, 'Link', 56, '[9<</Type/OBJR/Obj 21 0 R>>]'),
    element(58, two ? 'FENote' : 'Note', 41, '[10]', `/ID(n1)${two ? '/NoteType/Footnote' : ''}`),
    element(59, 'Form', 41, '[<</Type/OBJR/Obj 22 0 R>>]'),
    [
      60,
      '<</Nums[0[42 0 R 43 0 R 46 0 R 47 0 R 51 0 R 52 0 R 53 0 R 54 0 R 55 0 R 57 0 R 58 0 R]1 57 0 R 2 59 0 R]>>',
    ],
    ...(two ? [[61, '<</Type/Namespace/NS(http://iso.org/pdf2/ssn)>>'] as const] : []),
  ];
}
