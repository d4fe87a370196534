/** Media clips, dynamic forms and 3D streams (ISO 14289-1 §7.15 and §7.18.6.2, ISO 19005-4 §6.1.6.1). */
import { actionsOf } from '../actions.ts';
import { annotationsOf } from '../annotations.ts';
import { acroForm } from '../form-fields.ts';
import type { PdfDict } from '../../../revision/objects.ts';
import type { Facts } from '../facts.ts';
import { childOfXml, readXml, textOfXml } from '../metadata/xml-text.ts';
import type { XmlElement } from '../metadata/xml.ts';
import { rule, type Clauses, type Rule } from '../rule.ts';

const clipRule = (clauses: Clauses, judge: (clip: PdfDict, facts: Facts) => string | undefined): Rule =>
  rule(clauses, ({ facts, report }) => {
    const { file } = facts;
    for (const { dict, place } of actionsOf(facts)) {
      if (file.name(dict.get('S')) !== 'Rendition') continue;
      const clip = file.dict(file.dict(dict.get('R'))?.get('C'));
      const message = clip && judge(clip, facts);
      if (message !== undefined) report(message, place);
    }
  });

const clipType = clipRule({ ua1: '7.18.6.2-1' }, (clip, { file }) =>
  file.string(clip.get('CT')) === undefined ? 'A media clip does not say its type (/CT).' : undefined,
);

/** Pairs of a language and a text that is not empty. */
const clipTexts = clipRule({ ua1: '7.18.6.2-2' }, (clip, { file }) => {
  const texts = file.array(clip.get('Alt'));
  const isGood =
    texts?.length !== undefined &&
    texts.length % 2 === 0 &&
    texts.every((item, index) => {
      const text = file.text(item);
      return text !== undefined && (index % 2 === 0 || text !== '');
    });
  return isGood ? undefined : 'A media clip has no alternate texts (/Alt).';
});

const MOST_XFA = 16 * 1024 * 1024;

/** XML Forms Architecture 3.3: the path within the configuration of a form. */
const RENDER_PATH = ['config', 'acrobat', 'acrobat7', 'dynamicRender'] as const;

const dynamicForms = rule({ ua1: '7.15-1' }, ({ facts, report }) => {
  const { file } = facts;
  const value = acroForm(facts)?.get('XFA');
  const parts = file.array(value);
  const index = parts?.findIndex((part) => file.text(part) === 'config') ?? -1;
  const stream = file.stream(parts === undefined ? value : index < 0 ? undefined : parts[index + 1]);
  const bytes = stream && file.decode(stream, MOST_XFA);
  const root = bytes && readXml(Buffer.from(bytes).toString('utf8'));
  if (root === undefined) return;
  const isPackage = root.prefix === 'xdp' && root.local === 'xdp';
  const path = isPackage ? RENDER_PATH : RENDER_PATH.slice(1);
  let element: XmlElement | undefined = isPackage || root.local === RENDER_PATH[0] ? root : undefined;
  for (const name of path) element = element && childOfXml(element, name);
  if (element !== undefined && textOfXml(element) === 'required') report('The form is a dynamic XFA form.');
});

const streams3D = rule(
  { a4: '6.1.6.1-3' },
  ({ facts, report }) => {
    const { file } = facts;
    for (const { dict, subtype, place } of annotationsOf(facts)) {
      if (subtype !== '3D') continue;
      const stream = file.stream(dict.get('3DD'));
      const kind = file.name(stream?.dict.get('Subtype'));
      if (stream !== undefined && kind !== 'U3D' && kind !== 'PRC')
        report('A 3D stream is of a type other than U3D and PRC.', place);
    }
  },
  ({ conformance }) => conformance === 'E',
);

export const MEDIA: readonly Rule[] = [clipType, clipTexts, dynamicForms, streams3D];
