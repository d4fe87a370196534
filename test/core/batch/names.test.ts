import { describe, expect, test } from 'vitest';
import { createNamer, nameKey, safeFileName } from '../../../core/batch/names/document-name.ts';
import { openBatchWorld, OWNER } from '../../support/batch-world.ts';
import { temporaryFolder } from '../../support/job-temporary-folder.ts';

describe('safe on every file system', () => {
  for (const [text, name] of [
    ['Invoice 7', 'Invoice 7.pdf'],
    ['Invoice 7.PDF', 'Invoice 7.pdf'],
    ['../../etc/passwd', '_.._etc_passwd.pdf'],
    ['C:\\Windows\\system32', 'C__Windows_system32.pdf'],
    ['CON', '_CON.pdf'],
    ['con.txt', '_con.txt.pdf'],
    ['LPT1', '_LPT1.pdf'],
    ['a\u0000b\nc\u202Ed', 'a_b_c_d.pdf'],
    ['. . .', 'document.pdf'],
    ['', 'document.pdf'],
    ['name. ', 'name.pdf'],
    ['<>:"|?*', '_______.pdf'],
    ['\uD800half', '_half.pdf'],
  ] as const) {
    test(JSON.stringify(text), () => {
      expect(safeFileName(text, '.pdf').replace('\uFFFD', '_')).toBe(name);
    });
  }

  test('300 characters are cut between characters, emoji of many parts too', () => {
    const name = safeFileName('👩‍👩‍👧‍👦'.repeat(300), '.pdf');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(190);
    expect(name).not.toMatch(/[\uD800-\uDFFF]/u);
    expect(safeFileName('ü'.repeat(300), '.pdf')).toMatch(/^ü{90}\.pdf$/);
  });
});

test('the pattern takes places of the data and the number of the row', () => {
  const name = createNamer('{{@row}} {{ customer.name }}-{{items.[0].sku}}{{items.1.sku}}.pdf');
  const data = { customer: { name: 'A/B' }, items: [{ sku: 'x' }, { sku: 2 }] };
  expect(name(data, 12)).toEqual({ name: '12 A_B-x2.pdf' });
  expect(name({ customer: {}, items: [] }, 1)).toEqual({
    problem: '{{ customer.name }}: there is nothing for the name of the document.',
  });
});

for (const pattern of ['{{#if a}}x{{/if}}', '{{a b}}', '{{a', 'a}}', '{{}}']) {
  test(`a pattern that is more than places: ${pattern}`, () => {
    expect(() => createNamer(pattern)).toThrow(/pattern of the names/);
  });
}

test('names that some file system takes for the same are numbered in the order of the rows', async () => {
  const names = ['Ada', 'ADA', 'Ada', 'Ada (2)', 'e\u0301', '\u00e9'];
  const ask = async (): Promise<(string | null)[]> => {
    await using world = await openBatchWorld({ folder: temporaryFolder() });
    const { id } = await world.start({ rows: { inline: names.map((name) => ({ name })) }, name: '{{name}}' });
    await world.until(id, 'done');
    return world.batches.rows(id, { limit: 10 }, OWNER).map(({ name }) => name);
  };
  const first = await ask();
  expect(first).toEqual(['Ada.pdf', 'ADA (2).pdf', 'Ada (3).pdf', 'Ada (2) (2).pdf', 'é.pdf', 'é (2).pdf']);
  expect(new Set(first.map((name) => nameKey(name ?? ''))).size).toBe(names.length);
  expect(await ask()).toEqual(first);
});
