/** XMP metadata and document information (ISO 19005-1 §6.7, ISO 19005-2 §6.6, ISO 19005-4 §6.7, ISO 14289 §5). */
import { PdfName } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { isoTime, pdfTime } from '../metadata/dates.ts';
import { extensionSchemas } from '../metadata/extension-schemas.ts';
import { defaultText, propertyOf, simpleValue, type XmpFacts } from '../metadata/xmp-facts.ts';
import type { XmpNode } from '../metadata/xmp-node.ts';
import { NAMESPACE, predefinedSchemas } from '../metadata/xmp-schemas.ts';
import { rule, type Check, type Clauses, type Rule } from '../rule.ts';

const present = rule(
  { a1: '6.7.2-1', a23: '6.6.2.1-1', a4: '6.7.2.1-1', ua1: '7.1-8', ua2: '8.11.1-2' },
  ({ facts, report }) => {
    if (facts.xmp === undefined)
      report('The catalog has no metadata stream.', { object: facts.catalogObject });
  },
);

const unfiltered = rule({ a1: '6.7.2-2' }, ({ facts, report }) => {
  const stream = facts.file.stream(facts.catalog.get('Metadata'));
  const filter = facts.file.resolve(stream?.dict.get('Filter'));
  if (
    facts.xmp !== undefined &&
    (filter instanceof PdfName || (Array.isArray(filter) && filter.length > 0))
  ) {
    report('The metadata stream is compressed.', { object: facts.xmp.object });
  }
});

/** The packets that a part of the standard looks at. */
const packets = ({ facts, level }: Check): readonly XmpFacts[] =>
  [facts.xmp, ...(level.part === 1 ? [] : facts.otherXmp)].flatMap((packet) => packet ?? []);

const headerAttribute = (clauses: Clauses, name: string): Rule =>
  rule(clauses, (check) => {
    for (const { packet, object } of packets(check)) {
      if (new RegExp(`${name}\\s*=\\s*(?:'[^']*'|"[^"]*")`).test(packet?.header ?? '')) {
        check.report(`The header of the XMP packet has the attribute "${name}".`, { object });
      }
    }
  });

const noBytes = headerAttribute({ a1: '6.7.5-1', a23: '6.6.2.1-2', a4: '6.7.2.1-2' }, 'bytes');
const noEncoding = headerAttribute({ a1: '6.7.5-2', a23: '6.6.2.1-3', a4: '6.7.2.1-3' }, 'encoding');

const wellFormed = rule({ a1: '6.7.9-1', a23: '6.6.2.1-4', a4: '6.7.2.1-4' }, (check) => {
  for (const { problem, object } of packets(check)) {
    if (problem !== undefined) check.report(`The XMP packet cannot be read: ${problem}.`, { object });
  }
});

const utf8 = rule({ a23: '6.6.2.1-5', a4: '6.7.2.1-5' }, (check) => {
  for (const { encoding, problem, object } of packets(check)) {
    if (problem !== undefined || encoding !== 'UTF-8') {
      check.report(`The XMP packet is not in UTF-8 but in ${encoding}.`, { object });
    }
  }
});

interface InfoPair {
  readonly key: string;
  /** Undefined when there is none to compare with. */
  readonly xmp: (facts: XmpFacts | undefined) => string | undefined;
  readonly property: string;
}

const dateRule = (clauses: Clauses, key: string, name: string): Rule =>
  rule(clauses, ({ facts, report }) => {
    const info = facts.file.text(facts.info?.get(key));
    const xmp = simpleValue(facts.xmp, NAMESPACE.xmp, name);
    const time = xmp === undefined ? undefined : isoTime(xmp);
    if (info === undefined || time === undefined) return;
    if (pdfTime(info) !== time) report(`/${key} of the document information is not xmp:${name}.`);
  });

const textRule = (clauses: Clauses, { key, xmp, property }: InfoPair): Rule =>
  rule(clauses, ({ facts, report }) => {
    const info = infoText(facts, key);
    if (info !== undefined && info !== xmp(facts.xmp)) {
      report(`/${key} of the document information is not ${property}.`);
    }
  });

function infoText({ file, info }: Facts, key: string): string | undefined {
  const value = file.resolve(info?.get(key));
  if (value === null) return undefined;
  const text = file.text(value);
  // Whatever else stands there is equal to no text.
  return text === undefined ? `\u0000${key}` : text.replace(/\0$/, '');
}

const creationDate = dateRule({ a1: '6.7.3-1' }, 'CreationDate', 'CreateDate');
const modificationDate = dateRule({ a1: '6.7.3-8' }, 'ModDate', 'ModifyDate');

const title = textRule(
  { a1: '6.7.3-2' },
  {
    key: 'Title',
    property: 'dc:title',
    xmp: (facts) => defaultText(propertyOf(facts, NAMESPACE.dc, 'title')),
  },
);

