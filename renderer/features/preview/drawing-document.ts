/**
 * The document that pages are drawn in. A font that is added to a document makes Chromium lay all of it out again, and every
 * print brings its fonts: in the studio's own document that cost each edit a whole frame. Canvases are made here, where the
 * fonts are found, and shown in the studio.
 */
let opening: Promise<Document> | undefined;
let drawing: Document = document;

/** Opens it the first time. */
export function openDrawingDocument(): Promise<Document> {
  opening ??= open();
  return opening;
}

/** For a page of a document that was opened with the drawing document. */
export const createCanvas = (): HTMLCanvasElement => drawing.createElement('canvas');

async function open(): Promise<Document> {
  const frame = document.createElement('iframe');
  // Without a box there would be no fonts.
  frame.style.cssText =
    'position: fixed; inset: 0 auto auto 0; width: 0; height: 0; border: 0; visibility: hidden';
  frame.title = 'Fonts of the preview';
  frame.ariaHidden = 'true';
  frame.tabIndex = -1;
  // Some browsers put another empty document in place of the first.
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  drawing = frame.contentDocument ?? document;
  return drawing;
}
