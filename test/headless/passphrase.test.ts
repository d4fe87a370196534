import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { askPassphrase, canAsk, type Terminal } from '../../headless/passphrase.ts';

function fakeTerminal(): Terminal & {
  readonly shown: () => string;
  readonly modes: boolean[];
  readonly input: PassThrough;
} {
  let shown = '';
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => modes.push(raw),
  });
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      shown += chunk.toString();
      done();
    },
  });
  return { input, output, modes, shown: () => shown };
}

it('takes what is typed at a terminal and shows none of it', async () => {
  const terminal = fakeTerminal();
  expect(canAsk(terminal)).toBe(true);
  const asked = askPassphrase('Passphrase: ', terminal);
  for (const typed of ['wrong', '\u0015', 'pä', 'sx', '\u007f', '\u001b[D', 's ✓', '\r'])
    terminal.input.write(typed);
  expect(await asked).toBe('päss ✓');
  expect(terminal.shown()).toBe('Passphrase: \n');
  expect(terminal.modes).toEqual([true, false]);
  expect(terminal.input.listenerCount('data')).toBe(0);
});

it('is broken off by Ctrl+C and by the end of the input, and the terminal echoes again', async () => {
  for (const leave of [(input: PassThrough) => input.write('a\u0003'), (input: PassThrough) => input.end()]) {
    const terminal = fakeTerminal();
    const asked = askPassphrase('Passphrase: ', terminal);
    leave(terminal.input);
    await expect(asked).rejects.toThrow(/No passphrase/);
    expect(terminal.modes.at(-1)).toBe(false);
  }
});

it('asks nobody where there is no terminal', () => {
  expect(canAsk({ input: new PassThrough(), output: new PassThrough() })).toBe(false);
});
