import { describe, expect, it } from 'vitest';
import { isReadyWhenSet } from '../../../core/pdf/readiness.ts';

describe('a document that is ready as soon as it is set', () => {
  it.each([
    '<!doctype html><style>p{color:red;font:10pt Arial}</style><p>text <a href="https://x.example">link</a>',
    '<svg><defs><g id="a"/></defs><use href="#a"/><rect fill="url(#grad)" filter="url(\'#f\')"/></svg>',
    '<p>source: https://x.example, imported goods, an image of it</p>',
  ])('is %j', (html) => {
    expect(isReadyWhenSet(html)).toBe(true);
  });

  it.each([
    '<img src=a>',
    '<IMG SRC="data:image/png;base64,AA">',
    '<p style="background:url( &quot;a.png&quot;)">',
    '<style>p{background:url("a.png")}</style>',
    '<style>@import "a.css";</style>',
    '<style>@font-face{font-family:x;src:local(x)}</style>',
    '<link rel="stylesheet" href="a.css">',
    '<svg><use xlink:href="sprite.svg#a"/></svg>',
    '<svg><image href="a.png"/></svg>',
    '<input type="image" src="a.png">',
    '<table background="a.png">',
    '<style>p{background:image-set("a.png" 1x)}</style>',
    '<object data="a.svg"></object>',
    '<video poster="a.png"></video>',
    '<audio controls></audio>',
  ])('is not %j (a print without its picture)', (html) => {
    expect(isReadyWhenSet(html)).toBe(false);
  });

  it('is told in one pass (minutes for a text of tags that never end)', () => {
    for (const tag of ['<input ', '<use ']) {
      expect(isReadyWhenSet(tag.repeat(300_000))).toBe(true);
    }
    expect(isReadyWhenSet(`${'<input '.repeat(300_000)} src=a.png`)).toBe(false);
  });
});
