import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDestination } from '../../../core/batch/destination.ts';
import { diskCalls } from '../../../core/store/durable-file.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

test('what a process that died left of a batch goes, and nothing of another batch or of this process', async () => {
  const folder = temporaryFolder();
  const leave = (name: string): void => writeFileSync(join(folder, name), 'half');
  leave('.influxion-one-4711-3.tmp');
  leave('.influxion-two-4711-3.tmp');
  leave('one.tmp');
  const source = join(temporaryFolder(), 'source.pdf');
  writeFileSync(source, 'whole');
  // The folder is tidied while a document is on its way.
  const entered = Promise.withResolvers<undefined>();
  const going = Promise.withResolvers<undefined>();
  const destination = createDestination(folder, 'one', {
    ...diskCalls,
    async rename(from, to) {
      entered.resolve(undefined);
      await going.promise;
      await rename(from, to);
    },
  });
  const published = destination.publish(source, 'a.pdf');
  await entered.promise;
  await destination.sweep();
  going.resolve(undefined);
  await published;
  expect(readdirSync(folder).sort()).toEqual(['.influxion-two-4711-3.tmp', 'a.pdf', 'one.tmp']);
  expect(readFileSync(join(folder, 'a.pdf'), 'utf8')).toBe('whole');
});

test('a document that is published again leaves nothing beside it (a rename onto a link of the same file does nothing)', async () => {
  const folder = temporaryFolder();
  const source = join(temporaryFolder(), 'source.pdf');
  writeFileSync(source, 'whole');
  const destination = createDestination(folder, 'one');
  await destination.publish(source, 'a.pdf');
  await destination.publish(source, 'a.pdf');
  expect(readdirSync(folder)).toEqual(['a.pdf']);
});
