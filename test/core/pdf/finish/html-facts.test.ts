import { describe, expect, it } from 'vitest';
import { htmlFacts } from '../../../../core/pdf/finish/html-facts.ts';

describe('what a document says about itself', () => {
  it('reads language, title and the three meta elements that become metadata', () => {
    const html = `<!doctype html><html lang="de-AT"><head><title> Rechnung </title>
      <meta name="AUTHOR" content="Ada &amp; Co"><meta name="keywords" content="a, b,,c">
      <meta name="description" content="Was es ist"></head><body>`;
    expect(htmlFacts(html)).toEqual({
      hasTitle: true,
      language: 'de-AT',
      author: 'Ada & Co',
      description: 'Was es ist',
      keywords: ['a', 'b', 'c'],
    });
  });

  it.each([
    ['no head at all', '<p>text</p>'],
    ['an empty title and an empty language', '<html lang=" "><title> </title>'],
    [
      'tags in comments, scripts and in the text of the body',
      '<!-- <title>x</title> --><body><html lang="en"><title>late</title>',
    ],
  ])('finds nothing in %s', (_, html) => {
    expect(htmlFacts(html)).toMatchObject({ hasTitle: false, language: undefined });
  });
});
