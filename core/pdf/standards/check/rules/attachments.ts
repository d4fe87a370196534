/** Embedded files (ISO 19005-1 §6.1.11, ISO 19005-2 §6.8, ISO 19005-3 §6.8, ISO 19005-4 §6.9). */
import type { PdfStandard } from '../../../../../contract/standard.ts';
import { PdfRef, type PdfDict, type PdfObject, type PdfStream } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { rule, type Check, type Clauses, type Place, type Rule } from '../rule.ts';

interface FileSpec {
  readonly dict: PdfDict;
  /** Of the specification itself; undefined when it is part of another object. */
  readonly object: number | undefined;
  readonly place: Place;
  readonly isListed: boolean;
}

const MOST_DEPTH = 64;

/** Those of /Type /Filespec, and what /EmbeddedFiles lists. */
function fileSpecs(facts: Facts): readonly FileSpec[] {
  return facts.once('file specs', () => {
    const listed = listedFiles(facts);
    const known = new Set(listed.map(({ dict }) => dict));
    const others = facts.objects.fileSpecs
      .filter(({ dict }) => !known.has(dict))
      .map(({ dict, object, isWhole }) => ({
        dict,
        object: isWhole ? object : undefined,
        place: { object },
        isListed: false,
      }));
    return [...listed, ...others];
  });
}

function listedFiles(facts: Facts): FileSpec[] {
  const { file } = facts;
  const found: FileSpec[] = [];
  const seen = new Set<number>();
  const visit = (object: PdfObject | undefined, depth: number): void => {
    facts.budget.step();
    if (object instanceof PdfRef) {
      if (seen.has(object.number)) return;
      seen.add(object.number);
    }
    const node = file.dictOrStream(object);
    if (node === undefined || depth > MOST_DEPTH) return;
    for (const [index, item] of (file.array(node.get('Names')) ?? []).entries()) {
      const dict = index % 2 === 1 ? file.dictOrStream(item) : undefined;
      const number = item instanceof PdfRef ? item.number : undefined;
      if (dict !== undefined) found.push({ dict, object: number, place: { object: number }, isListed: true });
    }
    for (const kid of file.array(node.get('Kids')) ?? []) visit(kid, depth + 1);
  };
  visit(file.dictOrStream(facts.catalog.get('Names'))?.get('EmbeddedFiles'), 0);
  return found;
}

function specRule(clauses: Clauses, judge: (spec: FileSpec, check: Check) => string | undefined): Rule {
  return rule(clauses, (check) => {
    for (const spec of fileSpecs(check.facts)) {
      const message = judge(spec, check);
      if (message !== undefined) check.report(message, spec.place);
    }
  });
}

const hasFile = ({ dict }: FileSpec): boolean => dict.has('EF');

const noFiles = specRule({ a1: '6.1.11-1' }, (spec) => (hasFile(spec) ? 'A file is embedded.' : undefined));

const noList = rule({ a1: '6.1.11-2' }, ({ facts, report }) => {
  if (hasList(facts)) report('The file has a list of embedded files.', { object: facts.catalogObject });
});

const hasList = (facts: Facts): boolean =>
  facts.file.dict(facts.catalog.get('Names'))?.has('EmbeddedFiles') === true;

const names = specRule({ a23: '6.8-2', a4: '6.9-2', ua1: '7.11-1' }, (spec, { facts, level }) => {
  if (!hasFile(spec)) return undefined;
  const isFine = ['F', 'UF'].every((key) => {
    const name = facts.file.text(spec.dict.get(key));
    return name !== undefined && (level.ua === undefined || name !== '');
  });
  return isFine ? undefined : 'An embedded file lacks /F or /UF.';
});

const relationship = specRule({ a3: '6.8-3', a4: '6.9-4' }, (spec, { facts, level }) => {
  const isNeeded = level.part === 3 || hasFile(spec);
  return !isNeeded || facts.file.name(spec.dict.get('AFRelationship')) !== undefined
    ? undefined
    : 'An embedded file has no /AFRelationship.';
});

const associated = specRule({ a3: '6.8-4' }, ({ object }, { facts }) =>
  object !== undefined && facts.objects.associated.has(object)
    ? undefined
    : 'An embedded file belongs to no part of the document (/AF).',
);

const description = specRule({ ua2: '8.14.1-1' }, ({ dict, isListed }) =>
  !isListed || dict.has('Desc') ? undefined : 'An embedded file has no /Desc.',
);

interface EmbeddedFile {
  readonly stream: PdfStream;
  readonly place: Place;
}

function embeddedFiles(facts: Facts): readonly EmbeddedFile[] {
  return facts.once('embedded files', () =>
    fileSpecs(facts).flatMap(({ dict, place }) => {
      const files = facts.file.dictOrStream(dict.get('EF'));
      const streams = ['F', 'UF', 'DOS', 'Mac', 'Unix'].flatMap(
        (key) => facts.file.stream(files?.get(key)) ?? [],
      );
      return [...new Set(streams)].map((stream) => ({ stream, place }));
    }),
  );
}

const mediaTypes = rule({ a3: '6.8-1', a4: '6.9-1' }, ({ facts, report }) => {
  for (const { stream, place } of embeddedFiles(facts)) {
    const type = facts.file.name(stream.dict.get('Subtype'));
    if (type === undefined || !/^[-\w+.]+\/[-\w+.]+$/.test(type)) {
      report('An embedded file has no media type (/Subtype).', place);
    }
  }
});

const MOST_EMBEDDED_BYTES = 128 * 1024 * 1024;

const archives = rule(
  { a2: '6.8-5', a4: '6.9-3' },
  ({ facts, level, report }) => {
    const standards: PdfStandard[] = [
      'pdf/a-1b',
      'pdf/a-2b',
      ...(level.part === 4 ? (['pdf/a-4'] as const) : []),
    ];
    for (const { stream, place } of embeddedFiles(facts)) {
      const bytes = facts.file.decode(stream, MOST_EMBEDDED_BYTES);
      const conforms = bytes !== undefined && facts.conforms(bytes, standards);
      if (!conforms) report('An embedded file is not PDF/A itself.', place);
    }
  },
  ({ part, conformance }) => part === 2 || conformance === undefined,
);

const hasFiles = rule(
  { a4: '6.9-5' },
  ({ facts, report }) => {
    if (!hasList(facts)) report('PDF/A-4f needs a list of embedded files.', { object: facts.catalogObject });
  },
  ({ conformance }) => conformance === 'F',
);

export const ATTACHMENTS: readonly Rule[] = [
  noFiles,
  noList,
  mediaTypes,
  names,
  relationship,
  associated,
  archives,
  hasFiles,
  description,
];
