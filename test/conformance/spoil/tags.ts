/** Spoilers of tags, languages and tagged content (ISO 19005-1 §6.8, ISO 14289-1, ISO 14289-2, ISO/TS 32005). */
import { OBJECT } from './bases.ts';
import { LENGTH } from './recipe.ts';
import {
  add,
  all,
  change,
  enter,
  paint,
  spoiler,
  TAGGED,
  UA,
  UA_1,
  UA_2,
  type Spoil,
  type Spoiler,
} from './spoiler.ts';
import { ELEMENT } from './structure.ts';

const catalog = (from: string | RegExp, to: string): Spoil => change(OBJECT.catalog, from, to);
const noLanguage = catalog('/Lang(en)', '');
const retag = (element: number, to: string): Spoil => change(element, /\/S\/\w+/, `/S/${to}`);
const roles = (entries: string): Spoil => enter(ELEMENT.root, `/RoleMap<<${entries}>>`);

/** An annotation in an element of its own: objects 80 and 81. */
const annotation = (entries: string, element = '/S/Annot'): Spoil =>
  all(
    add({
      80: `<</Type/Annot/Rect[0 0 100 100]/F 4/AP<</N 17 0 R>>/StructParent 3${entries}>>`,
      81: `<</Type/StructElem/P ${ELEMENT.document} 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 80 0 R>>${element}>>`,
    }),
    change(OBJECT.page, '22 0 R]', '22 0 R 80 0 R]'),
    change(ELEMENT.parents, '2 59 0 R', '2 59 0 R 3 81 0 R'),
    change(ELEMENT.document, '59 0 R]', '59 0 R 81 0 R]'),
  );

/** An annotation in no element. */
const untagged = (entries: string): Spoil =>
  all(
    add({ 80: `<</Type/Annot/Rect[0 0 100 100]/F 4/AP<</N 17 0 R>>${entries}>>` }),
    change(OBJECT.page, '22 0 R]', '22 0 R 80 0 R]'),
  );

/** An element at the end of another one: object 80. */
const within = (parent: number, entries: string): Spoil =>
  all(
    add({ 80: `<</Type/StructElem/P ${parent} 0 R${entries}>>` }),
    change(parent, /\/K\[(.*?)\](?=\/|>)/, '/K[80 0 R]'),
  );

const cell = (element: number, attributes: string): Spoil => enter(element, `/A<</O/Table${attributes}>>`);
const noScopes = all(
  change(ELEMENT.firstHeader, '/Scope/Column', ''),
  change(ELEMENT.secondHeader, '/Scope/Column', ''),
);

