/** Looks at the texts while they are typed: problems for the list and squiggles, and what completion and hover ask for. */
import type { ListedProblem } from '../problem-list.ts';
import { placeOfFailure } from '../problem-list.ts';
import { findProblems, type Problem } from '../language/problems.ts';
import { analyse, type Analysis, type Project } from '../language/project.ts';
import { offsetAt } from '../language/text-place.ts';
import { SCHEMA_PATH, samplePath } from '../files/views.ts';
import { dataOf, handlebarsTexts, type TemplatesState } from '../templates-state.ts';
import type { TemplatesWorkspace } from '../templates-workspace.ts';
import type { Models } from './models.ts';
import { jsonDefaults, monaco } from './monaco.ts';

export interface LanguageSession {
  /** As the texts are now. */
  readonly look: () => { readonly project: Project; readonly analysis: Analysis };
  readonly problemsOf: (path: string) => readonly Problem[];
}

const LOOK_AFTER_MS = 150;
/** Beyond it the sample is not looked at: reading it would hold up typing. */
const MAX_DATA_CHARS = 8_000_000;
const OWNER = 'influxion';
const PREVIEW_OWNER = 'influxion.preview';

const SEVERITY = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
};

/** A text that cannot be read while it is typed hides whom it calls: what was known of those still holds. */
function withKnownTops(analysis: Analysis, before: Analysis | undefined): Analysis {
  const isWhole = [...analysis.parsed.values()].every(({ ok }) => ok);
  if (isWhole || before === undefined) return analysis;
  const tops = new Map(analysis.tops);
  for (const [path, top] of tops) {
    const known = before.tops.get(path);
    if (top.context === undefined && known !== undefined) tops.set(path, { ...known, isReached: false });
  }
  return { ...analysis, tops };
}

export function startLanguageSession(workspace: TemplatesWorkspace, models: Models): LanguageSession {
  const { store } = workspace;
  let seen: { state: TemplatesState; project: Project; analysis: Analysis } | undefined;
  let parsedData: { text: string; value: { data?: unknown } } | undefined;
  let problems: readonly Problem[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const parseData = (text: string): { data?: unknown } => {
    if (parsedData?.text === text) return parsedData.value;
    let value: { data?: unknown } = {};
    try {
      if (text.length <= MAX_DATA_CHARS) value = { data: JSON.parse(text) as unknown };
    } catch {
      // Until it can be read again the last that could is the better guess.
      value = parsedData?.value ?? {};
    }
    parsedData = { text, value };
    return value;
  };

  const look = (): { project: Project; analysis: Analysis } => {
    const state = store.getState();
    if (
      seen?.state.texts === state.texts &&
      seen.state.sample === state.sample &&
      seen.state.helpers === state.helpers
    ) {
      return seen;
    }
    const parsed = parseData(dataOf(state));
    const project: Project = {
      texts: handlebarsTexts(state),
      data: parsed.data,
      hasData: 'data' in parsed && state.sample !== null,
      helpers: new Map(state.helpers.map((helper) => [helper.name, helper])),
    };
    seen = { state, project, analysis: withKnownTops(analyse(project), seen?.analysis) };
    return seen;
  };

  const showMarkers = (): void => {
    for (const [path, model] of models.existing()) {
      const markers = problems
        .filter((problem) => problem.path === path)
        .map(({ span: { start, end }, severity, message }) => ({
          startLineNumber: start.line,
          startColumn: start.column,
          endLineNumber: end.line,
          endColumn: end.column,
          severity: SEVERITY[severity],
          message,
        }));
      monaco.editor.setModelMarkers(model, OWNER, markers);
    }
  };

  const showFailure = ({ failure, sample }: TemplatesState): void => {
    const place =
      failure === undefined
        ? undefined
        : placeOfFailure(failure, sample === null ? null : samplePath(sample));
    for (const [path, model] of models.existing()) {
      const isHere =
        place?.path === path &&
        !problems.some((each) => each.path === path && each.span.start.line === place.line);
      const markers = isHere
        ? [
            {
              startLineNumber: place.line,
              startColumn: place.column,
              endLineNumber: place.line,
              endColumn: Math.max(
                place.column + 1,
                model.getLineMaxColumn(Math.min(place.line, model.getLineCount())),
              ),
              severity: monaco.MarkerSeverity.Error,
              message: failure?.message ?? '',
            },
          ]
        : [];
      monaco.editor.setModelMarkers(model, PREVIEW_OWNER, markers);
    }
  };

  const fixOf = ({ path, span, fix }: Problem): ListedProblem['fix'] =>
    fix && {
      title: fix.title,
      run: () => {
        const text = store.getState().texts[path] ?? '';
        const from = offsetAt(text, span.start);
        workspace.edit(path, text.slice(0, from) + fix.text + text.slice(offsetAt(text, span.end)));
      },
    };

  /** What the JSON service says of the files that are open. */
  const jsonProblems = (): ListedProblem[] => {
    const list: ListedProblem[] = [];
    for (const [path, model] of models.existing()) {
      if (model.getLanguageId() !== 'json') continue;
      for (const marker of monaco.editor.getModelMarkers({ resource: model.uri, owner: 'json' })) {
        list.push({
          path,
          line: marker.startLineNumber,
          column: marker.startColumn,
          severity: marker.severity === monaco.MarkerSeverity.Error ? 'error' : 'warning',
          message: marker.message,
        });
      }
    }
    return list;
  };

  const report = (): void => {
    const found = problems.map((problem): ListedProblem => {
      const fix = fixOf(problem);
      return {
        path: problem.path,
        line: problem.span.start.line,
        column: problem.span.start.column,
        severity: problem.severity,
        message: problem.message,
        ...(fix !== undefined && { fix }),
      };
    });
    workspace.setFound([...found, ...jsonProblems()]);
    showMarkers();
    showFailure(store.getState());
  };

  const run = (): void => {
    const { helpers, templateId } = store.getState();
    // Without the catalogue every helper would be unknown.
    if (helpers.length === 0 || templateId === null) problems = [];
    else {
      const { project, analysis } = look();
      problems = findProblems(project, analysis);
    }
    report();
  };

  let schemaText: string | undefined;
  const applySchema = ({ texts }: TemplatesState): void => {
    const text = texts[SCHEMA_PATH];
    if (text === schemaText) return;
    schemaText = text;
    let schema: unknown;
    try {
      schema = text === undefined ? undefined : JSON.parse(text);
    } catch {
      schema = undefined;
    }
    jsonDefaults.setDiagnosticsOptions({
      ...jsonDefaults.diagnosticsOptions,
      validate: true,
      enableSchemaRequest: false,
      schemas:
        typeof schema === 'object' && schema !== null
          ? [{ uri: 'influxion://schema/sample', fileMatch: ['*/samples/*.json'], schema }]
          : [],
    });
  };

  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(run, LOOK_AFTER_MS);
  };
  store.subscribe((state, before) => {
    if (state.texts !== before.texts || state.sample !== before.sample || state.helpers !== before.helpers)
      later();
    if (state.texts !== before.texts) applySchema(state);
    if (state.failure !== before.failure) showFailure(state);
    // The model of a file that is shown for the first time has no squiggles yet.
    if (state.view !== before.view) later();
  });
  monaco.editor.onDidChangeMarkers((resources) => {
    const shown = new Set([...models.existing().values()].map(({ uri }) => uri.toString()));
    if (resources.some((uri) => shown.has(uri.toString()) && uri.path.endsWith('.json'))) report();
  });
  applySchema(store.getState());
  later();

  return { look, problemsOf: (path) => problems.filter((problem) => problem.path === path) };
}
