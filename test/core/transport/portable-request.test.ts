/** What a worker gets makes the same document without this host's library. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenerateRequest } from '../../../contract/job.ts';
import { portableRequest } from '../../../core/document/portable-request.ts';
import { prepareDocument } from '../../../core/document/prepare-document.ts';
import { createTemplateLibrary } from '../../../core/templates/library.ts';
import type { TemplateLibrary } from '../../../core/templates/template.ts';
import { silentLogger } from '../../support/job-world.ts';
import { libraryWorld, type LibraryWorld } from '../../support/template-folders.ts';

const MANIFEST = {
  options: { page_size: 'A5', locale: 'de' },
  pdf_standard: ['pdf/a-3b', 'pdf/ua-1'],
  metadata: { author: 'The template' },
  attachments: [
    { filename: 'factur-x.xml', partial: 'invoice.xml', profile: 'factur-x' },
    { filename: 'terms.txt', file: 'assets/terms.txt', relationship: 'Supplement' },
  ],
};

let world: LibraryWorld;
let library: TemplateLibrary;
let empty: TemplateLibrary;
beforeAll(async () => {
  world = await libraryWorld({
    'invoice/template.html': '<p>{{> line}}</p><img src="assets/logo.svg">',
    'invoice/style.css': 'p { color: red }',
    'invoice/partials/line.hbs': '{{text}}',
    'invoice/partials/invoice.xml.hbs': '<Invoice>{{total}}</Invoice>',
    'invoice/assets/logo.svg': '<svg/>',
    'invoice/assets/terms.txt': 'Terms',
    'invoice/fonts/a.woff2': 'font',
    'invoice/beside.png': 'png',
    'invoice/samples/secret.json': '{"total": 1}',
    'invoice/influxion.json': JSON.stringify(MANIFEST),
  });
  library = createTemplateLibrary({ folder: world.folder, logger: silentLogger });
  empty = createTemplateLibrary({ folder: world.outside, logger: silentLogger });
});
afterAll(() => world.remove());

describe('a request without the library', () => {
  it('carries template, style sheet, partials, assets, options and defaults, and is a valid request', async () => {
    const { request } = await portableRequest(library, {
      html_template: { id: 'invoice' },
      metadata: { title: 'Mine' },
      options: { landscape: true },
      assets: {
        'assets/logo.svg': Buffer.from('<svg id="own"/>').toString('base64'),
        'partials/line.hbs': Buffer.from('{{upper text}}').toString('base64'),
      },
    });
    expect(GenerateRequest.safeParse(request).error).toBeUndefined();
    expect(Object.keys(request.assets ?? {}).sort()).toEqual([
      'assets/logo.svg',
      'assets/terms.txt',
      'beside.png',
      'fonts/a.woff2',
      'partials/invoice.xml.hbs',
      'partials/line.hbs',
      'style.css',
    ]);
    const there = await prepareDocument(empty, request);
    const here = await prepareDocument(library, {
      html_template: { id: 'invoice' },
      metadata: { title: 'Mine' },
      options: { landscape: true },
    });
    expect(there.template.html).toBe(here.template.html);
    expect(there.css).toBe('p { color: red }');
    expect(there.options).toEqual(here.options);
    expect(there.partials).toEqual({ line: '{{upper text}}', 'invoice.xml': '<Invoice>{{total}}</Invoice>' });
    expect(there.settings).toMatchObject({
      standards: here.settings.standards,
      metadata: here.settings.metadata,
    });
    expect(Buffer.from((await there.assets('assets/logo.svg'))?.bytes ?? []).toString()).toBe(
      '<svg id="own"/>',
    );
    expect(there.settings.attachments).toEqual([
      { filename: 'factur-x.xml', profile: 'factur-x', partial: 'invoice.xml' },
      { filename: 'terms.txt', relationship: 'Supplement', content: Buffer.from('Terms').toString('base64') },
    ]);
  });

  it('says of an attached file that is missing what the host itself would say', async () => {
    await world.write('broken/template.html', 'x');
    await world.write(
      'broken/influxion.json',
      JSON.stringify({ attachments: [{ filename: 'a.txt', file: 'assets/a.txt' }] }),
    );
    await expect(portableRequest(library, { html_template: { id: 'broken' } })).rejects.toMatchObject({
      code: 'ATTACHMENT_INVALID',
    });
  });
});
