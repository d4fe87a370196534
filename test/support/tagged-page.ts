/** Hand-made files with a structure tree, told as nested lists, and trees read back in the same form. */
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { PdfDict, PdfRef, type PdfObject } from '../../core/pdf/revision/objects.ts';
import { serialize } from '../../core/pdf/revision/serialize.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { buildPdf, streamBody, type BuiltObject } from './pdf-builder.ts';

/** `['P', {Lang: '(de)'}, 'text', ['Link', …]]`: a type, entries as they stand in a file, text, elements. */
export type TagTree = readonly [string, ...(string | Readonly<Record<string, string>> | TagTree)[]];

/** A page of which each text is marked content, in a font whose codes are Latin-1. */
export function taggedPage(tree: TagTree, more: readonly BuiltObject[] = []): Buffer {
  const objects: BuiltObject[] = [];
  const owners: number[] = [];
  let content = '';
  let next = 100;
  const element = (node: TagTree, parent: number): number => {
    const number = next;
    next += 1;
    const [type, ...parts] = node;
    let entries = '';
    const kids: string[] = [];
    for (const part of parts) {
      if (typeof part === 'string') {
        kids.push(String(owners.length));
        content += `/${type} <</MCID ${owners.length}>>BDC BT /F1 9 Tf (${part}) Tj ET EMC\n`;
        owners.push(number);
      } else if (Array.isArray(part)) kids.push(`${element(part as TagTree, number)} 0 R`);
      else
        for (const [key, value] of Object.entries(part as Readonly<Record<string, string>>))
          entries += `/${key} ${value}`;
    }
    const body = `<</Type /StructElem\n/S /${type}\n/P ${parent} 0 R\n/Pg 3 0 R\n/K [${kids.join(' ')}]${entries}>>`;
    objects.push({ number, body });
    return number;
  };
  const top = element(tree, 5);
  const parents = owners.map((number) => `${number} 0 R`).join(' ');
  return buildPdf([
    {
      number: 1,
      body: '<</Type/Catalog/Pages 2 0 R/StructTreeRoot 5 0 R/MarkInfo<</Marked true>>/Lang(en)>>',
    },
    { number: 2, body: '<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>' },
    {
      number: 3,
      body: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/StructParents 0/Resources<</Font<</F1 6 0 R>>>>>>',
    },
    { number: 4, body: streamBody(content) },
    {
      number: 5,
      body: `<</Type/StructTreeRoot/K ${top} 0 R/ParentTree<</Nums[0[${parents}]]>>/ParentTreeNextKey 1>>`,
    },
    { number: 6, body: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>' },
    ...objects,
    ...more,
  ]);
}

export type ReadTree = readonly [string, ...(number | string | ReadTree)[]];

/** The tree of a file: types, MCIDs, `ref` for annotations, elements. Throws when a child names another parent. */
export function treeOf(pdf: Uint8Array | PdfDocument): ReadTree {
  const document = pdf instanceof PdfDocument ? pdf : PdfDocument.open(memorySource(pdf));
  const root = document.root.get('StructTreeRoot') as PdfRef;
  const top = document.dictAt(document.root, 'StructTreeRoot')?.get('K') as PdfRef;
  return read(document, top, root);
}

function read(document: PdfDocument, ref: PdfRef, parent: PdfRef): ReadTree {
  const element = document.get(ref.number) as PdfDict;
  const claimed = element.get('P') as PdfRef;
  if (claimed.number !== parent.number) throw new Error(`${ref.number} names a wrong parent`);
  const k = element.get('K') ?? [];
  const kids = (Array.isArray(k) ? k : [k]).map((kid: PdfObject) => {
    if (typeof kid === 'number') return kid;
    if (kid instanceof PdfRef) return read(document, kid, ref);
    const dict = kid as PdfDict;
    return dict.nameAt('Type') === 'OBJR' ? 'ref' : serialize(dict.get('MCID') ?? null);
  });
  return [element.nameAt('S') ?? '', ...kids];
}

/** All elements of a type in reading order. */
export function elementsOf(document: PdfDocument, type: string): PdfDict[] {
  const found: PdfDict[] = [];
  const open: PdfObject[] = [document.dictAt(document.root, 'StructTreeRoot')?.get('K') ?? null];
  for (let object = open.shift(); object !== undefined; object = open.shift()) {
    const element = document.resolve(object);
    if (Array.isArray(element)) open.unshift(...element);
    if (!(element instanceof PdfDict)) continue;
    if (element.nameAt('S') === type) found.push(element);
    if (element.has('S')) open.unshift(element.get('K') ?? null);
  }
  return found;
}
