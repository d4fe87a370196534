import { InfluxionError } from '../../error.ts';

/** A template's folder: the same name on every file system, whatever it does with letter case. */
const TEMPLATE_ID = /^[a-z0-9][a-z0-9_-]{0,99}$/;
/** Names that Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

export function isTemplateId(name: string): boolean {
  return TEMPLATE_ID.test(name) && !RESERVED.test(name);
}

/** A name that people gave, such as `My Invoice`, as a folder name; undefined when nothing of it can be kept. */
export function toTemplateId(name: string): string | undefined {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 100);
  return isTemplateId(id) ? id : undefined;
}

const SEGMENT = /^[^\\/:*?"<>|\p{Cc}]{1,200}$/u;

/**
 * The segments of a relative path inside a template, or undefined for what could lead elsewhere: `..`, absolute
 * paths, drive letters, backslashes, control characters, hidden files, and names that Windows would change.
 */
export function safeSegments(path: string): string[] | undefined {
  if (path.length > 500) return undefined;
  const segments = path.split('/');
  const isSafe = segments.every(
    (segment) =>
      SEGMENT.test(segment) &&
      !segment.startsWith('.') &&
      !/[. ]$/.test(segment) &&
      !RESERVED.test(segment.toLowerCase().replace(/\..*$/, '')),
  );
  return isSafe ? segments : undefined;
}

export function templateNotFound(what: string, hint?: string): InfluxionError {
  return new InfluxionError('TEMPLATE_NOT_FOUND', `There is no ${what}.`, hint === undefined ? {} : { hint });
}
