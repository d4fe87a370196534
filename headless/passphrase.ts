/**
 * The passphrase of a key file: from a file, the environment or the keyboard. Never an argument, which every user of the
 * machine could read in the list of processes.
 */
import type { Readable, Writable } from 'node:stream';
import { InfluxionError } from '../core/error.ts';
import { readText } from './read-input.ts';

export const PASSPHRASE_VARIABLE = 'INFLUXION_KEY_PASSPHRASE';

/** What was given without asking; the line break at the end of a file does not count. */
export async function givenPassphrase(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (file === undefined) return env[PASSPHRASE_VARIABLE];
  return (await readText(file, 'passphrase file')).replace(/\r?\n$/, '');
}

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly output: Writable;
}

const CONTROL = { c: '\u0003', d: '\u0004', u: '\u0015' } as const;
const ESCAPE_SEQUENCE = /\u001b(?:\[[\d;]*[A-Za-z~]|O[A-Z]|.)/g;

/** Whether there is somebody to ask. */
export const canAsk = ({ input }: Terminal): boolean =>
  input.isTTY === true && input.setRawMode !== undefined;

/** Asks at the terminal and shows nothing of what is typed. Errors: BAD_REQUEST when it is broken off. */
export async function askPassphrase(question: string, { input, output }: Terminal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const typed: string[] = [];
  const brokenOff = (): void => {
    reject(new InfluxionError('BAD_REQUEST', 'No passphrase was given.'));
  };
  const take = (chunk: Buffer | string): void => {
    for (const character of chunk.toString().replace(ESCAPE_SEQUENCE, '')) {
      if (character === '\r' || character === '\n') resolve(typed.join(''));
      else if (character === CONTROL.c || character === CONTROL.d) brokenOff();
      else if (character === CONTROL.u) typed.length = 0;
      else if (character === '\u007f' || character === '\b') typed.pop();
      else typed.push(character);
    }
  };
  output.write(question);
  input.setRawMode?.(true);
  input.on('data', take);
  input.once('end', brokenOff);
  input.resume();
  try {
    return await promise;
  } finally {
    input.off('data', take);
    input.off('end', brokenOff);
    input.setRawMode?.(false);
    input.pause();
    output.write('\n');
  }
}
