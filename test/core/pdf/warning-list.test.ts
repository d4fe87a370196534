import { expect, it } from 'vitest';
import { WarningList } from '../../../core/pdf/warning-list.ts';

it('says each thing once, fifty things, and how many more (a job row that grows with a hostile document)', () => {
  const list = new WarningList();
  for (let round = 0; round < 3; round += 1) {
    for (let index = 0; index < 80; index += 1) list.add('ASSET_NOT_FOUND', `no ${index}`, `url ${index}`);
  }
  const all = list.all();
  expect(all).toHaveLength(51);
  expect(all[0]).toEqual({ code: 'ASSET_NOT_FOUND', message: 'no 0' });
  expect(all[50]?.message).toBe('There were 30 more warnings.');
  expect(list.isKnown('url 79')).toBe(true);
  expect(list.has('IMAGE_FAILED')).toBe(false);
});

it('cuts a message that a document made endless', () => {
  const list = new WarningList();
  list.add('SCRIPT_ERROR', 'x'.repeat(100_000));
  expect(list.all()[0]?.message.length).toBe(500);
});
