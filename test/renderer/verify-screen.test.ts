/** The verify screen in a real browser, over scripted reports: what is read out of them and sent for them. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SignatureReport, VerifyReport } from '../../contract/verify.ts';
import { InfluxionError } from '../../core/error.ts';
import type { StudioHandlers } from '../../core/studio/router.ts';
import { accessibilityViolations } from '../support/studio-pages/accessibility.ts';
import {
  openFeatureBrowser,
  type FeatureBrowser,
  type OpenFeature,
  type OpenOptions,
} from '../support/studio-pages/feature-browser.ts';

vi.setConfig({ testTimeout: 60_000 });

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const signature = (changes: Partial<SignatureReport> = {}): SignatureReport => ({
  field: 'Signature1',
  kind: 'signature',
  sub_filter: 'ETSI.CAdES.detached',
  signer: {
    subject: 'CN=Mara Lind,O=Nordlicht Studio GmbH,C=DE',
    issuer: 'CN=Example Trust CA 3,O=Example Trust,C=DE',
    serial: '5d3a0b77c1',
    fingerprint: 'AB:CD:EF',
    not_before: '2026-01-01T00:00:00.000Z',
    not_after: '2029-01-01T00:00:00.000Z',
  },
  chain: ['CN=Mara Lind,O=Nordlicht Studio GmbH,C=DE', 'CN=Example Trust CA 3,O=Example Trust,C=DE'],
  level: 'B-T',
  intact: true,
  covers_whole_file: true,
  changes_after: 'none',
  changes: [],
  trust: 'trusted',
  revocation: 'good',
  signed_at: '2026-11-27T03:40:00.000Z',
  time_stamp: { time: '2026-11-27T03:40:02.000Z', authority: 'CN=Example Time,O=Example Trust', valid: true },
  certify: null,
  reason: 'Approved',
  location: 'Hamburg',
  contact: null,
  problems: [],
  ...changes,
});

const report = (changes: Partial<VerifyReport> = {}): VerifyReport => ({
  ok: true,
  size: 61_204,
  sha256: 'ab'.repeat(32),
  pages: 2,
  version: '1.7',
  claims: ['pdf/a-2b'],
  conformance: [
    {
      standard: 'pdf/a-2b',
      conformant: true,
      violations: [],
      not_checked: ['Whether a language that is named is the one of the text'],
    },
  ],
  signatures: [signature()],
  summary: [],
  ...changes,
});

const spoiled = report({
  ok: false,
  claims: ['pdf/a-2a', 'pdf/ua-1'],
  conformance: [
    { standard: 'pdf/a-2a', conformant: true, violations: [], not_checked: [] },
    {
      standard: 'pdf/ua-1',
      conformant: false,
      violations: [
        {
          standard: 'pdf/ua-1',
          rule: '7.3-1',
          message: 'A picture has no alternative text.',
          page: 2,
          object: 31,
          count: 3,
        },
        {
          standard: 'pdf/ua-1',
          rule: '7.1-10',
          message: 'The document has no title that is shown.',
          page: null,
          object: null,
          count: 1,
        },
      ],
      not_checked: [],
    },
  ],
  signatures: [
    signature({
      intact: false,
      covers_whole_file: false,
      changes_after: 'forbidden',
      changes: ['page 2 shows other text'],
      trust: 'untrusted',
      revocation: 'unknown',
      time_stamp: null,
      level: null,
      certify: 'no-changes',
      problems: ['The digest of the signed bytes is another than the signed one.'],
    }),
    signature({ trust: 'unknown', certify: 'form-filling' }),
    signature({ kind: 'document-timestamp', level: 'B-LTA', reason: null, location: null }),
  ],
});

describe('the verify screen', () => {
  let browser: FeatureBrowser;
  let feature: OpenFeature;
  let page: Page;

  beforeAll(async () => {
    browser = await openFeatureBrowser('features/verify/verify-screen.tsx', 'VerifyScreen');
  }, 120_000);
  afterAll(() => browser[Symbol.asyncDispose]());
  afterEach(async () => {
    await feature[Symbol.asyncDispose]();
    expect(feature.complaints).toEqual([]);
  });

  const open = async (run: StudioHandlers['verify.run'], options?: OpenOptions): Promise<void> => {
    feature = await browser.open({ 'verify.run': run }, options);
    ({ page } = feature);
  };
  const drop = (files: readonly (readonly [name: string, text: string])[]): Promise<void> =>
    page.evaluate((dropped) => {
      const transfer = new DataTransfer();
      for (const [name, text] of dropped) transfer.items.add(new File([text], name));
      const target = document.querySelector('.verify-screen');
      for (const type of ['dragover', 'drop'])
        target?.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
        );
    }, files);
  const card = (name: string) => page.getByRole('article', { name, exact: true });
  const verdict = () => page.getByRole('region', { name: 'Result' });

  it('says what a dropped PDF proves, in words', async () => {
    const seen: string[] = [];
    await open(({ bytes }) => {
      seen.push(new TextDecoder().decode(bytes));
      return report();
    });
    await page.getByRole('heading', { name: 'Drop a PDF here' }).waitFor();
    await feature.picture('verify-empty');
    await drop([['invoice.pdf', '%PDF-1.7 …']]);
    await verdict().getByText('Everything that this file claims is true').waitFor();
    await card('PDF/A-2b').getByText('Conformant').waitFor();
    await card('PDF/A-2b').getByText('1 thing that a program cannot check').click();
    await card('PDF/A-2b').getByText('Whether a language that is named').waitFor();
    const signed = card('Signature by Mara Lind');
    await signed.getByText('PAdES B-T').waitFor();
    await signed.getByText('Nothing was added or changed after it').waitFor();
    await signed.getByText(/27 November 2026.*says Example Time/).waitFor();
    await signed.getByText('Approved').waitFor();
    expect(seen).toEqual(['%PDF-1.7 …']);
  });

  it('names each rule and page that is wrong, and why a signature is not good', async () => {
    await open(() => spoiled);
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({
        name: 'spoiled.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.7'),
      });
    await verdict().getByText('Not everything is right with this file').waitFor();
    await verdict().getByText('It does not meet 1 standard, and 1 signature is not good.').waitFor();
    const standard = card('PDF/UA-1');
    await standard.getByText('2 rules are broken').waitFor();
    await standard.getByText('A picture has no alternative text.').waitFor();
    await standard.getByText('Page 2').waitFor();
    await standard.getByText('3 times').waitFor();
    const [broken, open_] = [card('Signature by Mara Lind').nth(0), card('Signature by Mara Lind').nth(1)];
    await broken.getByText('Broken', { exact: true }).waitFor();
    await broken.getByText('page 2 shows other text').waitFor();
    await broken.getByText('The digest of the signed bytes').waitFor();
    await open_.getByText('Unknown: no certificate was given that could tell').waitFor();
    await card('Time stamp of the document by Mara Lind').waitFor();
  });

  it('takes certificates that are trusted, as PEM or DER, and asks again with them', async () => {
    const roots: (readonly string[])[] = [];
    await open((input) => {
      roots.push(input.roots ?? []);
      return report({
        signatures: [signature({ trust: input.roots === undefined ? 'unknown' : 'trusted' })],
      });
    });
    await drop([['a.pdf', '%PDF-1.7']]);
    await verdict().getByText('Nothing is wrong, but who signed is not proven').waitFor();
    await drop([['root.pem', PEM]]);
    await verdict().getByText('Everything that this file claims is true').waitFor();
    await drop([['windows.cer', '0\u0001']]);
    await vi.waitFor(() => expect(roots).toHaveLength(3));
    expect(roots[1]).toEqual([PEM]);
    expect(roots[2]?.[1]).toBe('-----BEGIN CERTIFICATE-----\nMAE=\n-----END CERTIFICATE-----\n');
    await page.getByRole('button', { name: 'Trust windows.cer no more' }).click();
    await page.getByRole('button', { name: 'Trust root.pem no more' }).click();
    await verdict().getByText('Nothing is wrong, but who signed is not proven').waitFor();
  });

  it('checks another standard when that is asked for', async () => {
    const asked: unknown[] = [];
    await open(({ standard }) => {
      asked.push(standard ?? null);
      const conformance =
        standard == null ? [] : [{ standard: 'pdf/a-3b', conformant: true, violations: [], not_checked: [] }];
      return report({ claims: [], signatures: [], conformance });
    });
    await drop([['plain.pdf', '%PDF-1.7']]);
    await verdict().getByText('There is nothing here to be proven').waitFor();
    await page.getByRole('combobox', { name: 'Standards to check' }).selectOption('pdf/a-3b');
    await card('PDF/A-3b').getByText('as you asked; the file does not claim it').waitFor();
    expect(asked).toEqual([null, 'pdf/a-3b']);
  });

  it('says what is wrong with a file that cannot be read, and goes on with the next', async () => {
    let isBroken = true;
    await open(() => {
      if (isBroken)
        throw new InfluxionError('PDF_DAMAGED', 'This is not a PDF.', { hint: 'Choose another file.' });
      return report();
    });
    await drop([['letter.docx', 'PK']]);
    await page.getByText('letter.docx could not be verified').waitFor();
    await page.getByText('Choose another file.').waitFor();
    isBroken = false;
    await drop([['letter.pdf', '%PDF-1.7']]);
    await verdict().waitFor();
    expect(await page.getByText('could not be verified').count()).toBe(0);
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
    it.each([
      ['small', 1280, 800],
      ['large', 1920, 1080],
    ] as const)('has no fault of accessibility, %s', async (size, width, height) => {
      await open(({ roots }) => (roots === undefined ? spoiled : report()), { scheme, width, height });
      await drop([['spoiled.pdf', '%PDF-1.7']]);
      await verdict().getByText('Not everything is right').waitFor();
      await page.getByText('Certificate', { exact: true }).first().click();
      await feature.picture(`verify-bad-${size}-${scheme}`);
      expect(await accessibilityViolations(page)).toEqual([]);
      await drop([['root.pem', PEM]]);
      await verdict().getByText('Everything').waitFor();
      await feature.picture(`verify-good-${size}-${scheme}`);
      expect(await accessibilityViolations(page)).toEqual([]);
    });
  });
});
