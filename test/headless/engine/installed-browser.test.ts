import { accessSync, constants } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { installedBrowsers } from '../../../headless/engine/find-browser.ts';
import { openTestEngine } from '../../support/engine-folders.ts';
import { pdfFacts } from '../../support/engine-pdf-facts.ts';
import { pngAsset, printRequest } from '../../support/engine-requests.ts';

const installed = installedBrowsers(process.env).find((program) => {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** The heart of the contract on whichever whole browser this machine has: other binary, other command line. */
describe.runIf(installed !== undefined)('the CDP engine on an installed browser', () => {
  const world = openTestEngine({ browser: installed ?? '', concurrency: 1 });
  const { engine } = world;
  afterAll(() => world.dispose());

  it('prints a document with assets, header, bookmarks and the shipped fonts', async () => {
    const result = await engine.print(
      printRequest('<h1 style="font-family:Arial">Title</h1><img src="a.png" width="9" height="9">', {
        assets: { 'a.png': pngAsset(3, 3) },
        settings: {
          outline: true,
          headerHtml: '<span style="font-size:9px">head</span>',
          margins: { top: 1, right: 1, bottom: 1, left: 1 },
        },
      }),
    );
    const facts = await pdfFacts(result);
    expect(result.warnings).toEqual([]);
    expect(facts.pages[0]?.images).toBe(1);
    expect(facts.pages[0]?.text.split(' ').sort()).toEqual(['Title', 'head']);
    expect(facts.outline).toEqual(['Title']);
    if (process.platform === 'linux') expect(facts.fonts).toContain('Arimo-Bold');
  });

  it('blocks what a document tries to reach, and runs no script that was not granted', async () => {
    const html =
      '<p id="p">before</p><img src="https://elsewhere.example/x.png"><script>p.textContent="after"</script>';
    const result = await engine.print(printRequest(html));
    expect(new Set(result.warnings.map(({ code }) => code))).toEqual(
      new Set(['REQUEST_BLOCKED', 'SCRIPTS_OFF']),
    );
    expect((await pdfFacts(result)).pages[0]?.text).toBe('before');
  });

  it('runs granted scripts, ends an endless one, and goes on', async () => {
    const html = '<p id="p">before</p><script>p.textContent = "after"</script>';
    const granted = await pdfFacts(await engine.print(printRequest(html, { scripts: true })));
    expect(granted.pages[0]?.text).toBe('after');
    const endless = engine.print(
      printRequest('<script>while (true);</script>', { scripts: true, timeoutMs: 3000 }),
    );
    await expect(endless).rejects.toMatchObject({ code: 'SCRIPT_TIMEOUT' });
    const { pages } = await pdfFacts(await engine.print(printRequest('<p>fine')));
    expect(pages[0]?.text).toBe('fine');
  });
});
