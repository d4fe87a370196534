/**
 * Finds where a text stops being JSON (RFC 8259). V8's SyntaxError tells a position for some faults only and none for
 * the end of the input; a person needs line and column for each. Without recursion, so that no depth overflows.
 */
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
const NOT_JSON_BUT_COMMON = /(?:NaN|-?Infinity|undefined|None|True|False|'|\/\/|\/\*)/y;

export interface JsonFault {
  /** Index of the first character that does not fit. */
  readonly offset: number;
  /** What is wrong there, as the end of a sentence. */
  readonly problem: string;
}

const matchAt = (pattern: RegExp, text: string, offset: number): string | undefined => {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
};

function unexpected(text: string, offset: number, wanted: string): JsonFault {
  if (offset >= text.length) return { offset, problem: `the text ends where ${wanted} should be` };
  const common = matchAt(NOT_JSON_BUT_COMMON, text, offset);
  if (common === "'") return { offset, problem: 'strings stand in double quotes in JSON' };
  if (common === '//' || common === '/*') return { offset, problem: 'JSON has no comments' };
  const found = common ?? String.fromCodePoint(text.codePointAt(offset) ?? 0);
  return { offset, problem: `found ${JSON.stringify(found)} where ${wanted} should be` };
}

function skipSpace(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && ' \t\n\r'.includes(text.charAt(offset))) offset += 1;
  return offset;
}

/** The offset after the string that starts at `from`, or its fault. */
function skipString(text: string, from: number): number | JsonFault {
  let offset = from + 1;
  while (offset < text.length) {
    const char = text.charAt(offset);
    if (char === '"') return offset + 1;
    if (char < ' ') return { offset, problem: 'a string must not contain a line break or control character' };
    if (char === '\\') {
      const escape = matchAt(ESCAPE, text, offset);
      if (escape === undefined) return { offset, problem: 'this escape sequence does not exist in JSON' };
      offset += escape.length;
    } else {
      offset += 1;
    }
  }
  return { offset: from, problem: 'this string is never closed' };
}

const CLOSER = { '{': '}', '[': ']' } as const;

/** Undefined when the text is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let offset = skipSpace(text, 0);
  let wanted: 'value' | 'key' | 'value or end' | 'key or end' | 'comma or end' = 'value';

  const skip = (result: number | JsonFault): JsonFault | undefined => {
    if (typeof result !== 'number') return result;
    offset = skipSpace(text, result);
    return undefined;
  };

  for (;;) {
    const char = text.charAt(offset);
    const parent = open.at(-1);

    if (wanted === 'comma or end') {
      if (parent === undefined) {
        return offset < text.length ? unexpected(text, offset, 'the end of the data') : undefined;
      }
      if (char === ',') {
        skip(offset + 1);
        wanted = parent === '{' ? 'key' : 'value';
      } else if (char === CLOSER[parent]) {
        open.pop();
        skip(offset + 1);
      } else {
        return unexpected(text, offset, `"," or "${CLOSER[parent]}"`);
      }
      continue;
    }

    if (wanted.endsWith('or end') && parent !== undefined && char === CLOSER[parent]) {
      open.pop();
      skip(offset + 1);
      wanted = 'comma or end';
      continue;
    }

    if (wanted === 'key' || wanted === 'key or end') {
      if (char !== '"') return unexpected(text, offset, 'a name in double quotes');
      const fault = skip(skipString(text, offset));
      if (fault) return fault;
      if (text.charAt(offset) !== ':') return unexpected(text, offset, '":"');
      skip(offset + 1);
      wanted = 'value';
      continue;
    }

    if (char === '{' || char === '[') {
      open.push(char);
      skip(offset + 1);
      wanted = char === '{' ? 'key or end' : 'value or end';
    } else if (char === '"') {
      const fault = skip(skipString(text, offset));
      if (fault) return fault;
      wanted = 'comma or end';
    } else {
      const scalar = matchAt(SCALAR, text, offset);
      if (scalar === undefined) return unexpected(text, offset, 'a value');
      skip(offset + scalar.length);
      wanted = 'comma or end';
    }
  }
}