export const TAGS: readonly Spoiler[] = [
  spoiler('6.8.2.2-1 a file that is not called tagged', TAGGED, catalog('/MarkInfo<</Marked true>>', '')),
  spoiler('6.8.2.2-1 a file that is called untagged', TAGGED, catalog('/Marked true', '/Marked false')),
  spoiler('7.1-4 tags that may be wrong', TAGGED, catalog('/Marked true', '/Marked true/Suspects true')),
  spoiler('6.8.3.3-1 no structure tree', TAGGED, catalog('/StructTreeRoot 40 0 R', '')),
  spoiler('6.8.3.4-1 a type that leads nowhere', TAGGED, retag(ELEMENT.paragraph, 'Pretty')),
  spoiler(
    '6.8.3.4 a type that leads to a standard one',
    TAGGED,
    all(
      roles('/Pretty/P'),
      retag(ELEMENT.paragraph, 'Pretty'),
      change(ELEMENT.paragraph, /\/NS 61 0 R|(?=\/K)/, ''),
    ),
  ),
  spoiler(
    '6.8.3.4 a type that leads to a standard one in two steps',
    TAGGED,
    all(
      roles('/Pretty/Nice/Nice/P'),
      retag(ELEMENT.paragraph, 'Pretty'),
      change(ELEMENT.paragraph, /\/NS 61 0 R|(?=\/K)/, ''),
    ),
  ),
  spoiler(
    '6.8.3.4-2 types that lead to each other',
    TAGGED,
    all(
      roles('/Pretty/Nice/Nice/Pretty'),
      retag(ELEMENT.paragraph, 'Pretty'),
      change(ELEMENT.paragraph, /\/NS 61 0 R|(?=\/K)/, ''),
    ),
  ),
  spoiler(
    '6.7.3.4-3 a standard type with another meaning',
    TAGGED,
    all(roles('/P/H1'), change(ELEMENT.paragraph, /\/NS 61 0 R|(?=\/K)/, '')),
  ),
  spoiler(
    '6.7.3.4-3 a standard type that leads nowhere',
    TAGGED,
    all(roles('/P/Pretty'), change(ELEMENT.paragraph, /\/NS 61 0 R|(?=\/K)/, '')),
  ),
  spoiler(
    '7.1-12 an element without a parent',
    TAGGED,
    change(ELEMENT.paragraph, `/P ${ELEMENT.document} 0 R`, ''),
  ),
  spoiler('6.8.4-1 a language that is none', TAGGED, catalog('/Lang(en)', '/Lang(e n)')),
  spoiler('6.8.4-1 an empty language', TAGGED, catalog('/Lang(en)', '/Lang()')),
  spoiler('6.8.4-1 a language with digits', TAGGED, catalog('/Lang(en)', '/Lang(en-1994)')),
  spoiler('6.8.4-1 a long language', TAGGED, catalog('/Lang(en)', '/Lang(englishlanguage)')),
  spoiler('6.8.4-1 a language of an element that is none', TAGGED, enter(ELEMENT.paragraph, '/Lang(e_n)')),
  spoiler(
    '6.8.4-1 a language in content that is none',
    TAGGED,
    paint(OBJECT.content, '/Artifact <</Lang(-)>> BDC EMC'),
  ),
  spoiler(
    '7.1-1 an artifact in tagged content',
    UA,
    change(
      OBJECT.content,
      'BT /F1 12 Tf 0 0 0 rg 50 700',
      '/Artifact BMC 0 0 9 9 re f EMC BT /F1 12 Tf 0 0 0 rg 50 700',
    ),
  ),
  spoiler(
    '7.1-2 tagged content in an artifact',
    UA,
    all(
      change(OBJECT.content, '/H1 <</MCID 0>> BDC', '/Artifact BMC /H1 <</MCID 0>> BDC'),
      change(OBJECT.content, 'EMC\n/P', 'EMC EMC\n/P'),
    ),
  ),
  spoiler(
    '7.1-3 content that is neither tagged nor an artifact',
    TAGGED,
    paint(OBJECT.content, '0 0 9 9 re f'),
  ),
  spoiler(
    '7.1-3 text that is neither tagged nor an artifact',
    TAGGED,
    paint(OBJECT.content, 'BT /F1 12 Tf (x) Tj ET'),
  ),
  spoiler('7.1-3 an image that is neither tagged nor an artifact', UA, paint(OBJECT.content, '/Im1 Do')),
  spoiler('7.1 a path that is not painted', UA, paint(OBJECT.content, '0 0 9 9 re n')),
  spoiler(
    '7.1-3 content of an element that is not there',
    UA,
    change(OBJECT.content, '/MCID 1>>', '/MCID 77>>'),
  ),
  spoiler(
    '7.1-10 a viewer that does not show the title',
    UA,
    catalog('/DisplayDocTitle true', '/DisplayDocTitle false'),
  ),
  spoiler(
    '7.1-10 no preferences of the viewer',
    UA,
    catalog('/ViewerPreferences<</DisplayDocTitle true>>', ''),
  ),
  spoiler('7.2-34 no language', UA, noLanguage),
  spoiler('7.2 languages of elements', UA, all(noLanguage, enter(ELEMENT.document, '/Lang(en)'))),
  spoiler(
    '7.2-21 an actual text without a language',
    UA,
    all(noLanguage, enter(ELEMENT.paragraph, '/ActualText(x)')),
  ),
  spoiler(
    '7.2-22 an alternate text without a language',
    UA_1,
    all(noLanguage, change(OBJECT.outlines, /.*/s, '<<>>')),
  ),
  spoiler(
    '7.2-30 an actual text in content without a language',
    UA,
    all(
      noLanguage,
      change(
        OBJECT.content,
        'BT /F1 12 Tf 0 0 0 rg 50 700',
        '/Span <</ActualText(x)>> BDC EMC BT /F1 12 Tf 0 0 0 rg 50 700',
      ),
    ),
  ),
  spoiler('7.2-3 a paragraph in a table', UA, retag(ELEMENT.secondRow, 'P')),
  spoiler('7.2-4 a row outside of a table', UA, retag(ELEMENT.paragraph, 'TR')),
  spoiler('7.2-5 a table head outside of a table', UA, retag(ELEMENT.paragraph, 'THead')),
  spoiler('7.2-6 a table body outside of a table', UA, retag(ELEMENT.paragraph, 'TBody')),
  spoiler('7.2-7 a table foot outside of a table', UA, retag(ELEMENT.paragraph, 'TFoot')),
  spoiler('7.2-8 a header outside of a row', UA, retag(ELEMENT.paragraph, 'TH')),
  spoiler('7.2-9 a cell outside of a row', UA, retag(ELEMENT.paragraph, 'TD')),
  spoiler('7.2-10 a paragraph in a row', UA, retag(ELEMENT.firstCell, 'P')),
  spoiler(
    '7.2-11 two table heads',
    UA,
    all(retag(ELEMENT.firstRow, 'THead'), retag(ELEMENT.secondRow, 'THead')),
  ),
  spoiler('7.2-14 a table head without a body', UA, retag(ELEMENT.firstRow, 'THead')),
  spoiler('7.2-13 a table foot without a body', UA, retag(ELEMENT.secondRow, 'TFoot')),
  spoiler(
    '7.2 a table with a head and a body',
    UA,
    all(
      add({
        80: `<</Type/StructElem/S/THead/P ${ELEMENT.table} 0 R/K[${ELEMENT.firstRow} 0 R]>>`,
        81: `<</Type/StructElem/S/TBody/P ${ELEMENT.table} 0 R/K[${ELEMENT.secondRow} 0 R]>>`,
      }),
      change(ELEMENT.table, /\/K\[.*?\]/, '/K[80 0 R 81 0 R]'),
      change(ELEMENT.firstRow, `/P ${ELEMENT.table} 0 R`, '/P 80 0 R'),
      change(ELEMENT.secondRow, `/P ${ELEMENT.table} 0 R`, '/P 81 0 R'),
    ),
  ),
  spoiler(
    '7.2-16 a caption between rows',
    UA,
    all(
      add({ 80: `<</Type/StructElem/S/Caption/P ${ELEMENT.table} 0 R>>` }),
      change(ELEMENT.table, `${ELEMENT.firstRow} 0 R`, `${ELEMENT.firstRow} 0 R 80 0 R`),
    ),
  ),
  spoiler(
    '7.2 a caption before the rows',
    UA,
    all(
      add({ 80: `<</Type/StructElem/S/Caption/P ${ELEMENT.table} 0 R>>` }),
      change(ELEMENT.table, `${ELEMENT.firstRow} 0 R`, `80 0 R ${ELEMENT.firstRow} 0 R`),
    ),
  ),
  spoiler(
    '7.2-39 two captions',
    UA,
    all(
      add({
        80: `<</Type/StructElem/S/Caption/P ${ELEMENT.table} 0 R>>`,
        81: `<</Type/StructElem/S/Caption/P ${ELEMENT.table} 0 R>>`,
      }),
      change(
        ELEMENT.table,
        /\/K\[(.*?)\]/,
        `/K[80 0 R ${ELEMENT.firstRow} 0 R ${ELEMENT.secondRow} 0 R 81 0 R]`,
      ),
    ),
  ),
  spoiler(
    '7.2-15 a cell that covers another one',
    UA,
    all(
      cell(ELEMENT.firstCell, '/RowSpan 1'),
      change(ELEMENT.firstHeader, '/Scope/Column', '/Scope/Column/RowSpan 2'),
    ),
  ),
  spoiler('7.2-42 a row that is too wide', UA, cell(ELEMENT.firstCell, '/ColSpan 2')),
  spoiler('7.2-43 a row that is too narrow', UA, change(ELEMENT.secondRow, ` ${ELEMENT.secondCell} 0 R`, '')),
  spoiler('7.2-41 a column that is too long', UA, cell(ELEMENT.secondCell, '/RowSpan 2')),
  spoiler(
    '7.2 a wide cell in a row of its own',
    UA,
    all(change(ELEMENT.secondRow, ` ${ELEMENT.secondCell} 0 R`, ''), cell(ELEMENT.firstCell, '/ColSpan 2')),
  ),
  spoiler('7.5-1 headers without a scope', UA, noScopes),
  spoiler(
    '7.5-1 headers with the scope of rows',
    UA,
    all(change(ELEMENT.firstHeader, 'Column', 'Row'), change(ELEMENT.secondHeader, '/Scope/Column', '')),
  ),
  spoiler(
    '7.5 cells that name their headers',
    UA,
    all(
      noScopes,
      enter(ELEMENT.firstHeader, '/ID(h1)'),
      enter(ELEMENT.secondHeader, '/ID(h2)'),
      cell(ELEMENT.firstCell, '/Headers[(h1)]'),
      cell(ELEMENT.secondCell, '/Headers[(h2)]'),
    ),
  ),
  spoiler(
    '7.5-2 cells that name headers elsewhere',
    UA,
    all(noScopes, cell(ELEMENT.firstCell, '/Headers[(h9)]')),
  ),
  spoiler(
    '7.5 a scope from a class',
    UA,
    all(
      noScopes,
      enter(ELEMENT.root, '/ClassMap<</c<</O/Table/Scope/Column>>>>'),
      enter(ELEMENT.firstHeader, '/C/c'),
      enter(ELEMENT.secondHeader, '/C/c'),
    ),
  ),
  spoiler('7.2-17 a list item outside of a list', UA, retag(ELEMENT.paragraph, 'LI')),
  spoiler('7.2-18 the body of a list item outside of it', UA, retag(ELEMENT.paragraph, 'LBody')),
  spoiler('7.2-19 a paragraph in a list', UA, retag(ELEMENT.item, 'P')),
  spoiler('7.2-20 a paragraph in a list item', UA, retag(ELEMENT.itemBody, 'P')),
  spoiler(
    '8.2.5.25-1 labels without their numbering',
    UA,
    change(ELEMENT.list, '/ListNumbering/Decimal', ''),
  ),
  spoiler('8.2.5.25-2 text in a list item', UA, change(ELEMENT.item, '/K[', '/K[3 ')),
  spoiler('7.2-26 an entry outside of a table of contents', UA, retag(ELEMENT.paragraph, 'TOCI')),
  spoiler('7.2-27 a paragraph in a table of contents', UA, retag(ELEMENT.list, 'TOC')),
  spoiler('7.3-1 a figure without an alternate text', TAGGED, change(ELEMENT.figure, '/Alt(A picture)', '')),
  spoiler(
    '7.3-1 a figure with an empty alternate text',
    UA,
    change(ELEMENT.figure, '/Alt(A picture)', '/Alt()'),
  ),
  spoiler(
    '7.3 a figure with an actual text',
    UA,
    change(ELEMENT.figure, '/Alt(A picture)', '/ActualText(x)'),
  ),
  spoiler(
    '7.7-1 a formula without an alternate text',
    UA,
    all(retag(ELEMENT.figure, 'Formula'), change(ELEMENT.figure, '/Alt(A picture)', '')),
  ),
  spoiler('7.4.2-1 a document that begins with H2', UA, retag(ELEMENT.heading, 'H2')),
  spoiler('7.4.2-1 an H3 behind an H1', UA, retag(ELEMENT.paragraph, 'H3')),
  spoiler('7.4.2 an H2 behind an H1', UA, retag(ELEMENT.paragraph, 'H2')),
  spoiler('7.4.4-2 an H beside an H1', UA, retag(ELEMENT.paragraph, 'H')),
  spoiler('7.4.4-1 two H in one place', UA, all(retag(ELEMENT.heading, 'H'), retag(ELEMENT.paragraph, 'H'))),
  spoiler('7.4.4 one H', UA_1, retag(ELEMENT.heading, 'H')),
  spoiler('7.9-1 a note without an ID', UA_1, change(ELEMENT.note, '/ID(n1)', '')),
  spoiler(
    '7.9-2 two notes with one ID',
    UA_1,
    all(retag(ELEMENT.paragraph, 'Note'), enter(ELEMENT.paragraph, '/ID(n1)')),
  ),
  spoiler('7.18.1-1 an annotation in no element', UA, untagged('/Subtype/Square/Contents(x)')),
  spoiler('7.18.1-1 an annotation in another element', UA, annotation('/Subtype/Square/Contents(x)', '/S/P')),
  spoiler('7.18.1 an annotation in its element', UA, annotation('/Subtype/Square/Contents(x)')),
  spoiler('7.18.1-2 an annotation without a description', UA, annotation('/Subtype/Square')),
  spoiler(
    '7.18.1 a hidden annotation in no element',
    UA,
    all(untagged('/Subtype/Square'), change(80, '/F 4', '/F 2')),
  ),
  spoiler(
    '7.18.1 an annotation beside the page',
    UA,
    all(untagged('/Subtype/Square'), change(80, '[0 0 100 100]', '[900 0 950 100]')),
  ),
  spoiler('7.18.1-3 a field without a name', UA, change(OBJECT.widget, '/TU(A field)', '')),
  spoiler('7.18.2-1 trapping', UA, untagged('/Subtype/TrapNet')),
  spoiler('7.18.3-1 no order of annotations', UA, change(OBJECT.page, '/Tabs/S', '')),
  spoiler('7.18.3-1 annotations in the order of rows', UA, change(OBJECT.page, '/Tabs/S', '/Tabs/R')),
  spoiler('7.18.3-1 annotations in the order of their array', UA, change(OBJECT.page, '/Tabs/S', '/Tabs/A')),
  spoiler('7.18.4-1 a field in a paragraph', UA, retag(ELEMENT.form, 'P')),
  spoiler('7.18.4-2 a form element with text', UA, change(ELEMENT.form, '/K[', '/K[1 ')),
  spoiler('7.18.5-1 a link in a paragraph', UA, retag(ELEMENT.link, 'Span')),
  spoiler('7.18.5-1 a link in no element', UA, change(OBJECT.link, '/StructParent 1', '')),
  spoiler('7.18.5-2 a link without a description', UA, change(OBJECT.link, '/Contents(A link)', '')),
  spoiler('7.18.8-1 marks of a printer in the structure', UA, annotation('/Subtype/PrinterMark/Contents(x)')),
  spoiler(
    '7.20-2 a tagged form that is painted twice',
    UA,
    all(enter(OBJECT.form, '/StructParents 7'), paint(OBJECT.content, '/Artifact BMC /Fm1 Do EMC')),
  ),
  spoiler(
    '7.15-1 a dynamic form',
    UA,
    add(
      {
        80: `<<${LENGTH}>>\nstream\n<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><config><acrobat><acrobat7><dynamicRender>required</dynamicRender></acrobat7></acrobat></config></xdp:xdp>\nendstream`,
      },
      enter(OBJECT.acroForm, '/XFA 80 0 R'),
    ),
  ),
  spoiler(
    '7.18.6.2-1 a media clip without its type',
    UA_1,
    change(OBJECT.link, /\/A<<.*>>(?=>>$)/, '/A<</S/Rendition/OP 0/R<</S/MR/C<</S/MCD/Alt[(en)(x)]>>>>>>'),
  ),
  spoiler(
    '7.18.6.2-2 a media clip without alternate texts',
    UA_1,
    change(OBJECT.link, /\/A<<.*>>(?=>>$)/, '/A<</S/Rendition/OP 0/R<</S/MR/C<</S/MCD/CT(video/mp4)>>>>>>'),
  ),
  spoiler('8.2.5.2-1 two documents', UA, change(ELEMENT.root, '[41 0 R]', '[41 0 R 43 0 R]')),
  spoiler('8.2.5.2-2 a document of PDF 1.7', UA_2, change(ELEMENT.document, '/NS 61 0 R', '')),
  spoiler(
    '8.2.4-3 a type that leads to its own namespace',
    UA_2,
    all(
      change(
        ELEMENT.namespace,
        '/NS(http://iso.org/pdf2/ssn)',
        '/NS(http://iso.org/pdf2/ssn)/RoleMapNS<</P[/H1 61 0 R]>>',
      ),
    ),
  ),
  spoiler(
    '8.2.4 a namespace that leads to that of PDF 2.0',
    UA_2,
    all(
      add({ 80: '<</Type/Namespace/NS(http://example.com/)/RoleMapNS<</P[/P 61 0 R]>>>>' }),
      change(ELEMENT.paragraph, '/NS 61 0 R', '/NS 80 0 R'),
    ),
  ),
  spoiler(
    '8.2.4-1 a namespace that leads nowhere',
    UA_2,
    all(
      add({ 80: '<</Type/Namespace/NS(http://example.com/)>>' }),
      change(ELEMENT.paragraph, '/NS 61 0 R', '/NS 80 0 R'),
    ),
  ),
  spoiler(
    '8.2.5.8-1 an entry of a table of contents without a target',
    UA_2,
    all(
      within(ELEMENT.paragraph, ''),
      retag(ELEMENT.paragraph, 'TOC'),
      change(ELEMENT.paragraph, '/NS 61 0 R', ''),
      enter(80, '/S/TOCI'),
    ),
  ),
  spoiler(
    '8.2.5.14-1 a note of PDF 1.7',
    UA_2,
    all(retag(ELEMENT.note, 'Note'), change(ELEMENT.note, '/NS 61 0 R', '')),
  ),
  spoiler(
    '8.2.5.14-2 a note that does not refer back',
    UA_2,
    enter(ELEMENT.paragraph, `/Ref[${ELEMENT.note} 0 R]`),
  ),
  spoiler(
    '8.2.5.14-3 a note that refers to no citation',
    UA_2,
    enter(ELEMENT.note, `/Ref[${ELEMENT.paragraph} 0 R]`),
  ),
  spoiler(
    '8.2.5.14 a note and its citation',
    UA_2,
    all(
      enter(ELEMENT.note, `/Ref[${ELEMENT.paragraph} 0 R]`),
      enter(ELEMENT.paragraph, `/Ref[${ELEMENT.note} 0 R]`),
    ),
  ),
  spoiler(
    '8.2.5.14-4 a note of an unknown kind',
    UA_2,
    enter(ELEMENT.note, '/A<</O/FENote/NoteType/Sidenote>>'),
  ),
  spoiler(
    '8.2.5.20-2 links to two places in one element',
    UA_2,
    all(
      change(OBJECT.link, /\/A<<.*>>(?=>>$)/, `/A<</S/GoTo/SD[${ELEMENT.heading} 0 R/Fit]/D[3 0 R/Fit]>>`),
      annotation(`/Subtype/Link/Contents(x)/A<</S/GoTo/SD[${ELEMENT.paragraph} 0 R/Fit]/D[3 0 R/Fit]>>`),
      change(80, '/StructParent 3', '/StructParent 1'),
    ),
  ),
  spoiler('8.2.5.23-1 ruby without its parts', UA_2, retag(ELEMENT.link, 'Ruby')),
  spoiler('8.2.5.24-1 warichu without its parts', UA_2, within(ELEMENT.paragraph, '/S/Warichu')),
  spoiler(
    '8.2.5.29-1 mathematics outside of a formula',
    UA_2,
    all(
      add({ 81: '<</Type/Namespace/NS(http://www.w3.org/1998/Math/MathML)>>' }),
      within(ELEMENT.paragraph, '/S/math/NS 81 0 R'),
    ),
  ),
  spoiler(
    '8.2.5.29 mathematics in a formula',
    UA_2,
    all(
      add({ 81: '<</Type/Namespace/NS(http://www.w3.org/1998/Math/MathML)>>' }),
      within(ELEMENT.figure, '/S/math/NS 81 0 R'),
      retag(ELEMENT.figure, 'Formula'),
    ),
  ),
  spoiler(
    '8.4.3-2 an actual text for private use',
    [...UA_2, 'pdf/a-4'],
    enter(ELEMENT.paragraph, '/ActualText<FEFFE123>'),
  ),
  spoiler(
    '8.4.3-2 an actual text for private use in content',
    [...UA_2, 'pdf/a-4'],
    change(
      OBJECT.content,
      'BT /F1 12 Tf 0 0 0 rg 50 700',
      '/Span <</ActualText<FEFFE123>>> BDC EMC BT /F1 12 Tf 0 0 0 rg 50 700',
    ),
  ),
  spoiler(
    '8.4.3-3 an alternate text for private use',
    UA_2,
    change(ELEMENT.figure, '/Alt(A picture)', '/Alt<FEFFE123>'),
  ),
  spoiler(
    '8.6-1 a bookmark for private use',
    UA_2,
    change(OBJECT.bookmark, '/Title(Heading)', '/Title<FEFFE123>'),
  ),
  spoiler(
    '8.8-1 a bookmark that leads to a page',
    UA_2,
    change(OBJECT.bookmark, /\/A<<.*?>>/, '/Dest[3 0 R/Fit]'),
  ),
  spoiler('8.8-2 an action that leads to a page', UA_2, change(OBJECT.bookmark, /\/SD\[.*?\]/, '')),
  spoiler(
    '8.8 a named destination that leads to an element',
    UA_2,
    all(
      change(OBJECT.bookmark, /\/A<<.*?>>/, '/Dest(there)'),
      catalog('/Names<<', `/Names<</Dests<</Names[(there)[${ELEMENT.heading} 0 R/Fit]]>>`),
    ),
  ),
  spoiler(
    '8.8-1 a destination that is not there',
    UA_2,
    all(
      change(OBJECT.bookmark, /\/A<<.*?>>/, '/Dest(there)'),
      catalog('/Names<<', '/Names<</Dests<</Names[]>>'),
    ),
  ),
  spoiler('8.8-1 a first page', UA_2, catalog('/Lang', '/OpenAction[3 0 R/Fit]/Lang')),
  spoiler(
    '8.9.2.2-1 an invisible annotation',
    UA,
    all(annotation('/Subtype/Square/Contents(x)'), change(80, '/F 4', '/F 5')),
  ),
  spoiler(
    '8.9.2.2-2 an annotation that is not shown',
    UA,
    all(annotation('/Subtype/Square/Contents(x)'), change(80, '/F 4', '/F 36')),
  ),
  spoiler(
    '8.9.2.3-2 rich text that differs',
    UA_2,
    annotation('/Subtype/Square/Contents(x)/RC(<body>y</body>)'),
  ),
  spoiler(
    '8.9.2.3 rich text that does not differ',
    UA_2,
    annotation('/Subtype/Square/Contents(x)/RC(<body>x</body>)'),
  ),
  spoiler('8.9.2.4.7-1 a stamp that says nothing', UA_2, annotation('/Subtype/Stamp')),
  spoiler('8.9.2.4.8-1 ink that says nothing', UA_2, annotation('/Subtype/Ink')),
  spoiler('8.9.2.4.9-1 a pop-up in the structure', UA, annotation('/Subtype/Popup/Contents(x)')),
  spoiler(
    '8.9.2.4.10-1 an attached file without its relationship',
    UA_2,
    annotation('/Subtype/FileAttachment/Contents(x)/FS<</Type/Filespec/F(a)/UF(a)>>'),
  ),
  spoiler('8.9.2.4.11-1 a sound', UA_2, annotation('/Subtype/Sound/Contents(x)')),
  spoiler('8.9.2.4.11-2 a movie', UA_2, annotation('/Subtype/Movie/Contents(x)')),
  spoiler('8.9.2.4.12-1 a screen that says nothing', UA_2, annotation('/Subtype/Screen')),
  spoiler(
    '8.9.2.4.13-1 a field without a size',
    UA,
    change(OBJECT.widget, '[50 450 150 470]', '[50 450 50 450]'),
  ),
  spoiler(
    '8.9.2.4.16-1 a watermark in a paragraph',
    UA_2,
    annotation('/Subtype/Watermark/Contents(x)', '/S/P'),
  ),
  spoiler('8.9.2.4.19-1 a 3D annotation that says nothing', UA_2, annotation('/Subtype/3D')),
  spoiler('8.9.2.4.19-2 rich media that say nothing', UA_2, annotation('/Subtype/RichMedia')),
  spoiler(
    '8.9.4.2-1 two descriptions',
    UA,
    all(annotation('/Subtype/Square/Contents(x)'), enter(81, '/Alt(y)')),
  ),
  spoiler(
    '8.10.1-2 two fields in one element',
    UA,
    all(
      annotation('/Subtype/Widget/FT/Tx/T(b)/TU(b)/Contents(b)', '/S/P'),
      change(ELEMENT.form, '/K[', '/K[<</Type/OBJR/Obj 80 0 R>>'),
    ),
  ),
  spoiler(
    '8.10.2.3-1 a field without a label or a description',
    UA,
    change(OBJECT.widget, '/Contents(A field)', ''),
  ),
  spoiler(
    '8.10.2.3 a field with a label',
    UA_2,
    all(
      change(OBJECT.widget, '/Contents(A field)', ''),
      add({ 80: `<</Type/StructElem/S/Lbl/P ${ELEMENT.form} 0 R/NS 61 0 R/K[1]>>` }),
      change(ELEMENT.form, '/K[', '/K[80 0 R '),
    ),
  ),
  spoiler(
    '8.10.2.3-2 a field with actions and no description',
    UA_2,
    all(change(OBJECT.widget, '/Contents(A field)', '/AA<<>>')),
  ),
  spoiler('8.10.3.3-1 a rich value that differs', UA, enter(OBJECT.widget, '/RV(<body>other</body>)')),
  spoiler('8.10.3.3 a rich value that does not differ', UA_2, enter(OBJECT.widget, '/RV(<body>text</body>)')),
  spoiler(
    '8.2.5.27-1 a caption in the middle',
    UA_2,
    all(
      add({
        80: `<</Type/StructElem/S/Caption/P ${ELEMENT.list} 0 R>>`,
        81: `<</Type/StructElem/S/LI/P ${ELEMENT.list} 0 R>>`,
      }),
      change(ELEMENT.list, /\/K\[.*?\]/, `/K[${ELEMENT.item} 0 R 80 0 R 81 0 R]`),
    ),
  ),
  ...[
    'Em',
    'Quote',
    'Document',
    'Sect',
    'TOC',
    'Caption',
    'Ruby',
    'Aside',
    'Lbl',
    'Reference',
    'BibEntry',
    'Strong',
    'Sub',
  ].map((type) =>
    spoiler(
      `Table 5 ${type} in a paragraph`,
      [...UA_2, ...(['Sect', 'Caption', 'Quote'].includes(type) ? UA_1 : [])],
      within(ELEMENT.paragraph, `/S/${type}`),
    ),
  ),
  ...[
    'Span',
    'Title',
    'P',
    'Div',
    'Art',
    'Index',
    'LBody',
    'RB',
    'TR',
    'DocumentFragment',
    'FENote',
    'Code',
  ].map((type) => spoiler(`Table 5 ${type} in the document`, UA_2, retag(ELEMENT.paragraph, type))),
  ...['P', 'H1', 'L', 'Caption', 'Form', 'Table'].map((type) =>
    spoiler(
      `Table 5 ${type} in a link with text`,
      UA_2,
      all(
        add({ 80: `<</Type/StructElem/S/${type}/P ${ELEMENT.link} 0 R>>` }),
        change(ELEMENT.link, '/K[', '/K[80 0 R '),
      ),
    ),
  ),
  ...['Document', 'Table', 'TR', 'L', 'Sect', 'TOC'].map((type) =>
    spoiler(`Table 5 text in ${type}`, UA_2, retag(ELEMENT.paragraph, type)),
  ),
  spoiler(
    'Table 5 a paragraph within grouping elements',
    UA,
    all(
      add({
        80: `<</Type/StructElem/S/Div/P ${ELEMENT.document} 0 R/K[81 0 R]>>`,
        81: `<</Type/StructElem/S/Div/P 80 0 R/K[${ELEMENT.paragraph} 0 R]>>`,
      }),
      change(ELEMENT.document, `${ELEMENT.paragraph} 0 R`, '80 0 R'),
      change(ELEMENT.paragraph, `/P ${ELEMENT.document} 0 R`, '/P 81 0 R'),
    ),
  ),
];
