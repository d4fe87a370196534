import { describe, expect, it } from 'vitest';
import { PrintOptions } from '../../../contract/page.ts';
import { resolvePrintSettings } from '../../../core/pdf/print-settings.ts';

const NOTHING = { header: undefined, footer: undefined };

describe('resolvePrintSettings', () => {
  it('prints A4 with 10 mm margins when nothing is said, unless the CSS names a size', () => {
    const settings = resolvePrintSettings({}, NOTHING);
    expect(settings.paper.width).toBeCloseTo(8.268, 3);
    expect(settings.paper.height).toBeCloseTo(11.693, 3);
    expect(settings.margins.left).toBeCloseTo(0.394, 3);
    expect(settings).toMatchObject({ preferCssPageSize: true, background: true, scale: 1, tagged: false });
  });

  it('lets an explicit paper win over the CSS', () => {
    expect(resolvePrintSettings({ page_size: 'Letter' }, NOTHING)).toMatchObject({
      paper: { width: 8.5, height: 11 },
      preferCssPageSize: false,
    });
  });

  it('turns the paper once, not the margins', () => {
    const settings = resolvePrintSettings(
      {
        page_size: { width: '100mm', height: '2in' },
        landscape: true,
        margin: { top: '72pt', left: '96px' },
      },
      NOTHING,
    );
    expect(settings.paper).toEqual({ width: 2, height: 100 / 25.4 });
    expect(settings.margins.top).toBeCloseTo(1);
    expect(settings.margins.left).toBeCloseTo(1);
  });

  it('asks for tags with an outline: Chromium silently writes none without them', () => {
    expect(resolvePrintSettings({ outline: true }, NOTHING)).toMatchObject({ outline: true, tagged: true });
  });

  it('refuses margins that leave no room, before Chromium answers something unhelpful', () => {
    expect(() => resolvePrintSettings({ page_size: 'A6', margin: '60mm' }, NOTHING)).toThrow(/leave no room/);
  });

  it('takes the white space out of page ranges, which Chromium does not read', () => {
    expect(resolvePrintSettings({ page_ranges: ' 1 - 3, 5,8- ' }, NOTHING).pageRanges).toBe('1-3,5,8-');
  });
});

describe('PrintOptions', () => {
  const refused: [string, unknown][] = [
    ['a page of no size', { page_size: { width: '0mm', height: '297mm' } }],
    ['a page of 1 km', { page_size: { width: '100000cm', height: '297mm' } }],
    ['a length without a unit', { margin: '15' }],
    ['an unknown paper', { page_size: 'A9' }],
    ['page 0', { page_ranges: '0-2' }],
    ['a range that runs backwards', { page_ranges: '5-2' }],
    ['words for a range', { page_ranges: 'all' }],
    ['a scale Chromium refuses', { scale: 3 }],
    ['a language tag with an underscore', { locale: 'en_US' }],
    ['an unknown time zone', { time_zone: 'Mars/Olympus' }],
    ['an unknown option', { paper: 'A4' }],
  ];
  it.each(refused)('refuses %s', (_what, options) => {
    expect(PrintOptions.safeParse(options).success).toBe(false);
  });
});
