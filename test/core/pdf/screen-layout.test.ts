import { expect, test } from 'vitest';
import { withoutScreenLayout } from '../../../core/pdf/screen-layout.ts';

const page = (body: string): string => `<!doctype html><html><head></head><body>${body}</body></html>`;

test.each([
  ['text', page('<p>Hello</p>')],
  ['images, which are fetched without a layout', page('<img src="logo.svg" alt="">')],
  ['an escape that is no letter', page('<style>li::before { content: "\\2022" }</style>')],
  ['a link within the document', page('<svg><use href="#star"/></svg>')],
])('hides %s on the screen and leaves the rest as it is', (_what, html) => {
  const hidden = withoutScreenLayout(html);
  expect(hidden?.replace(/<style media="screen">.*?<\/style>/, '')).toBe(html);
  expect(hidden).toMatch(/^<!doctype html><style media="screen">/);
});

// Each would be missing from the first print: it is only fetched once there is a layout that shows it.
test.each([
  ['a background', page('<div style="background: URL( bg.png )"></div>')],
  ['a font', page('<style>@font-face { font-family: X; src: local(X) }</style>')],
  ['an image set', page('<style>div { background: image-set("a.png" 1x) }</style>')],
  ['an escaped url()', page('<style>div { background: \\75rl(a.png) }</style>')],
  ['a url() with a needless escape', page('<style>div { background: u\\rl(a.png) }</style>')],
  ['an imported style sheet', page('<style>@import "a.css";</style>')],
  ['a linked style sheet', page('<link rel="stylesheet" href="a.css">')],
  ['an image chosen by the width', page('<img alt="" srcset="a.png 100w, b.png 200w" sizes="50vw">')],
  ['an image within an SVG', page('<svg><image href="a.png"/></svg>')],
  ['a symbol of another file', page('<svg><use href="icons.svg#star"/></svg>')],
  ['an object', page('<object data="a.svg"></object>')],
  ['a document without a doctype, whose quirks would go', '<p>Hello</p>'],
])('keeps the layout of %s', (_what, html) => {
  expect(withoutScreenLayout(html)).toBeUndefined();
});
