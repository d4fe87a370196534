/** Formats templates with the formatter for HTML, which would tear attributes apart at the quotes of mustaches. */
import { hideQuotes, showQuotes } from '../language/hide-quotes.ts';
import { monaco } from './monaco.ts';

const LOOK_EVERY_MS = 50;
const GIVE_UP_AFTER_MS = 10_000;

/** The service for HTML is loaded when the language is first met, and nothing tells when it has come. */
async function isReady(action: monaco.editor.IEditorAction): Promise<boolean> {
  const end = performance.now() + GIVE_UP_AFTER_MS;
  while (!action.isSupported() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return action.isSupported();
}

/** The text laid out anew; the same text when that cannot be done. */
async function formatHtml(text: string): Promise<string> {
  const hidden = hideQuotes(text);
  if (hidden === undefined) return text;
  const model = monaco.editor.createModel(hidden, 'html');
  // Monaco formats what an editor holds; this one is never shown.
  const editor = monaco.editor.create(document.createElement('div'), { model });
  try {
    const action = editor.getAction('editor.action.formatDocument');
    if (action === null || !(await isReady(action))) return text;
    await action.run();
    return showQuotes(model.getValue());
  } finally {
    editor.dispose();
    model.dispose();
  }
}

export function registerFormatter(): void {
  monaco.languages.registerDocumentFormattingEditProvider('handlebars', {
    displayName: 'HTML with Handlebars',
    async provideDocumentFormattingEdits(model) {
      const before = model.getVersionId();
      const text = await formatHtml(model.getValue());
      if (model.isDisposed() || model.getVersionId() !== before || text === model.getValue()) return [];
      return [{ range: model.getFullModelRange(), text }];
    },
  });
}
