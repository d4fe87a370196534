/** Completion, hover and quick fixes, as Monaco asks for them. */
import { classTyped, cssClasses } from '../language/css-classes.ts';
import { completeAt, type Completion } from '../language/completion.ts';
import { hoverAt } from '../language/hover.ts';
import type { LanguageSession } from './language-session.ts';
import type { Models } from './models.ts';
import { monaco } from './monaco.ts';

const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
type Model = monaco.editor.ITextModel;

const KINDS: Record<Completion['kind'], monaco.languages.CompletionItemKind> = {
  field: CompletionItemKind.Field,
  variable: CompletionItemKind.Variable,
  helper: CompletionItemKind.Function,
  partial: CompletionItemKind.File,
  keyword: CompletionItemKind.Keyword,
  option: CompletionItemKind.Property,
};

/** Both are read in the same text, so that offsets of one are offsets of the other. */
const textOf = (model: Model): string => model.getValue();

export function registerProviders(session: LanguageSession, models: Models): void {
  const languages = ['handlebars', 'css'];

  monaco.languages.registerCompletionItemProvider(languages, {
    triggerCharacters: ['{', '.', '#', '/', '@', '>', '"', ' ', '('],
    provideCompletionItems(model, position) {
      const path = models.pathOf(model);
      if (path === undefined) return { suggestions: [] };
      const text = textOf(model);
      const offset = model.getOffsetAt(position);
      const { project, analysis } = session.look();
      const before = text.slice(Math.max(0, offset - 1000), offset);
      const isInMustache = before.lastIndexOf('{{') > before.lastIndexOf('}}');
      const typedClass = isInMustache ? undefined : classTyped(before);
      if (typedClass !== undefined) return classItems(project.texts, position, typedClass.length);
      const top = analysis.tops.get(path);
      if (top === undefined) return { suggestions: [] };
      const { replace, items } = completeAt(project, text, offset, top);
      const range = rangeBefore(position, replace);
      return { suggestions: items.map((item) => suggestion(item, range)) };
    },
  });

  monaco.languages.registerHoverProvider(languages, {
    provideHover(model, position) {
      const path = models.pathOf(model);
      const { project, analysis } = session.look();
      const top = path === undefined ? undefined : analysis.tops.get(path);
      if (top === undefined) return null;
      const hover = hoverAt(project, textOf(model), model.getOffsetAt(position), top);
      if (hover === undefined) return null;
      const range = monaco.Range.fromPositions(
        model.getPositionAt(hover.start),
        model.getPositionAt(hover.end),
      );
      return { range, contents: [{ value: hover.markdown }] };
    },
  });

  monaco.languages.registerCodeActionProvider(languages, {
    provideCodeActions(model, range) {
      const path = models.pathOf(model);
      const actions: monaco.languages.CodeAction[] = [];
      for (const { span, fix, message } of path === undefined ? [] : session.problemsOf(path)) {
        const place = new monaco.Range(span.start.line, span.start.column, span.end.line, span.end.column);
        if (fix === undefined || !monaco.Range.areIntersectingOrTouching(place, range)) continue;
        actions.push({
          title: fix.title,
          kind: 'quickfix',
          isPreferred: true,
          diagnostics: monaco.editor
            .getModelMarkers({ resource: model.uri })
            .filter((marker) => marker.message === message),
          edit: {
            edits: [
              {
                resource: model.uri,
                versionId: model.getVersionId(),
                textEdit: { range: place, text: fix.text },
              },
            ],
          },
        });
      }
      return { actions, dispose: () => undefined };
    },
  });
}

const rangeBefore = ({ lineNumber, column }: monaco.Position, length: number): monaco.IRange => ({
  startLineNumber: lineNumber,
  startColumn: column - length,
  endLineNumber: lineNumber,
  endColumn: column,
});

const suggestion = (item: Completion, range: monaco.IRange): monaco.languages.CompletionItem => ({
  label: { label: item.label, description: item.detail },
  kind: KINDS[item.kind],
  insertText: item.insert,
  ...(item.isSnippet === true && { insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet }),
  ...(item.documentation !== undefined && { documentation: { value: item.documentation } }),
  sortText: `${item.rank} ${item.label}`,
  filterText: item.label,
  range,
});

function classItems(
  texts: ReadonlyMap<string, string>,
  position: monaco.Position,
  length: number,
): monaco.languages.CompletionList {
  const names = new Set<string>();
  for (const [path, text] of texts)
    if (path.endsWith('.css')) for (const name of cssClasses(text)) names.add(name);
  const range = rangeBefore(position, length);
  return {
    suggestions: [...names].map((name) => ({
      label: { label: name, description: 'style.css' },
      kind: CompletionItemKind.Class,
      insertText: name,
      range,
    })),
  };
}
