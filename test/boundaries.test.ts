/** The one-way arrows between the layers, and that the tools which hold them would notice. */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const run = promisify(execFile);

interface Failed {
  readonly stdout: string;
  readonly stderr: string;
}

const outputOfFailure = (error: unknown): string => {
  const { stdout, stderr } = error as Failed;
  return `${stdout}${stderr}`;
};

describe('core and headless', () => {
  const GUARD = path.join(ROOT, 'test/support/forbid-electron.ts');
  const load = (files: readonly string[]) => {
    const imports = files.map((file) => `await import(${JSON.stringify(path.join(ROOT, file))});`).join('\n');
    return run(
      process.execPath,
      ['--import', GUARD, '--input-type=module', '--eval', `${imports}\nprocess.exit(0);`],
      {
        cwd: ROOT,
      },
    );
  };

  it('load in plain Node where Electron does not exist', async () => {
    // The entries of a process or a worker act as soon as they are loaded; all they use is loaded here.
    const files = globSync('{contract,core,headless}/**/*.ts', { cwd: ROOT }).filter(
      (file) => !/-worker\.ts$|\.d\.ts$|headless\/(launcher|influxion)\.ts$/.test(file),
    );
    expect(files.length).toBeGreaterThan(60);
    await load(files);
  });

  it('would fail to load if one of them imported it', async () => {
    const output = await load(['main/studio-window.ts']).catch(outputOfFailure);
    expect(output).toContain('electron is imported by');
  });
});

/** A file that must not be, and the rule that must say so. */
const PLANTED: Record<string, { readonly file: string; readonly text: string }> = {
  'core-knows-no-host': { file: 'core/planted.ts', text: `import '../headless/planted-target.ts';` },
  'core-and-headless-without-electron-react-dom': {
    file: 'headless/planted-electron.ts',
    text: `import type { App } from 'electron';\nexport type Planted = App;`,
  },
  'contract-stands-alone': { file: 'contract/planted.ts', text: `import '../core/planted-target.ts';` },
  'main-over-core': { file: 'main/planted.ts', text: `import '../headless/planted-target.ts';` },
  'renderer-over-contract': { file: 'renderer/planted.ts', text: `import '../core/planted-target.ts';` },
  'renderer-without-node': { file: 'renderer/planted-node.ts', text: `import 'node:fs';` },
  'preload-is-a-bridge': { file: 'preload/planted.ts', text: `import '../core/planted-target.ts';` },
  'preload-takes-types-only': {
    file: 'preload/planted-value.ts',
    text: `import '../contract/planted-target.ts';`,
  },
  'features-do-not-know-each-other': {
    file: 'renderer/features/a/planted.ts',
    text: `import '../b/planted-target.ts';`,
  },
  'product-without-tools': { file: 'core/planted-test.ts', text: `import '../test/planted-target.ts';` },
  'no-cycles': { file: 'core/planted-cycle-a.ts', text: `import './planted-cycle-b.ts';` },
  'no-orphans': { file: 'core/planted-orphan.ts', text: `export const alone = true;` },
  resolves: { file: 'core/planted-missing.ts', text: `import './nowhere.ts';` },
};

const TARGETS: Record<string, string> = {
  'headless/planted-target.ts': 'export {};',
  'core/planted-target.ts': 'export {};',
  'contract/planted-target.ts': 'export {};',
  'test/planted-target.ts': 'export {};',
  'renderer/features/b/planted-target.ts': 'export {};',
  'core/planted-cycle-b.ts': `import './planted-cycle-a.ts';`,
};

describe('the boundary check', () => {
  let world: string;
  const cruise = (cwd: string): Promise<{ stdout: string }> =>
    run(
      process.execPath,
      [
        path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        path.join(ROOT, '.dependency-cruiser.json'),
        '--no-cache',
        ...['contract', 'core', 'headless', 'main', 'preload', 'renderer', 'test'],
      ],
      { cwd, maxBuffer: 2 ** 24 },
    );

  let output: string;
  beforeAll(async () => {
    world = await mkdtemp(path.join(tmpdir(), 'influxion-planted-'));
    await symlink(path.join(ROOT, 'node_modules'), path.join(world, 'node_modules'), 'junction');
    const files = {
      ...TARGETS,
      ...Object.fromEntries(Object.values(PLANTED).map(({ file, text }) => [file, text])),
    };
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(world, file)), { recursive: true });
      await writeFile(path.join(world, file), text);
    }
    await writeFile(
      path.join(world, 'package.json'),
      '{ "type": "module", "devDependencies": { "electron": "*" } }',
    );
    output = await cruise(world).then(({ stdout }) => stdout, outputOfFailure);
  });
  afterAll(() => rm(world, { recursive: true }));

  for (const [rule, { file }] of Object.entries(PLANTED)) {
    it(`reports a breach of ${rule}`, () => {
      expect(output).toContain(`${rule}: ${file}`);
    });
  }

  it('finds none in the sources', async () => {
    const { stdout } = await cruise(ROOT);
    expect(stdout).toContain('no dependency violations found');
  });
});
