/** What the templates screen knows. One object, replaced as a whole at every change. */
import type { JobWarning } from '../../../contract/job.ts';
import type { PreviewConformance } from '../../../contract/studio/preview.ts';
import type { StudioFailure } from '../../../contract/studio/route.ts';
import type { HelperFacts, TemplateFile } from '../../../contract/studio/templates.ts';
import type { TemplateSummary } from '../../../contract/template.ts';
import type { SaveState } from './files/file-saver.ts';
import { isTemplateText, samplePath, type View } from './files/views.ts';
import type { ListedProblem } from './problem-list.ts';

export interface EditorPlace {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
}

/** Which dialog is open. */
export type OpenDialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'duplicate'; readonly id: string; readonly name: string }
  | { readonly kind: 'rename'; readonly id: string; readonly name: string }
  | { readonly kind: 'remove'; readonly id: string; readonly name: string }
  | { readonly kind: 'new-file' }
  | { readonly kind: 'new-sample' }
  | { readonly kind: 'rename-file'; readonly path: string }
  | { readonly kind: 'remove-file'; readonly path: string }
  | { readonly kind: 'job-data' }
  | { readonly kind: 'quick-open' }
  | { readonly kind: 'history'; readonly path: string }
  | { readonly kind: 'compare'; readonly path: string };

export interface TemplatesState {
  /** Undefined until it was read once. */
  readonly list: readonly TemplateSummary[] | undefined;
  readonly listFailure: Error | undefined;
  readonly helpers: readonly HelperFacts[];
  readonly templateId: string | null;
  /** A template is being read. */
  readonly isOpening: boolean;
  /** Why the template could not be read, or that it is gone while it was edited. */
  readonly openFailure: Error | undefined;
  readonly files: readonly TemplateFile[];
  /** By path, as in the editor. */
  readonly texts: Readonly<Record<string, string>>;
  /** Those of `texts` that are no longer what was opened. */
  readonly edits: Readonly<Record<string, string>>;
  /** Files that are not simply saved. */
  readonly saves: Readonly<Record<string, SaveState>>;
  readonly savedAt: number | undefined;
  readonly view: View;
  /** The file of `view` when another view is shown. */
  readonly lastFile: string;
  readonly sample: string | null;
  /** JSON of samples that are too large to be edited, by path. */
  readonly largeSamples: Readonly<Record<string, string>>;
  readonly cursor: EditorPlace | null;
  /** Where the editor is to go; a new object each time. */
  readonly reveal: EditorPlace | null;
  readonly found: readonly ListedProblem[];
  readonly failure: StudioFailure | undefined;
  readonly warnings: readonly JobWarning[];
  readonly conformance: readonly PreviewConformance[];
  readonly dialog: OpenDialog | null;
}

export const EMPTY_TEMPLATE = {
  isOpening: false,
  openFailure: undefined,
  files: [],
  texts: {},
  edits: {},
  saves: {},
  savedAt: undefined,
  view: { kind: 'file', path: 'template.html' },
  lastFile: 'template.html',
  sample: null,
  largeSamples: {},
  cursor: null,
  reveal: null,
  found: [],
  failure: undefined,
  warnings: [],
  conformance: [],
} as const satisfies Partial<TemplatesState>;

export const START: TemplatesState = {
  ...EMPTY_TEMPLATE,
  list: undefined,
  listFailure: undefined,
  helpers: [],
  templateId: null,
  dialog: null,
};

/** The sample's JSON text; `{}` without one. */
export const dataOf = ({ sample, texts, largeSamples }: TemplatesState): string =>
  sample === null ? '{}' : (texts[samplePath(sample)] ?? largeSamples[samplePath(sample)] ?? '{}');

/** Samples by name, those that are not written yet too. */
export function sampleNames({ files, texts }: Pick<TemplatesState, 'files' | 'texts'>): string[] {
  const paths = new Set([
    ...files.filter(({ kind }) => kind === 'sample').map(({ path }) => path),
    ...Object.keys(texts).filter((path) => /^samples\/.+\.json$/.test(path)),
  ]);
  return [...paths].map((path) => path.slice('samples/'.length, -'.json'.length)).sort();
}

/** Every text that can be edited as a file of its own, template.html and style.css first. */
export function textPaths({ files, texts }: Pick<TemplatesState, 'files' | 'texts'>): string[] {
  const order = ['template.html', 'style.css'];
  const rank = (path: string): number => {
    const index = order.indexOf(path);
    return index < 0 ? order.length : index;
  };
  return Object.keys(texts)
    .filter((path) => !path.startsWith('samples/'))
    .filter((path) => files.find((file) => file.path === path)?.kind !== 'other')
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The texts that Handlebars reads. */
export function handlebarsTexts({
  files,
  texts,
}: Pick<TemplatesState, 'files' | 'texts'>): Map<string, string> {
  const known = new Map<string, string>();
  for (const [path, text] of Object.entries(texts)) {
    const file = files.find((each) => each.path === path);
    const isText = file === undefined ? /\.(?:html|hbs|handlebars|css)$/.test(path) : isTemplateText(file);
    if (isText) known.set(path, text);
  }
  return known;
}
