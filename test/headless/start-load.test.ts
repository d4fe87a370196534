import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { expect, it } from 'vitest';
import { headlessBundle } from '../../scripts/bundles.ts';

/** The sources that are read and compiled before a module of a bundle runs. */
function loadedBefore({ outputs }: Metafile, source: string): string[] {
  const first = Object.entries(outputs).find(([, { inputs }]) => Object.hasOwn(inputs, source))?.[0];
  const chunks = new Set(first === undefined ? [] : [first]);
  for (const chunk of chunks) {
    for (const { path, kind } of outputs[chunk]?.imports ?? [])
      if (kind === 'import-statement') chunks.add(path);
  }
  return [...chunks].flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}));
}

it('loads neither the checker of the workers nor the client of a broker into a host that starts (10 MB and 40 ms)', async () => {
  const { metafile } = await build({
    ...headlessBundle(join(tmpdir(), 'influxion-never-written')),
    metafile: true,
    write: false,
  });
  const loaded = loadedBefore(metafile, 'headless/serve.ts');
  expect(loaded).toContain('core/services.ts');
  expect(loaded.filter((file) => /core\/pdf\/standards\/check\/|node_modules\/amqplib\//.test(file))).toEqual(
    [],
  );
  const bundles = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  expect(bundles.filter(({ path, kind }) => path === 'node:http' && kind === 'import-statement')).toEqual([]);
});
