/** `influxion.json` as the settings of the document read and change it. */
import { TemplateManifest } from '../../../../contract/template.ts';
import { setJson, type JsonPath } from '../data/json-text.ts';

/** Of a template that has none. */
export const EMPTY_MANIFEST = '{}\n';

export interface ManifestForm {
  /** The value at a path, as it stands in the file: it may be of any type. */
  at: (...path: JsonPath) => unknown;
  /** What is wrong with the value at a path. */
  fault: (...path: JsonPath) => string | undefined;
  /** Whether something is wrong with the value or with a part of it. */
  isWrong: (...path: JsonPath) => boolean;
  /** Writes a value; undefined takes it away, and what is empty then. */
  set: (path: JsonPath, value: unknown) => void;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** Undefined when the text is no JSON object. `onText` is given the changed text. */
export function openManifest(text: string, onText: (text: string) => void): ManifestForm | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(root)) return undefined;
  const issues = TemplateManifest.safeParse(root).error?.issues ?? [];
  const faults = new Map(issues.map((issue) => [issue.path.join('.'), issue.message]));
  return {
    at: (...path) => valueAt(root, path),
    fault: (...path) => faults.get(path.join('.')),
    isWrong: (...path) => [...faults.keys()].some((key) => `${key}.`.startsWith(`${path.join('.')}.`)),
    set(path, value) {
      const parent = path.slice(0, -1);
      const holder = valueAt(root, parent);
      // What held only this says nothing any more.
      const isLast =
        value === undefined &&
        parent.length > 0 &&
        isObject(holder) &&
        Object.keys(holder).every((key) => key === path.at(-1));
      onText(isLast ? setJson(text, parent, undefined) : setJson(text, path, value));
    },
  };
}
