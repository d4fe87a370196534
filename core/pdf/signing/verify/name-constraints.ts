/** Whether a certificate may have its names under an authority that restricts them (RFC 5280 §4.2.1.10). */
import { contextTag, readAsn1, TAG, type Asn1 } from '../asn1/asn1.ts';
import { textOf } from '../asn1/values.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { NameConstraints } from '../x509/extensions.ts';

const MAIL = contextTag(1, false);
const HOST = contextTag(2, false);
const DIRECTORY = contextTag(4);
const ADDRESS = contextTag(6, false);

/** False also for names of a kind that is restricted but cannot be judged here. */
export function mayBeNamed(
  { subjectName, otherNames }: Certificate,
  { permitted, excluded }: NameConstraints,
): boolean {
  const subject = readAsn1(subjectName);
  return [subject, ...otherNames].every((name) => {
    if (name === subject && name.children.length === 0) return true;
    const kind = name === subject ? DIRECTORY : name.tag;
    const ofKind = (bases: readonly Asn1[]): Asn1[] => bases.filter(({ tag }) => tag === kind);
    if (ofKind(excluded).some((base) => isWithin(kind, name, base) !== false)) return false;
    const allowed = ofKind(permitted);
    return allowed.length === 0 || allowed.some((base) => isWithin(kind, name, base) === true);
  });
}

/** Undefined for a kind that is not known. */
function isWithin(kind: number, name: Asn1, base: Asn1): boolean | undefined {
  if (kind === DIRECTORY) return startsWith(directoryOf(name), directoryOf(base));
  const [own, limit] = [textIn(name), textIn(base)];
  if (kind === MAIL) return isMailWithin(own, limit);
  if (kind === HOST) return own === limit || own.endsWith(`.${limit}`) || limit === '';
  if (kind === ADDRESS) return isHostWithin(URL.parse(own)?.hostname.toLowerCase() ?? '', limit);
  return undefined;
}

/** `directoryName` holds the name that a subject is. */
const directoryOf = (name: Asn1): Asn1 => (name.tag === DIRECTORY ? name.at(0, TAG.sequence) : name);

const textIn = ({ content }: Asn1): string => Buffer.from(content).toString('latin1').toLowerCase();

/** A mailbox, all mailboxes of a host, or with a leading point all of the hosts below one. */
function isMailWithin(own: string, limit: string): boolean {
  if (limit.includes('@')) return own === limit;
  return isHostWithin(own.slice(own.lastIndexOf('@') + 1), limit);
}

const isHostWithin = (host: string, limit: string): boolean =>
  limit.startsWith('.') ? host.endsWith(limit) : host === limit;

function startsWith(name: Asn1, base: Asn1): boolean {
  const [own, limit] = [name.children, base.children];
  return limit.every((part, index) => {
    const other = own[index];
    return other !== undefined && comparable(other) === comparable(part);
  });
}

/** Without what comparing passes over: kinds of strings, case, and more than one space (RFC 5280 §7.1). */
const comparable = (relative: Asn1): string =>
  relative.children
    .map(
      (pair) =>
        `${pair.at(0, TAG.oid).oid}=${textOf(pair.at(1)).trim().replaceAll(/\s+/g, ' ').toLowerCase()}`,
    )
    .sort()
    .join('+');
