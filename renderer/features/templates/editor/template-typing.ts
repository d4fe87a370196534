/** What typing does in a template beyond Monaco's Handlebars: end tags come and indent themselves, `../name` is no end. */
import { conf, language } from 'monaco-editor/languages/definitions/handlebars/handlebars';
import { indentOfEnd, missingEnd } from '../language/typed-tags.ts';
import { monaco } from './monaco.ts';

/** In a longer text looking for the other tags would be felt. */
const MOST_CHARS = 500_000;

/** Monaco takes `/name` of `../name` for the end of a block. */
const PATH_UPWARDS: monaco.languages.IMonarchLanguageRule = [
  /(?:\.\.?\/)+[^\s}()=]*/,
  'variable.parameter.handlebars',
];

const AFTER_OPENED_BLOCK: monaco.languages.OnEnterRule = {
  beforeText: /\{\{~?(?:#|else\b)(?!.*\{\{~?\/)/,
  action: { indentAction: monaco.languages.IndentAction.Indent },
};

export function registerHandlebars(): void {
  monaco.languages.register({ id: 'handlebars', aliases: ['Handlebars'] });
  const { tokenizer } = language;
  monaco.languages.setMonarchTokensProvider('handlebars', {
    ...language,
    tokenizer: { ...tokenizer, handlebarsRoot: [PATH_UPWARDS, ...(tokenizer['handlebarsRoot'] ?? [])] },
  });
  monaco.languages.setLanguageConfiguration('handlebars', {
    ...conf,
    // Mustaches are typed between tags, which close themselves.
    autoCloseBefore: ';:.,=}])>< \n\t',
    onEnterRules: [...(conf.onEnterRules ?? []), AFTER_OPENED_BLOCK],
  });
}

/** Follows what is typed until disposed. */
export function completeTags(editor: monaco.editor.ICodeEditor): monaco.IDisposable {
  return editor.onDidChangeModelContent(({ changes, isFlush, isUndoing, isRedoing }) => {
    const model = editor.getModel();
    const [change, ...more] = changes;
    if (change === undefined || more.length > 0 || !['>', '}'].includes(change.text)) return;
    if (isFlush || isUndoing || isRedoing || !editor.hasTextFocus()) return;
    if (model?.getLanguageId() !== 'handlebars' || model.getValueLength() > MOST_CHARS) return;
    const at = model.getPositionAt(change.rangeOffset + 1);
    // Once the change has been told to all: an edit within its own event would be told before it.
    queueMicrotask(() => {
      const cursor = editor.getSelection();
      if (editor.getModel() !== model || cursor?.getPosition().equals(at) !== true) return;
      const edit = editOf(model, at);
      if (edit !== undefined) editor.executeEdits('end-tag', [edit], edit.isAhead ? [cursor] : undefined);
    });
  });
}

interface TagEdit {
  readonly range: monaco.IRange;
  readonly text: string;
  /** It stands after the cursor, which is to stay. */
  readonly isAhead: boolean;
}

function editOf(model: monaco.editor.ITextModel, at: monaco.Position): TagEdit | undefined {
  const offset = model.getOffsetAt(at);
  const text = model.getValue(monaco.editor.EndOfLinePreference.LF);
  const before = model.getEOL() === '\n' ? text.slice(0, offset) : text.slice(0, offset - at.lineNumber + 1);
  const end = missingEnd(before, text.slice(before.length));
  if (end !== undefined) return { range: monaco.Range.fromPositions(at), text: end, isAhead: true };
  const indent = indentOfEnd(before);
  const { lineNumber } = at;
  const written = model.getLineFirstNonWhitespaceColumn(lineNumber);
  if (indent === undefined || indent.length === written - 1) return undefined;
  return { range: new monaco.Range(lineNumber, 1, lineNumber, written), text: indent, isAhead: false };
}
