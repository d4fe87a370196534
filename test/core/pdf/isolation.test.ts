import { describe, expect, it } from 'vitest';
import { assetPath, documentHeaders, judgeRequest, shownUrl } from '../../../core/pdf/isolation.ts';

const kindOf = (url: string, method = 'GET', mainFrame = false): string =>
  judgeRequest({ url, method, mainFrame }).kind;

describe('what a document may reach', () => {
  it('is its own assets, by their decoded path', () => {
    expect(
      judgeRequest({
        url: 'https://doc.influxion.invalid/img/a%20b.png?v=1#x',
        method: 'GET',
        mainFrame: false,
      }),
    ).toEqual({
      kind: 'asset',
      path: 'img/a b.png',
    });
  });

  it.each([
    'http://doc.influxion.invalid/a.png',
    'https://doc.influxion.invalid.evil.example/a.png',
    'https://evil.example/https://doc.influxion.invalid/a.png',
    'https://doc.influxion.invalid:8443/a.png',
    'https://user@doc.influxion.invalid/a.png',
    'https://doc.influxion.invalid@evil.example/a.png',
    'https://sub.doc.influxion.invalid/a.png',
    'https://doc.influxion.invalid/%E0%A4%A',
    'file:///etc/passwd',
    'ftp://doc.influxion.invalid/a',
    'chrome://version/',
    'not a url',
    '',
  ])('is not %s', (url) => {
    expect(kindOf(url)).toBe('blocked');
  });

  it('is nothing to warn of when the inspector reads the document again', () => {
    expect(kindOf('https://doc.influxion.invalid/')).toBe('ignored');
  });

  it('is nothing that writes', () => {
    expect(kindOf('https://doc.influxion.invalid/a', 'POST')).toBe('blocked');
  });

  it('is no other page', () => {
    expect(kindOf('https://doc.influxion.invalid/', 'GET', true)).toBe('document');
    expect(kindOf('https://doc.influxion.invalid/other', 'GET', true)).toBe('navigation');
    expect(kindOf('https://evil.example/', 'GET', true)).toBe('navigation');
  });

  it('does not lead out of the assets by dots (a browser resolves them, so none are left)', () => {
    expect(assetPath('https://doc.influxion.invalid/a/../../b.png')).toBe('b.png');
    expect(assetPath('https://doc.influxion.invalid/..%2f..%2fetc%2fpasswd')).toBe('../../etc/passwd');
  });

  it('grants scripts only by the policy that says so', () => {
    const policy = (scripts: boolean): string =>
      documentHeaders(scripts).find(({ name }) => name === 'Content-Security-Policy')?.value ?? '';
    expect(policy(false)).not.toMatch(/script/);
    expect(policy(true)).toMatch(/^sandbox allow-scripts;/);
    for (const scripts of [false, true])
      expect(policy(scripts)).not.toMatch(/https?:|\*|allow-same-origin|allow-popups/);
  });
});

describe('a URL in a warning', () => {
  it('shows neither data nor passwords nor endless queries', () => {
    expect(shownUrl('data:image/png;base64,AAAAAAAA')).toBe('data:image/png;base64,…');
    expect(shownUrl('https://me:secret@x.example/a')).toBe('https://x.example/a');
    expect(shownUrl(`https://x.example/${'a'.repeat(5000)}`).length).toBeLessThan(210);
    expect(shownUrl('https://doc.influxion.invalid/img/a.png')).toBe('img/a.png');
  });
});
