import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { studioRoutes } from '../../../contract/studio/table.ts';
import { DocumentRenderer } from '../../../core/templates/render-document.ts';
import { DEFAULT_RENDER_LIMITS } from '../../../core/templates/render-protocol.ts';
import { zipOf } from '../../support/template-folders.ts';
import { workspaceWorld, type WorkspaceWorld } from '../../support/template-workspace-world.ts';

const FILES = {
  'invoice/template.html': '<h1>{{title}}</h1>',
  'invoice/influxion.json': '{"description":"d","name":"Invoice","options":{"page_size":"A5"},"own":1}',
  'invoice/samples/one.json': '{}',
  'invoice/assets/a.png': 'png',
  'plain/template.html': 'plain',
};

let world: WorkspaceWorld;

beforeEach(async () => {
  world = await workspaceWorld({ files: FILES });
});
afterEach(() => world.close());

const ids = async (): Promise<string[]> => {
  const listed = await world.call('templates.list', {});
  return studioRoutes['templates.list'].output.parse(listed).templates.map(({ id }) => id);
};
const onDisk = (path: string): Promise<string> => readFile(join(world.folder, path), 'utf8');
const manifest = async (id: string): Promise<unknown> => JSON.parse(await onDisk(`${id}/influxion.json`));

describe('a new template', () => {
  it('renders with its sample and without any data, and has nothing wrong', async () => {
    const { id } = await world.call('templates.create', { name: 'Über “Ärger” & more' });
    expect(id).toBe('uber-arger-more');
    const { summary, files } = await world.call('templates.open', { id });
    expect(summary).toMatchObject({ name: 'Über “Ärger” & more', samples: ['default'], problem: null });
    const text = (path: string): string => files.find((file) => file.path === path)?.text ?? '';
    const render = (data: string) =>
      new DocumentRenderer(DEFAULT_RENDER_LIMITS).render({
        sources: {
          html: text('template.html'),
          css: text('style.css'),
          header: undefined,
          footer: undefined,
          partials: { row: text('partials/row.hbs') },
        },
        data,
        locale: 'en-GB',
        timeZone: 'UTC',
        strict: false,
      });
    const { html } = await render(text('samples/default.json'));
    expect(html).toContain('<h1>Über “Ärger” &amp; more</h1>');
    for (const fact of ['15 January 2026', '€120.00', '€79.50', '€199.50']) expect(html).toContain(fact);
    await render('{}');
  });

  it('has a folder of its own, whatever the name is written in', async () => {
    expect((await world.call('templates.create', { name: '发票' })).id).toBe('template');
    expect((await world.call('templates.create', { name: 'Ελλάδα' })).id).toBe('template-2');
    expect((await world.failure('templates.create', { name: 'INVOICE!' })).code).toBe('TEMPLATE_EXISTS');
    expect(await ids()).toEqual(['invoice', 'plain', 'template', 'template-2']);
  });

  it('does not differ from a folder that is there by letter case only', async () => {
    await world.write('Brief/template.html', 'x');
    expect((await world.failure('templates.create', { name: 'brief' })).code).toBe('TEMPLATE_EXISTS');
    expect((await world.call('templates.rename', { id: 'Brief', name: 'brief' })).id).toBe('brief');
    expect(await ids()).toEqual(['brief', 'invoice', 'plain']);
  });
});

describe('copying and naming', () => {
  it('copies all files and gives the copy its name', async () => {
    expect(await world.call('templates.duplicate', { id: 'invoice', name: 'Bill' })).toEqual({ id: 'bill' });
    expect(await readdir(join(world.folder, 'bill'), { recursive: true })).toEqual(
      await readdir(join(world.folder, 'invoice'), { recursive: true }),
    );
    expect(await manifest('bill')).toEqual({ ...((await manifest('invoice')) as object), name: 'Bill' });
    const failed = await world.failure('templates.duplicate', { id: 'invoice', name: 'bill' });
    expect([failed.code, failed.details.hint]).toEqual(['TEMPLATE_EXISTS', 'Choose another name.']);
  });

  it('renames the folder and what people see, and nothing else', async () => {
    expect(await world.call('templates.rename', { id: 'invoice', name: 'Big Bill' })).toEqual({
      id: 'big-bill',
    });
    expect(await manifest('big-bill')).toEqual({
      name: 'Big Bill',
      description: 'd',
      options: { page_size: 'A5' },
      own: 1,
    });
    expect(await world.call('templates.rename', { id: 'plain', name: 'PLAIN' })).toEqual({ id: 'plain' });
    expect(await manifest('plain')).toEqual({ name: 'PLAIN' });
    expect(await world.call('templates.rename', { id: 'plain', name: '发票' })).toEqual({ id: 'plain' });
    expect(await ids()).toEqual(['big-bill', 'plain']);
    const taken = await world.failure('templates.rename', { id: 'plain', name: 'Big Bill' });
    expect(taken.code).toBe('TEMPLATE_EXISTS');
    expect(await manifest('plain')).toEqual({ name: '发票' });
  });

  it('leaves a manifest alone that nobody can read', async () => {
    await world.write('plain/influxion.json', '{ broken');
    await world.call('templates.rename', { id: 'plain', name: 'Other' });
    expect(await onDisk('other/influxion.json')).toBe('{ broken');
  });
});