const author = textRule(
  { a1: '6.7.3-3' },
  {
    key: 'Author',
    property: 'the only dc:creator',
    xmp: (facts) => {
      const node = propertyOf(facts, NAMESPACE.dc, 'creator');
      const isSequence = node?.form === 'seq' || node?.form === 'alt';
      return isSequence && node.children.length === 1 ? node.children[0]?.value : undefined;
    },
  },
);

const subject = textRule(
  { a1: '6.7.3-4' },
  {
    key: 'Subject',
    property: 'dc:description',
    xmp: (facts) => defaultText(propertyOf(facts, NAMESPACE.dc, 'description')),
  },
);

const simpleRule = (clauses: Clauses, key: string, namespace: 'pdf' | 'xmp', name: string): Rule =>
  textRule(clauses, {
    key,
    property: `${namespace}:${name}`,
    xmp: (facts) => simpleValue(facts, NAMESPACE[namespace], name),
  });

const keywords = simpleRule({ a1: '6.7.3-5' }, 'Keywords', 'pdf', 'Keywords');
const creator = simpleRule({ a1: '6.7.3-6' }, 'Creator', 'xmp', 'CreatorTool');
const producer = simpleRule({ a1: '6.7.3-7' }, 'Producer', 'pdf', 'Producer');

interface JudgedProperty {
  readonly node: XmpNode;
  readonly object: number | undefined;
  readonly isKnown: boolean;
  readonly isOfType: boolean;
}

/** Every property, with whether a schema knows it and its value is of the type that the schema says. */
function properties(check: Check): readonly JudgedProperty[] {
  const edition = check.level.part === 1 ? 2004 : 2005;
  return check.facts.once(`properties ${edition}`, () => {
    const predefined = predefinedSchemas(edition);
    const main = extensionSchemas(check.facts.xmp?.extensions, predefined);
    return packets(check).flatMap(({ properties: nodes, extensions, object }, index) => {
      const own = index === 0 ? main : extensionSchemas(extensions, predefined, main);
      return nodes.map((node) => {
        for (const schemas of [own, main]) {
          const schema = schemas.get(node.namespace);
          const type = schema?.properties.get(node.name);
          if (schema !== undefined && type !== undefined) {
            return { node, object, isKnown: true, isOfType: schema.types.isOf(node, type) };
          }
        }
        const type = predefined.schema(node.namespace)?.get(node.name);
        const isOfType = type !== undefined && predefined.known.isOf(node, type);
        return { node, object, isKnown: type !== undefined, isOfType };
      });
    });
  });
}

const nameOf = ({ prefix, name }: XmpNode): string => `${prefix}:${name}`.slice(0, 80);

const knownProperties = rule({ a1: '6.7.9-2', a23: '6.6.2.3.1-1' }, (check) => {
  for (const { node, object, isKnown } of properties(check)) {
    if (!isKnown)
      check.report(`The XMP property ${nameOf(node)} is neither predefined nor declared.`, { object });
  }
});

const typedProperties = rule({ a1: '6.7.9-3', a23: '6.6.2.3.1-2' }, (check) => {
  for (const { node, object, isOfType } of properties(check)) {
    if (!isOfType)
      check.report(`The XMP property ${nameOf(node)} has not the type that its schema says.`, { object });
  }
});

const hasSchema = (facts: Facts, namespace: string): boolean =>
  facts.xmp?.properties.some((node) => node.namespace === namespace) === true;

/** A rule about the identification that a file has; a packet that is missing is another rule's matter. */
function claimRule(
  clauses: Clauses,
  kind: 'pdfaid' | 'pdfuaid',
  judge: (value: (name: string) => string | undefined, check: Check) => string | undefined,
): Rule {
  return rule(clauses, (check) => {
    const { facts, report } = check;
    if (!hasSchema(facts, NAMESPACE[kind])) return;
    const message = judge((name) => simpleValue(facts.xmp, NAMESPACE[kind], name), check);
    if (message !== undefined) report(message, { object: facts.xmp?.object });
  });
}

const identified = rule({ a1: '6.7.11-1', a23: '6.6.4-1', a4: '6.7.3-1' }, ({ facts, report }) => {
  if (facts.xmp !== undefined && !hasSchema(facts, NAMESPACE.pdfaid)) {
    report('The metadata do not say which part of PDF/A the file is.', { object: facts.xmp.object });
  }
});

const uaIdentified = rule({ ua1: '5-1', ua2: '5-1' }, ({ facts, report }) => {
  if (facts.xmp !== undefined && !hasSchema(facts, NAMESPACE.pdfuaid)) {
    report('The metadata do not say which part of PDF/UA the file is.', { object: facts.xmp.object });
  }
});

const isInteger = (text: string | undefined, value: number | undefined): boolean =>
  text !== undefined && /^[+-]?\d+$/.test(text) && Number(text) === value;

const part = claimRule({ a1: '6.7.11-2', a23: '6.6.4-2', a4: '6.7.3-2' }, 'pdfaid', (value, { level }) =>
  isInteger(value('part'), level.part)
    ? undefined
    : `pdfaid:part is "${short(value('part'))}", not ${level.part ?? ''}.`,
);

