/** Spoilers of annotations, fields, actions and the catalog (ISO 19005-1 §6.5, §6.6 and §6.9, ISO 19005-2 §6.3–6.5 and §6.9–6.11). */
import { OBJECT } from './bases.ts';
import { LENGTH } from './recipe.ts';
import {
  add,
  all,
  change,
  enter,
  PDFA,
  PDFA_23,
  PDFA_234,
  PDFA_4,
  remake,
  spoiler,
  UA,
  type Spoil,
  type Spoiler,
} from './spoiler.ts';

const link = (from: string | RegExp, to: string): Spoil => change(OBJECT.link, from, to);
const widget = (from: string | RegExp, to: string): Spoil => change(OBJECT.widget, from, to);
const action = (text: string): Spoil => link('<</S/URI/URI(https://example.com/)>>', text);

/** One more annotation, as object 80, with an appearance of its own. */
const annotation = (entries: string, appearance = '/AP<</N 17 0 R>>'): Spoil =>
  all(
    add({ 80: `<</Type/Annot/Rect[0 0 100 100]/F 4${appearance}${entries}>>` }),
    change(OBJECT.page, '22 0 R]', '22 0 R 80 0 R]'),
  );

const flags = (value: number): Spoil => link('/F 4', `/F ${value}`);

export const INTERACTIVE: readonly Spoiler[] = [
  spoiler('6.5.2-1 an unknown annotation', PDFA, annotation('/Subtype/Pretty')),
  spoiler('6.5.2-1 a sound annotation', PDFA, annotation('/Subtype/Sound/Sound 17 0 R')),
  spoiler('6.5.2-1 a movie annotation', PDFA, annotation('/Subtype/Movie/Movie<<>>')),
  spoiler('6.5.2-1 a screen annotation', PDFA, annotation('/Subtype/Screen')),
  spoiler('6.5.2-1 a 3D annotation', [...PDFA, 'pdf/a-4e'], annotation('/Subtype/3D')),
  spoiler('6.5.2-1 rich media', [...PDFA, 'pdf/a-4e'], annotation('/Subtype/RichMedia')),
  spoiler(
    '6.5.2-1 a file attachment',
    [...PDFA, 'pdf/a-4f'],
    annotation('/Subtype/FileAttachment/FS<</Type/Filespec/F(a)/UF(a)>>'),
  ),
  spoiler('6.5.2 a square', PDFA, annotation('/Subtype/Square')),
  spoiler('6.5.3-1 a transparent annotation', PDFA, annotation('/Subtype/Square/CA 0.5')),
  spoiler('6.3.2-1 no flags', PDFA, link('/F 4', '')),
  spoiler('6.5.3-2 a hidden annotation', PDFA, flags(6)),
  spoiler('6.5.3-2 an invisible annotation', PDFA, flags(5)),
  spoiler('6.5.3-2 an annotation that is not shown', PDFA, flags(36)),
  spoiler('6.3.2-2 an annotation that is shown now and then', PDFA, flags(260)),
  spoiler('6.5.3-2 an annotation that is not printed', PDFA, flags(0)),
  spoiler('6.5.3 an annotation that is locked', PDFA, flags(132)),
  spoiler('6.3.2 a note that grows with the page', PDFA, annotation('/Subtype/Text')),
  spoiler('6.3.2 a note that stays', PDFA, all(annotation('/Subtype/Text'), change(80, '/F 4', '/F 28'))),
  spoiler(
    '6.5.3-3 an annotation with a colour',
    PDFA,
    all(change(OBJECT.catalog, '/OutputIntents[6 0 R]', ''), annotation('/Subtype/Square/C[1 0 0]')),
  ),
  spoiler(
    '6.5.3-4 appearances other than the normal one',
    PDFA,
    widget('/AP<</N 23 0 R>>', '/AP<</N 23 0 R/D 23 0 R>>'),
  ),
  spoiler('6.5.3-4 an appearance of states', PDFA, widget('/AP<</N 23 0 R>>', '/AP<</N<</On 23 0 R>>>>')),
  spoiler('6.5.3-4 a button with one appearance', PDFA, widget('/FT/Tx', '/FT/Btn')),
  spoiler(
    '6.5.3 a button with an appearance of states',
    PDFA,
    all(widget('/FT/Tx', '/FT/Btn'), widget('/AP<</N 23 0 R>>', '/AP<</N<</On 23 0 R>>>>')),
  ),
  spoiler('6.3.3-1 a square without an appearance', PDFA, annotation('/Subtype/Square', '')),
  spoiler(
    '6.3.3 a square without size or appearance',
    PDFA,
    all(annotation('/Subtype/Square', ''), change(80, '[0 0 100 100]', '[5 5 5 5]')),
  ),
  spoiler('6.9-2 a field without an appearance', PDFA, widget('/AP<</N 23 0 R>>', '')),
  spoiler('6.6.1-1 JavaScript', PDFA, action('<</S/JavaScript/JS(1)>>')),
  spoiler('6.6.1-1 starting a program', PDFA, action('<</S/Launch/F(a)>>')),
  spoiler('6.6.1-1 sound', PDFA, action('<</S/Sound/Sound 17 0 R>>')),
  spoiler('6.6.1-1 a movie', PDFA, action('<</S/Movie>>')),
  spoiler('6.6.1-1 resetting a form', PDFA, action('<</S/ResetForm>>')),
  spoiler('6.6.1-1 importing data', PDFA, action('<</S/ImportData/F(a)>>')),
  spoiler('6.6.1-1 hiding', PDFA, action('<</S/Hide/T(field)>>')),
  spoiler('6.6.1-1 setting layers', PDFA, action('<</S/SetOCGState/State[]>>')),
  spoiler('6.6.1-1 playing media', PDFA, action('<</S/Rendition/OP 0>>')),
  spoiler('6.6.1-1 a transition', PDFA, action('<</S/Trans/Trans<<>>>>')),
  spoiler('6.6.1-1 an unknown action', PDFA, action('<</S/Pretty>>')),
  spoiler('6.6.1 a place in another file', PDFA, action('<</S/GoToR/F(a.pdf)/D[0/Fit]>>')),
  spoiler('6.6.1 sending a form', PDFA, action('<</S/SubmitForm/F(https://example.com/)>>')),
  spoiler('6.6.1-2 an unknown named action', PDFA, action('<</S/Named/N/Close>>')),
  spoiler('6.6.1 the next page', PDFA, action('<</S/Named/N/NextPage>>')),
  spoiler(
    '6.6.1-1 JavaScript as the next action',
    PDFA,
    action('<</S/URI/URI(https://example.com/)/Next<</S/JavaScript/JS(1)>>>>'),
  ),
  spoiler('6.6.1-1 JavaScript on opening', PDFA, enter(OBJECT.catalog, '/OpenAction<</S/JavaScript/JS(1)>>')),
  spoiler(
    '6.6.2-1 actions of a field',
    PDFA,
    widget('/FT/Tx', '/FT/Tx/AA<</K<</S/URI/URI(https://example.com/)>>>>'),
  ),
  spoiler(
    '6.6.2-3 actions of the document',
    PDFA,
    enter(OBJECT.catalog, '/AA<</WC<</S/URI/URI(https://example.com/)>>>>'),
  ),
  spoiler(
    '6.5.2-2 actions of a page',
    PDFA_234,
    enter(OBJECT.page, '/AA<</O<</S/URI/URI(https://example.com/)>>>>'),
  ),
  spoiler(
    '6.4.1-1 an action of a field',
    PDFA,
    widget('/FT/Tx', '/FT/Tx/A<</S/URI/URI(https://example.com/)>>'),
  ),
  spoiler(
    '6.9-1 appearances to be made by the reader',
    PDFA,
    enter(OBJECT.acroForm, '/NeedAppearances true'),
  ),
  spoiler('6.9 appearances that are made', PDFA, enter(OBJECT.acroForm, '/NeedAppearances false')),
  spoiler(
    '6.4.2-1 an XFA form',
    [...PDFA, ...UA],
    add({ 80: `<<${LENGTH}>>\nstream\n<a/>\nendstream` }, enter(OBJECT.acroForm, '/XFA 80 0 R')),
  ),
  spoiler(
    '6.4.2-2 a form that a program has to draw',
    PDFA_234,
    enter(OBJECT.catalog, '/NeedsRendering true'),
  ),
  spoiler('6.9-1 layers without a name', [...PDFA_234, ...UA], change(OBJECT.catalog, '/Name(Usual)', '')),
  spoiler(
    '6.9-1 layers with an empty name',
    [...PDFA_234, ...UA],
    change(OBJECT.catalog, '/Name(Usual)', '/Name()'),
  ),
  spoiler(
    '6.9-2 two ways of showing layers with one name',
    [...PDFA_234, ...UA],
    change(OBJECT.catalog, '/OCProperties<<', '/OCProperties<</Configs[<</Name(Usual)>>]'),
  ),
  spoiler(
    '6.9 two ways of showing layers',
    [...PDFA_234, ...UA],
    change(OBJECT.catalog, '/OCProperties<<', '/OCProperties<</Configs[<</Name(Other)>>]'),
  ),
  spoiler(
    '8.7-1 a second way of showing layers without a name',
    [...PDFA_234, ...UA],
    change(OBJECT.catalog, '/OCProperties<<', '/OCProperties<</Configs[<<>>]'),
  ),
  spoiler('6.9-3 an order without a layer', PDFA_234, change(OBJECT.catalog, '/Order[28 0 R]', '/Order[]')),
  spoiler(
    '6.9-4 layers that are switched by themselves',
    [...PDFA_234, ...UA],
    change(OBJECT.catalog, '/Name(Usual)', '/Name(Usual)/AS[]'),
  ),
  spoiler('6.1.13-1 layers in part 1', ['pdf/a-1b', 'pdf/a-1a'], enter(OBJECT.catalog, '/OCProperties<<>>')),
  spoiler('6.10-1 slide shows', PDFA_234, enter(OBJECT.catalog, '/Names<</AlternatePresentations<<>>>>')),
  spoiler('6.10-2 steps of a slide show', PDFA_234, enter(OBJECT.page, '/PresSteps<<>>')),
  spoiler('6.11-1 requirements', PDFA_234, enter(OBJECT.catalog, '/Requirements[<</S/EnableJavaScripts>>]')),
  spoiler('6.1.12-1 unknown permissions', PDFA_234, enter(OBJECT.catalog, '/Perms<</Own 17 0 R>>')),
  spoiler('6.6.2 empty actions of the document', PDFA, enter(OBJECT.catalog, '/AA<<>>')),
  spoiler(
    '6.1.6.1-3 a 3D stream of an unknown kind',
    PDFA_4,
    all(
      add({ 81: `<</Type/3D/Subtype/Other${LENGTH}>>\nstream\nx\nendstream` }),
      annotation('/Subtype/3D/3DD 81 0 R'),
    ),
  ),
  spoiler(
    '6.4.3-1 a signature that covers too little',
    PDFA_23,
    remake((recipe) => {
      recipe.objects.set(80, '<</Type/Annot/Subtype/Widget/FT/Sig/T(sig)/F 132/Rect[0 0 0 0]/V 81 0 R>>');
      recipe.objects.set(
        81,
        '<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 10]/Contents<00>>>',
      );
      for (const [object, from, to] of [
        [OBJECT.page, '22 0 R]', '22 0 R 80 0 R]'],
        [OBJECT.acroForm, '[22 0 R]', '[22 0 R 80 0 R]'],
      ] as const) {
        recipe.objects.set(object, (recipe.objects.get(object) ?? '').replace(from, to));
      }
    }),
  ),
];
