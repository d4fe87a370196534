/** When a document is ready to be printed: one script for both engines, and what can be known without it. */
import { hasImages, isFetchedByLayout } from './resources.ts';

/** What the readiness script found; plain data, so that it crosses from the page by value. */
export interface ReadinessFindings {
  /** `src` of images that did not load or cannot be decoded. */
  readonly images: readonly string[];
  /** `family` of faces of `@font-face` that failed. */
  readonly fonts: readonly string[];
  /** Message of a rejected `window.influxionReady`. */
  readonly rejected: string | undefined;
}

/**
 * True when nothing in the HTML makes a browser fetch or decode anything after it is parsed: it is ready as soon as it is set,
 * and needs no script.
 */
export const isReadyWhenSet = (html: string): boolean => !hasImages(html) && !isFetchedByLayout(html);

/**
 * An expression that resolves with ReadinessFindings: lazy images made eager → `window.influxionReady`, a promise that a
 * template's own scripts may set → fonts → images decoded. `fonts.ready` is asked after a forced layout: faces are
 * fetched only when text is laid out with them.
 *
 * The engine runs it after the load event (`Page.loadEventFired`), and again for as long as requests come in afterwards.
 * The script cannot wait for the event itself: under CSP `sandbox` no event listener runs, only promises do.
 *
 * `template`: whether to wait for `window.influxionReady`, which needs the page's own world.
 */
export function readinessScript(options: { readonly template: boolean }): string {
  return `(async () => {
  for (const element of document.querySelectorAll('[loading="lazy" i]')) element.loading = 'eager';
  let rejected;
  ${options.template ? TEMPLATE_PROMISE : ''}
  const layout = () => document.documentElement && document.documentElement.getBoundingClientRect();
  const images = [];
  layout();
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => {
    if (!image.currentSrc && !image.src) return undefined;
    return image.decode().catch(() => {
      if (image.naturalWidth === 0) images.push(image.currentSrc || image.src);
    });
  }));
  layout();
  await document.fonts.ready;
  ${MEDIA_CONTROLS}
  const fonts = [...document.fonts].filter((face) => face.status === 'error').map((face) => face.family);
  return { images, fonts, rejected };
})()`;
}

/**
 * Controls of sound and video are laid out a frame after their element and drawn another one later. That an animation has
 * ended is the one promise that frames keep.
 */
const MEDIA_CONTROLS =
  "if (document.querySelector('audio, video')) await document.documentElement.animate([], 50).finished;";

const TEMPLATE_PROMISE = `try { await window.influxionReady; }
  catch (error) { rejected = String((error && error.message) || error); }
  for (const element of document.querySelectorAll('[loading="lazy" i]')) element.loading = 'eager';`;