const uaPart = claimRule({ ua1: '5-2', ua2: '5-2' }, 'pdfuaid', (value, { level }) =>
  isInteger(value('part'), level.ua)
    ? undefined
    : `pdfuaid:part is "${short(value('part'))}", not ${level.ua ?? ''}.`,
);

const short = (text: string | undefined): string => (text ?? '').slice(0, 20);

/** Claims that satisfy a level: a higher one includes the lower. */
const CLAIMS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  A: ['A'],
  U: ['U', 'A'],
  B: ['B', 'U', 'A'],
  E: ['E'],
  F: ['F'],
  none: [undefined],
};

const conformance = claimRule(
  { a1: '6.7.11-3', a23: '6.6.4-3', a4: '6.7.3-3' },
  'pdfaid',
  (value, { facts, level }) => {
    const node = propertyOf(facts.xmp, NAMESPACE.pdfaid, 'conformance');
    const claimed = value('conformance');
    const allowed = CLAIMS[level.conformance ?? 'none'] ?? [];
    const fits = allowed.includes(claimed) && (claimed !== 'U' || level.part !== 1);
    // A structure in its place is as good as none.
    if (fits && (node === undefined || claimed !== undefined || level.conformance === undefined))
      return undefined;
    return `pdfaid:conformance is "${short(claimed)}"; it must be ${allowed.map((name) => name ?? 'absent').join(' or ')}.`;
  },
);

const revision = claimRule({ a4: '6.7.3-5' }, 'pdfaid', (value) =>
  value('rev') === '2020' ? undefined : `pdfaid:rev is "${short(value('rev'))}", not 2020.`,
);

const uaRevision = claimRule({ ua2: '5-5' }, 'pdfuaid', (value) =>
  value('rev') === '2024' ? undefined : `pdfuaid:rev is "${short(value('rev'))}", not 2024.`,
);

const prefix = (clauses: Clauses, kind: 'pdfaid' | 'pdfuaid', name: string): Rule =>
  rule(clauses, ({ facts, report }) => {
    const node = propertyOf(facts.xmp, NAMESPACE[kind], name);
    if (node !== undefined && node.prefix !== kind) {
      report(`The prefix of ${kind}:${name} is "${node.prefix.slice(0, 20)}".`, {
        object: facts.xmp?.object,
      });
    }
  });

const uaTitle = rule({ ua1: '7.1-9', ua2: '8.11.1-1' }, ({ facts, report }) => {
  if (facts.xmp === undefined) return;
  const node = facts.xmp.properties.find(
    ({ namespace, name, prefix: used }) => namespace === NAMESPACE.dc && name === 'title' && used === 'dc',
  );
  const texts = node?.children.filter(({ language }) => language !== undefined) ?? [];
  if (texts.length === 0) report('The metadata have no dc:title.', { object: facts.xmp.object });
});

/** A title in the document's language needs that language. */
const titleLanguage = rule({ ua1: '7.2-33' }, ({ facts, report }) => {
  if (facts.file.string(facts.catalog.get('Lang')) !== undefined) return;
  for (const { properties: nodes, object } of [facts.xmp, ...facts.otherXmp].flatMap(
    (packet) => packet ?? [],
  )) {
    for (const { children, prefix: used, name } of nodes) {
      const isAlternative = children.length > 0 && children.every(({ language }) => language !== undefined);
      if (isAlternative && children.length === 1 && children[0]?.language === 'x-default') {
        report(`${used}:${name} is in the language of the document, which is not stated.`, { object });
      }
    }
  }
});

export const METADATA: readonly Rule[] = [
  present,
  unfiltered,
  noBytes,
  noEncoding,
  wellFormed,
  utf8,
  creationDate,
  title,
  author,
  subject,
  keywords,
  creator,
  producer,
  modificationDate,
  knownProperties,
  typedProperties,
  identified,
  part,
  conformance,
  prefix({ a1: '6.7.11-4', a23: '6.6.4-4', a4: '6.7.3-4' }, 'pdfaid', 'part'),
  prefix({ a1: '6.7.11-5', a23: '6.6.4-5' }, 'pdfaid', 'conformance'),
  prefix({ a1: '6.7.11-6', a23: '6.6.4-6' }, 'pdfaid', 'amd'),
  prefix({ a23: '6.6.4-7' }, 'pdfaid', 'corr'),
  revision,
  prefix({ a4: '6.7.3-6' }, 'pdfaid', 'rev'),
  uaIdentified,
  uaPart,
  prefix({ ua1: '5-3', ua2: '5-3' }, 'pdfuaid', 'part'),
  prefix({ ua1: '5-4' }, 'pdfuaid', 'amd'),
  prefix({ ua1: '5-5' }, 'pdfuaid', 'corr'),
  prefix({ ua2: '5-4' }, 'pdfuaid', 'rev'),
  uaRevision,
  uaTitle,
  titleLanguage,
];
