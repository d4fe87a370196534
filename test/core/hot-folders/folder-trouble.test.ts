import { expect, it } from 'vitest';
import { describeTrouble } from '../../../core/hot-folders/folder-trouble.ts';

const fault = (code: string): Error =>
  Object.assign(new Error(`${code}: no, open '/secret/place'`), { code });

it.each([
  ['ENOENT', 'is not there'],
  ['EROFS', 'read only'],
  ['EACCES', 'cannot be read or written'],
  ['ENOSPC', 'full'],
  ['EIO', 'reports errors'],
  ['ESTALE', 'network drive that is gone'],
  ['EXDEV', 'cannot be used (EXDEV)'],
])('%s is told in words, without where it was', (code, words) => {
  const text = describeTrouble(fault(code));
  expect(text).toContain(words);
  expect(text).not.toContain('/secret');
});

it('what is no fault of a file system is not taken for one', () => {
  expect(describeTrouble(new TypeError('x is not a function'))).toBeUndefined();
  expect(describeTrouble(Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeUndefined();
});
