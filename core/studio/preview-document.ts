/** A template of the library with the texts of an open editor in place of its files. */
import { InfluxionError } from '../error.ts';
import { findJsonFault } from '../json-fault.ts';
import { prepareLoaded, type PreparedDocument } from '../document/prepare-document.ts';
import { placeOf, templateError } from '../templates/language/place.ts';
import { documentPartOf, MANIFEST_FILE, parseManifest } from '../templates/library/manifest.ts';
import type { LoadedTemplate, TemplateLibrary } from '../templates/template.ts';

const HTML_FILE = 'template.html';
const CSS_FILE = 'style.css';
const PARTIAL = /^partials\/(.+)\.(?:hbs|handlebars|html)$/;

/** Errors: TEMPLATE_NOT_FOUND, TEMPLATE_INVALID, VALIDATION_FAILED. */
export async function prepareEdited(
  library: TemplateLibrary,
  id: string,
  edits: Readonly<Record<string, string>>,
): Promise<PreparedDocument> {
  return prepareLoaded(withEdits(await library.load(id), edits));
}

function withEdits(template: LoadedTemplate, edits: Readonly<Record<string, string>>): LoadedTemplate {
  const edited = (path: string): string | undefined => (Object.hasOwn(edits, path) ? edits[path] : undefined);
  const partials = Object.create(null) as Record<string, string>;
  Object.assign(partials, template.partials);
  for (const [path, text] of Object.entries(edits)) {
    const name = PARTIAL.exec(path)?.[1];
    if (name !== undefined) partials[name] = text;
  }
  const manifest = edited(MANIFEST_FILE);
  return {
    ...template,
    html: edited(HTML_FILE) ?? template.html,
    css: edited(CSS_FILE) ?? template.css,
    partials,
    ...(manifest !== undefined && settingsOf(manifest)),
  };
}

function settingsOf(manifest: string): Pick<LoadedTemplate, 'options' | 'defaults'> {
  const { options = {}, ...defaults } = documentPartOf(readManifest(manifest));
  return { options, defaults };
}

function readManifest(text: string): ReturnType<typeof parseManifest> {
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    const place = placeOf(text, fault.offset);
    const source = { name: MANIFEST_FILE, isPartial: false, source: text };
    throw templateError('TEMPLATE_INVALID', source, place, `${fault.problem}.`);
  }
  try {
    return parseManifest(text);
  } catch (error) {
    const { code, message, details } = InfluxionError.from(error);
    throw new InfluxionError(code, message, { ...details, template: MANIFEST_FILE }, error);
  }
}
