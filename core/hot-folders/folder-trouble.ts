/** What the file system says of a hot folder, in words for its owner. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there: the drive may be off, or the folder was moved',
  ENOTDIR: 'is not there: something else has its name',
  EACCES: 'cannot be read or written by this user',
  EPERM: 'cannot be read or written by this user',
  EROFS: 'is on a drive that is read only',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk that is full',
  EIO: 'is on a drive that reports errors',
  ESTALE: 'is on a network drive that is gone',
  EHOSTDOWN: 'is on a network drive that is gone',
  ENOTCONN: 'is on a network drive that is gone',
  ETIMEDOUT: 'is on a network drive that does not answer',
};

/** Undefined for an error that says nothing about files. */
export function describeTrouble(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return undefined;
  return `The folder ${WORDS[code] ?? `cannot be used (${code})`}. Its files stay; it is looked at again by itself.`;
}