describe('deleting', () => {
  it('puts a template into the bin, from where it comes back whole, after a restart too', async () => {
    const { bin_id } = await world.call('templates.remove', { id: 'invoice' });
    expect(await ids()).toEqual(['plain']);
    await world.restart();
    expect(await world.call('templates.restore', { bin_id })).toEqual({ id: 'invoice' });
    expect(await onDisk('invoice/assets/a.png')).toBe('png');
    expect((await world.failure('templates.restore', { bin_id })).code).toBe('TEMPLATE_NOT_FOUND');
    expect(world.told).toEqual([null, null]);
  });
});

it('clears the bin of what is older than 30 days, and its history with it', async () => {
  const { files } = await world.call('templates.open', { id: 'plain' });
  const base = files[0]?.revision ?? null;
  await world.call('templates.write', { id: 'plain', path: 'template.html', text: 'new', base });
  const { bin_id } = await world.call('templates.remove', { id: 'plain' });
  expect((await world.call('history.list', { id: bin_id })).snapshots).toHaveLength(1);
  world.advance(31 * 86_400_000);
  await world.restart();
  // The sweep of the start is under way; closing waits for it.
  await world.restart();
  expect((await world.call('history.list', { id: bin_id })).snapshots).toEqual([]);
  expect((await world.failure('templates.restore', { bin_id })).code).toBe('TEMPLATE_NOT_FOUND');
});

describe('zips', () => {
  it('hands a template on and takes it in again under another name', async () => {
    const { filename, bytes } = await world.call('templates.export', { id: 'invoice' });
    expect(filename).toBe('invoice.zip');
    expect((await world.failure('templates.import', { bytes })).code).toBe('TEMPLATE_EXISTS');
    expect(await world.call('templates.import', { bytes, name: 'My Second' })).toEqual({ id: 'my-second' });
    expect(await onDisk('my-second/assets/a.png')).toBe('png');
  });

  it('keeps the texts of what an import replaces', async () => {
    const bytes = new Uint8Array(await zipOf({ 'invoice/template.html': 'new' }));
    await world.call('templates.import', { bytes, replace: true });
    expect(await onDisk('invoice/template.html')).toBe('new');
    expect(await readdir(world.folder)).toEqual(['invoice', 'plain']);
    const { snapshots } = await world.call('history.list', { id: 'invoice' });
    expect(snapshots.map(({ path }) => path).sort()).toEqual([
      'influxion.json',
      'samples/one.json',
      'template.html',
    ]);
  });

  it('does not touch what is there when the zip is no template', async () => {
    const bytes = new Uint8Array(await zipOf({ 'invoice/style.css': 'x' }));
    const failed = await world.failure('templates.import', { bytes, name: 'invoice', replace: true });
    expect(failed.code).toBe('TEMPLATE_INVALID');
    expect((await world.call('history.list', { id: 'invoice' })).snapshots).toEqual([]);
    expect(await onDisk('invoice/template.html')).toBe('<h1>{{title}}</h1>');
  });
});

it('explains every helper to the editor', async () => {
  const { helpers } = studioRoutes['templates.helpers'].output.parse(
    await world.call('templates.helpers', {}),
  );
  expect(helpers.find(({ name }) => name === 'each')).toMatchObject({ isBlock: true });
  const currency = helpers.find(({ name }) => name === 'currency');
  expect(currency).toMatchObject({ isBlock: false });
  expect(currency?.summary).not.toBe('');
});
