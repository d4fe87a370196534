import { describe, expect, it } from 'vitest';
import { plainImages } from '../../../core/pdf/page/plain-images.ts';

const UNENDING = '<img '.repeat(300_000);

describe('the images that a document names', () => {
  it.each([
    ['<p>none', []],
    ['<img src="a.png"><IMG alt=x SRC = \'img/b%20c.svg?v=1\' /><img src="a.png">', ['a.png', 'img/b c.svg']],
    ['<img\n  class="logo"\n  src="./logo.svg">', ['logo.svg']],
    ['<imgx src="a.png">', []],
  ])('are read off %s', (html, paths) => {
    expect(plainImages(html)).toEqual(paths);
  });

  it.each([
    '<img>',
    '<img src=a.png>',
    '<img data-src="a.png">',
    '<img src="data:image/png;base64,AAAA">',
    '<img src="https://example.com/a.png">',
    '<img src="a&amp;b.png">',
    '<img src="">',
    '<img src="a.png"><img src="b.png" loading="lazy">',
    '<img src="a.png" srcset="b.png 2x">',
  ])('are not in %s', (html) => {
    expect(plainImages(html)).toBeUndefined();
  });

  it('are looked for in one pass (minutes for a text of tags that never end)', () => {
    expect(plainImages(UNENDING)).toBeUndefined();
    expect(plainImages(`<img src="a.png">${UNENDING} src="b.png">`)).toEqual(['a.png', 'b.png']);
  });
});
