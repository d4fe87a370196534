/** A fake at the TemplateLibrary port with one template. */
import { InfluxionError } from '../../core/error.ts';
import type { TemplateDetail } from '../../contract/template.ts';
import type { TemplateLibrary } from '../../core/templates/template.ts';

export const ZIP = Buffer.from('PK\u0003\u0004 a zip');

const detail = (id: string): TemplateDetail => ({
  id,
  name: id,
  description: '',
  samples: ['default'],
  updated_at: '2026-03-04T05:06:07.000Z',
  problem: null,
  html: '<p>{{x}}</p>',
  css: '',
  options: {},
  partials: [],
  assets: [],
});

export function createFakeTemplates(): TemplateLibrary {
  const ids = new Set(['invoice']);
  const must = (id: string): void => {
    if (!ids.has(id)) throw new InfluxionError('TEMPLATE_NOT_FOUND', `There is no template "${id}".`);
  };
  const unused = (): never => {
    throw new Error('The HTTP API is not expected to call this');
  };
  return {
    list: () => Promise.resolve([...ids].map(detail)),
    describe: async (id) => {
      await Promise.resolve();
      must(id);
      return detail(id);
    },
    readSample: async (id) => {
      await Promise.resolve();
      must(id);
      return '{"x": 1}';
    },
    importZip: async (zip, { name = 'imported', replace = false }) => {
      await Promise.resolve();
      if (Buffer.compare(zip, ZIP) !== 0) throw new InfluxionError('TEMPLATE_INVALID', 'That is no zip.');
      if (ids.has(name) && !replace) throw new InfluxionError('TEMPLATE_EXISTS', 'It is there already.');
      ids.add(name);
      return name;
    },
    exportZip: async (id) => {
      await Promise.resolve();
      must(id);
      return ZIP;
    },
    remove: async (id) => {
      await Promise.resolve();
      must(id);
      ids.delete(id);
    },
    load: unused,
    loadFile: unused,
    readCss: unused,
    readCssFile: unused,
    seed: unused,
  };
}
