/** The floor as a contender: one page for one client, else two processes with one page each. */
import { serveTasks } from './contender.ts';
import { Floor } from './floor.ts';
import { floorBrowser } from './floor-browser.ts';
import { finishedHtml } from './finished-html.ts';

const browser = await floorBrowser();
const floors = new Map<number, Floor>();
const documents = new Map<string, Awaited<ReturnType<typeof finishedHtml>>>();

serveTasks(async ({ document, count, clients, tagged = false }) => {
  const finished = documents.get(document) ?? (await finishedHtml(document));
  documents.set(document, finished);
  const processes = Math.min(clients, 2);
  const floor = floors.get(processes) ?? (await Floor.start(browser, processes));
  floors.set(processes, floor);
  return floor.run(finished, count, tagged);
});

process.on('disconnect', () => {
  void Promise.all([...floors.values()].map((floor) => floor.close())).then(() => process.exit(0));
});
