/** The texts of the open template as Monaco's models: each keeps its undo history as long as the template is open. */
import type { TemplatesWorkspace } from '../templates-workspace.ts';
import { languageOf, monaco } from './monaco.ts';

type Model = monaco.editor.ITextModel;

export interface Models {
  /** Makes it when it is not there yet; undefined for a file without text. */
  get: (path: string) => Model | undefined;
  existing: () => ReadonlyMap<string, Model>;
  pathOf: (model: Model) => string | undefined;
}

const SCHEME = 'influxion';

const textOf = (model: Model): string => model.getValue(monaco.editor.EndOfLinePreference.TextDefined, true);

export function createModels(workspace: TemplatesWorkspace): Models {
  const models = new Map<string, Model>();
  let templateId = workspace.store.getState().templateId;
  /** A text from the store is being put into its model. */
  let isApplying = false;

  const drop = (path: string): void => {
    models.get(path)?.dispose();
    models.delete(path);
  };

  workspace.store.subscribe((state, before) => {
    if (state.templateId !== templateId) {
      templateId = state.templateId;
      for (const path of [...models.keys()]) drop(path);
      return;
    }
    if (state.texts === before.texts) return;
    for (const [path, model] of [...models]) {
      const text = state.texts[path];
      if (text === undefined) drop(path);
      else if (text !== before.texts[path] && text !== textOf(model)) {
        isApplying = true;
        replaceText(model, text);
        isApplying = false;
      }
    }
  });

  return {
    existing: () => models,
    pathOf: (model) => [...models].find(([, each]) => each === model)?.[0],
    get(path) {
      const known = models.get(path);
      if (known !== undefined) return known;
      const text = workspace.store.getState().texts[path];
      if (text === undefined || templateId === null) return undefined;
      const uri = monaco.Uri.from({ scheme: SCHEME, path: `/${templateId}/${path}` });
      const model = monaco.editor.createModel(text, languageOf(path), uri);
      model.updateOptions({ tabSize: 2, insertSpaces: true });
      model.onDidChangeContent(() => {
        if (!isApplying) workspace.edit(path, textOf(model));
      });
      models.set(path, model);
      return model;
    },
  };
}

/** Only what differs is replaced, so that the cursor stays where it is and one undo takes it back. */
function replaceText(model: Model, text: string): void {
  const before = textOf(model);
  let start = 0;
  const shorter = Math.min(before.length, text.length);
  while (start < shorter && before[start] === text[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === text[text.length - 1 - end]) end++;
  const range = monaco.Range.fromPositions(
    model.getPositionAt(start),
    model.getPositionAt(before.length - end),
  );
  model.pushStackElement();
  model.pushEditOperations(null, [{ range, text: text.slice(start, text.length - end) }], () => null);
  model.pushStackElement();
  // Offsets of Monaco count an end of line as one file has it; where two kinds were mixed it is set as a whole.
  if (textOf(model) !== text) model.setValue(text);
}
