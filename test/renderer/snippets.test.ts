/** The programs that the API's screen offers, as a reader would run them: against the real server, copied as they stand. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LANGUAGES, snippet } from '../../renderer/features/access/snippets.ts';
import { PDF } from '../support/http-job-service.ts';
import { openHttpWorld, type HttpWorld } from '../support/http-world.ts';

const run = promisify(execFile);

describe('the programs for the API', () => {
  let folder: string;
  let world: HttpWorld;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'influxion-snippet-'));
    await writeFile(path.join(folder, 'data.json'), '{"customer": "Ada & “Söhne”"}');
    world = await openHttpWorld();
    world.jobs.instant = PDF;
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const environment = async () => {
    const { client_id: id, client_secret: secret } = await world.client(['pdf']);
    return { ...process.env, INFLUXION_CLIENT_ID: id, INFLUXION_CLIENT_SECRET: secret };
  };

  it.each([
    ['typescript', 'program.ts', process.execPath],
    ['curl', 'program.sh', 'sh'],
    ['python', 'program.py', 'python3'],
  ] as const)('in %s makes the document of a template', async (language, file, command) => {
    await writeFile(path.join(folder, file), snippet(language, { url: world.url, templateId: 'invoice' }));
    await run(command, [file], { cwd: folder, env: await environment() });
    expect(await readFile(path.join(folder, 'document.pdf'))).toEqual(PDF);
    expect(world.jobs.requestOf(1)).toMatchObject({
      html_template: { id: 'invoice' },
      data: { customer: 'Ada & “Söhne”' },
    });
  });

  it('cannot be left by the name of a template', async () => {
    const templateId = `a'; touch owned; echo "$(touch owned)\\`;
    await writeFile(path.join(folder, 'program.sh'), snippet('curl', { url: world.url, templateId }));
    await run('sh', ['program.sh'], { cwd: folder, env: await environment() });
    expect(world.jobs.requestOf(1).html_template).toEqual({ id: templateId });
    for (const language of LANGUAGES) {
      expect(snippet(language, { url: world.url, templateId })).toContain(
        language === 'curl' ? `'\\''` : JSON.stringify(templateId),
      );
    }
  });
});
