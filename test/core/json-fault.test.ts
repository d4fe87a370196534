import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../core/json-fault.ts';
import { positionOf, showPosition } from '../../headless/source-position.ts';

describe('a text that is not JSON', () => {
  it.each([
    ['', 0, 'the text ends where a value should be'],
    ['{"a": 1', 7, 'the text ends where "," or "}" should be'],
    ['{"a": NaN}', 6, 'found "NaN" where a value should be'],
    ['{"a": undefined}', 6, 'found "undefined"'],
    ["{'a': 1}", 1, 'double quotes'],
    ['{"a": 1,}', 8, 'a name in double quotes'],
    ['[1, 2,]', 6, 'a value'],
    ['{"a" 1}', 5, '":"'],
    ['{"a": 1} x', 9, 'the end of the data'],
    ['[1 2]', 3, '"," or "]"'],
    ['{"a": 01}', 7, '"," or "}"'],
    ['["tab\there"]', 5, 'control character'],
    ['["\\x"]', 2, 'escape'],
    ['["open', 1, 'never closed'],
    ['// no', 0, 'no comments'],
    ['[1e]', 2, '"," or "]"'],
  ])('%j: fault at %d', (text, offset, problem) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    const fault = findJsonFault(text);
    expect(fault?.offset).toBe(offset);
    expect(fault?.problem).toContain(problem);
  });

  it('finds a fault below 100,000 levels, where a recursive scanner would overflow', () => {
    expect(findJsonFault('['.repeat(100_000))?.offset).toBe(100_000);
  });
});

it.each(['{}', ' [] ', '0', '-1.5e+3', '"\\u00e9 \u2028"', '{"a":{"b":[true,false,null,{}]},"":""}'])(
  'accepts %j as JSON.parse does',
  (text) => {
    JSON.parse(text);
    expect(findJsonFault(text)).toBeUndefined();
  },
);

describe('the place of a fault', () => {
  it('counts lines and columns from 1, with any line end', () => {
    expect(positionOf('a\r\nbc\r\nd', 4)).toEqual({ line: 2, column: 2, sourceLine: 'bc' });
    expect(positionOf('', 0)).toEqual({ line: 1, column: 1, sourceLine: '' });
    expect(positionOf('a\n', 2)).toEqual({ line: 2, column: 1, sourceLine: '' });
  });

  it('puts the caret below the column, behind tabs and in a line of 10,000 characters', () => {
    expect(showPosition({ line: 7, column: 2, sourceLine: '\tx' })).toBe(' 7 | \tx\n   | \t^');
    const [shown = '', caret = ''] = showPosition({
      line: 1,
      column: 5001,
      sourceLine: `${'a'.repeat(5000)}!${'b'.repeat(5000)}`,
    }).split('\n');
    expect(shown.length).toBeLessThan(120);
    expect(shown[caret.indexOf('^')]).toBe('!');
  });
});
