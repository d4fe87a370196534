import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { cli, temporaryFolder } from '../../support/cli-run.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Report {
  readonly ok: boolean;
  readonly findings: readonly { id: string; state: string; says: string; fix?: string }[];
}

it('really prints a page and reports each finding as JSON, without making a data folder', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  const { code, stdout, stderr } = await cli(['doctor', '--json', '--data', data]);
  const report = JSON.parse(stdout) as Report;
  const byId = new Map(report.findings.map((finding) => [finding.id, finding]));
  expect({ code, stderr, ok: report.ok }).toEqual({ code: 0, stderr: '', ok: true });
  expect(byId.get('engine.print')?.says).toMatch(/Chrome.*printed a page in \d+ ms/);
  expect(byId.get('fonts.scripts')?.says).toMatch(/letters for Latin, Greek, Cyrillic/);
  expect(byId.get('data')?.says).toContain(`${data}, made at the first start`);
  for (const id of ['node', 'sqlite', 'fonts', 'electron', 'disk', 'port'])
    expect(byId.has(id), id).toBe(true);
});

it('ends with 1 when the browser does not start, and says why and what to do', async () => {
  const { code, stdout } = await cli(['doctor', '--browser', '/bin/true']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/✗ Printing .*did not start/);
  expect(stdout).toMatch(/INFLUXION_BROWSER/);
  expect(stdout).toContain('Influxion cannot work here yet.');
});

it('ends with 1 when the data folder cannot be written', async () => {
  const { code, stdout } = await cli(['doctor', '--json', '--data', '/proc/influxion']);
  expect(code).toBe(1);
  const data = (JSON.parse(stdout) as Report).findings.find(({ id }) => id === 'data');
  expect(data).toMatchObject({ state: 'failed' });
});
