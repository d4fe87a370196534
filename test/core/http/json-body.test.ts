/** Bodies that are files for the most part: what is taken from their bytes must be what JSON.parse would have read. */
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../../core/http/json-body.ts';

const file = (byte: number, size = 60_000): string => Buffer.alloc(size, byte).toString('base64');
const ONE = file(1);
const TWO = file(2);
const OTHER_LETTERS = 'a-_.'.repeat(20_000);

const outcome = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a body with files', () => {
  it.each([
    ['an object', `{"assets":{"grün.png":"${ONE}","b":"${TWO}"},"data":{"text":"漢 \u{1F600} \\" \\u00e9"}}`],
    ['an array', `[1,["${ONE}", null,"${TWO}"],{"a":["${ONE}"]}]`],
    ['nothing else', `"${ONE}"`],
    ['a name of the same length', `{"${ONE}" : 1,"a":"${TWO}"}`],
    ['a name that is given twice, deep down', `{"a":{"b":"${ONE}","b":"${TWO}"}}`],
    ['a name that is given again without a file', `{"a":{"b":"${ONE}","b":1}}`],
    ['a name that stands for the prototype', `{"a":{"__proto__":"${ONE}"}}`],
    ['a long text that is no base64', `{"a":"${ONE}","b":"${OTHER_LETTERS}"}`],
    ['a long text of other letters', `{"a":"${ONE}","b":"${'ä€\u{1F600}'.repeat(9_000)}"}`],
    ['a long text with escapes', `{"a":"${ONE}${TWO}","b":"${ONE}\\n\\\\"}`],
    ['texts that end with a backslash', `{"a":"\\\\","b":"${ONE}","c":"\\\\\\""}`],
  ])('%s', (_, text) => {
    const read = parseJsonBody(Buffer.from(text));
    expect(JSON.stringify(read) === JSON.stringify(JSON.parse(text))).toBe(true);
    expect(Object.getPrototypeOf(read)).toBe(Object.getPrototypeOf(JSON.parse(text)));
  });

  it.each([
    ['a control character in a file', `{"a":"${ONE}\n${TWO}"}`],
    ['a missing quote', `{"a":"${ONE}","b":"${TWO}}`],
    ['a missing comma', `{"a":"${ONE}" "b":"${TWO}"}`],
    ['a file that is nobody’s value', `{"a":1,"${ONE}"}`],
    ['text after the end', `{"a":"${ONE}"} x`],
  ])('is refused as JSON.parse does: %s', (_, text) => {
    const told = outcome(() => JSON.parse(text));
    expect(outcome(() => parseJsonBody(Buffer.from(text)))).toBe(
      `The body is not valid JSON: ${String(told)}.`,
    );
  });

  it('is refused when one of its fields is named twice', () => {
    const text = `{"a":"${ONE}","a":"${TWO}"}`;
    expect(outcome(() => parseJsonBody(Buffer.from(text)))).toMatch(/one of its fields twice/);
  });
});
