/** Colours mustaches where the tokenizers do not see them: in attribute values and in style sheets. */
import { scanMustaches } from '../language/scan.ts';
import { monaco } from './monaco.ts';

const REPAINT_AFTER_MS = 60;
/** A text with more of them is a generated one. */
const MAX_MUSTACHES = 4000;

/** Follows the model of an editor until disposed. */
export function colourMustaches(editor: monaco.editor.ICodeEditor): () => void {
  const painted = editor.createDecorationsCollection();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const paint = (): void => {
    const model = editor.getModel();
    if (model === null || !['handlebars', 'css'].includes(model.getLanguageId())) {
      painted.clear();
      return;
    }
    const mustaches = scanMustaches(model.getValue()).slice(0, MAX_MUSTACHES);
    painted.set(
      mustaches.map(({ start, end }) => ({
        range: monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end)),
        options: {
          inlineClassName: 'templates-mustache',
          stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
        },
      })),
    );
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(paint, REPAINT_AFTER_MS);
  };
  const subscriptions = [editor.onDidChangeModelContent(soon), editor.onDidChangeModel(paint)];
  paint();
  return () => {
    clearTimeout(timer);
    for (const subscription of subscriptions) subscription.dispose();
    painted.clear();
  };
}
