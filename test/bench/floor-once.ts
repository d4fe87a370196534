/** The floor of a cold start: Node, one browser process, one print, one file. The HTML is made beforehand and not counted. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Floor, type FloorDocument } from './floor.ts';
import { benchCache, floorBrowser } from './floor-browser.ts';

const [name = 'invoice', output = ''] = process.argv.slice(2);
const cached = `${benchCache}/finished-${name}.html`;
if (!existsSync(cached)) {
  const { finishedHtml } = await import('./finished-html.ts');
  await writeFile(cached, (await finishedHtml(name)).html);
}
const document: FloorDocument = { html: readFileSync(cached, 'utf8'), assets: new Map() };
const floor = await Floor.start(await floorBrowser(), 1);
await writeFile(output, await floor.printOnce(document));
await floor.close();
