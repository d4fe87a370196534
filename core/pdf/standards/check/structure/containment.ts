/** Which elements may stand in which (ISO/TS 32005, table 5). */
import { isNumberedHeading } from './standard-types.ts';

/** Kinds of places by what may stand in them. */
const PLACES: Readonly<Record<string, string>> = {
  inline:
    'Annot BibEntry Code Em FENote Figure Form Formula Lbl Link Note Quote Reference Ruby Span Strong Sub Warichu',
  block:
    'Annot Art Aside BlockQuote Code Div Document DocumentFragment FENote Figure Form Formula H Hn Index L Link Note P Part Sect TOC Table Title',
  section:
    'Annot Art BlockQuote Caption Code Div Document DocumentFragment FENote Figure Form Formula H Hn Index L Lbl Link Note P Part Reference Sect TOC Table',
  mixed:
    'Annot Art Aside BibEntry BlockQuote Caption Code Div DocumentFragment Em FENote Figure Form Formula H Hn L Lbl Link Note P Part Quote Reference Ruby Sect Span Strong Sub Table Title Warichu',
  word: 'Annot Em Form Link Quote Reference Span Strong Sub',
};

/** By parents: a place, what is not in it (`-Lbl`), and what else may be. */
const MAY_HOLD: Readonly<Record<string, string>> = {
  'Annot Link Reference': 'mixed',
  Art: 'section -Art -Document Aside Title',
  'Aside BlockQuote': 'section',
  BibEntry: 'inline -Code Div P Part',
  Caption: 'mixed -Caption -Title Index',
  'Code FENote Note': 'mixed -H -Hn -Title Index',
  'Document DocumentFragment': 'block',
  'Em Span Strong': 'inline',
  Figure: 'mixed -DocumentFragment -Title Index',
  Form: 'BibEntry Caption Code Div FENote Figure Formula L Lbl Note Part Reference Table',
  Formula: 'mixed -Art -DocumentFragment -Sect -Title Index',
  'H Hn': 'inline Sect',
  Index: 'section -Art -BlockQuote -Code -Document -DocumentFragment -Form -Index -Lbl -Link -TOC',
  L: 'Caption L LI',
  LBody: 'mixed -DocumentFragment -Lbl -Title Index',
  LI: 'Div LBody Lbl',
  Lbl: 'inline -Lbl',
  P: 'inline L Table',
  Quote: 'inline Div',
  'RB RP RT WP WT': 'word',
  Ruby: 'RB RP RT',
  Sect: 'section -Document Aside Title',
  StructTreeRoot: 'Document',
  Sub: 'inline -Sub L',
  'TBody TFoot THead': 'TR',
  'TD TH': 'mixed -Aside -BlockQuote -Caption -DocumentFragment -Part -Sub -Title Index',
  TOC: 'Caption Part TOC TOCI',
  TOCI: 'Annot Div Lbl P Reference TOC',
  TR: 'TD TH',
  Table: 'Caption TBody TFoot THead TR',
  Title: 'inline -Sub Aside Caption Div L P Part Table',
  Warichu: 'WP WT',
};

/** They may stand in everything but the root. */
const ANYWHERE = ['NonStruct', 'Private', 'MathML'];
const NO_ARTIFACTS = ['Ruby', 'Warichu', 'StructTreeRoot'];

function kidsOf(parents: string, rule: string): Set<string> {
  const kids = new Set<string>();
  for (const word of rule.split(' ')) {
    if (word.startsWith('-')) kids.delete(word.slice(1));
    else for (const kid of (PLACES[word] ?? word).split(' ')) kids.add(kid);
  }
  if (parents !== 'StructTreeRoot') for (const kid of ANYWHERE) kids.add(kid);
  if (!NO_ARTIFACTS.includes(parents)) kids.add('Artifact');
  return kids;
}

const ALLOWED = new Map<string, ReadonlySet<string>>(
  Object.entries(MAY_HOLD).flatMap(([parents, rule]) =>
    parents.split(' ').map((parent) => [parent, kidsOf(parent, rule)] as const),
  ),
);

/** `H1` and on as the table names them. */
export const inTable = (type: string): string => (isNumberedHeading(type) ? 'Hn' : type);

export const mayHold = (parent: string, kid: string): boolean => ALLOWED.get(parent)?.has(kid) ?? true;

/** Only in an element that holds blocks, not text. */
export const ONLY_WHEN_GROUPING: Readonly<Record<string, readonly string[]>> = {
  Annot: 'Aside BlockQuote Caption DocumentFragment Form H Hn L P Part Reference Table Title'.split(' '),
  Link: 'Aside BlockQuote Caption DocumentFragment Form H Hn L P Part Table Title'.split(' '),
  Reference: 'Aside BlockQuote Caption DocumentFragment Form H Hn L P Part Table Title'.split(' '),
  Form: 'Code Figure Formula L Part Reference Table'.split(' '),
  FENote: ['Caption', 'DocumentFragment'],
  Caption: ['DocumentFragment'],
  Code: ['DocumentFragment'],
  Note: ['DocumentFragment'],
  Figure: ['Sub'],
  Quote: ['Div'],
};

/** At most one of them; where it must stand for a group at all, `ONLY_WHEN_GROUPING` judges the other case. */
export const AT_MOST_ONE: Readonly<Record<string, readonly string[]>> = {
  Caption:
    'Annot Art Artifact Aside BlockQuote Code FENote Figure Form Formula Index L LBody Link Note Reference TOC Table Title'.split(
      ' ',
    ),
  H: 'Art Artifact Aside BlockQuote Caption Document DocumentFragment Figure Formula LBody Sect TD TH'.split(
    ' ',
  ),
  Sect: ['H', 'Hn'],
  TFoot: ['Table'],
  THead: ['Table'],
};

/** No text directly within. */
export const WITHOUT_CONTENT: readonly string[] =
  'Art Document DocumentFragment Index L Sect StructTreeRoot TBody TFoot THead TOC TOCI TR Table'.split(' ');
