import { describe, expect, it } from 'vitest';
import { InfluxionError } from '../../../core/error.ts';
import { assetsFromRequest } from '../../../core/templates/request-assets.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the assets of a request', () => {
  it('are served by their path with their type', async () => {
    const { source, partials } = assetsFromRequest({
      'img/logo.png': base64('png'),
      'partials/parts/row.hbs': base64('\uFEFF<tr>ä'),
      __proto__: base64('x'),
    });
    const asset = await source('img/logo.png');
    expect(Buffer.from(asset?.bytes ?? []).toString()).toBe('png');
    expect(asset?.mimeType).toBe('image/png');
    expect(await source('img/logo.png')).toBe(asset);
    expect({ ...partials }).toEqual({ 'parts/row': '<tr>ä' });
    for (const path of ['partials/parts/row.hbs', 'constructor', 'toString', 'img/other.png', '']) {
      expect(await source(path), path).toBeUndefined();
    }
  });

  it('may be missing', async () => {
    for (const nothing of [null, undefined, {}]) {
      const { source, partials } = assetsFromRequest(nothing);
      expect(await source('x')).toBeUndefined();
      expect(Object.keys(partials)).toEqual([]);
    }
  });

  it('must be text where they are partials', () => {
    const partial = { 'partials/x.hbs': Buffer.from([0xff]).toString('base64') };
    expect(() => assetsFromRequest(partial)).toThrow(InfluxionError);
    expect(() => assetsFromRequest(partial)).toThrow('partials/x.hbs');
  });
});
