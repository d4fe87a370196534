import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CdpClosedError, CdpError } from '../../../core/pdf/page/cdp-session.ts';
import { CdpConnection } from '../../../headless/engine/cdp-connection.ts';
import { dataOf } from '../../../headless/engine/cdp-message.ts';

interface Command {
  readonly id: number;
  readonly method: string;
  readonly sessionId?: string;
}

function wire(): {
  connection: CdpConnection;
  sent: () => Command[];
  receive: (...messages: object[]) => void;
  input: PassThrough;
} {
  const out = new PassThrough();
  const input = new PassThrough();
  const connection = new CdpConnection(out, input);
  let text = '';
  out.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    connection,
    input,
    sent: () =>
      text
        .split('\0')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Command),
    receive: (...messages) => {
      input.write(messages.map((message) => `${JSON.stringify(message)}\0`).join(''));
    },
  };
}

describe('the DevTools connection', () => {
  it('gives each command its own reply, in whatever order they come', async () => {
    const { connection, receive } = wire();
    const first = connection.send('A');
    const second = connection.send('B');
    receive({ id: 2, result: { is: 'b' } }, { id: 1, result: { is: 'a' } });
    expect(await Promise.all([first, second])).toEqual([{ is: 'a' }, { is: 'b' }]);
  });

  it('reads messages cut anywhere, also inside a character and between text and separator', async () => {
    const { connection, input } = wire();
    const reply = connection.send('A');
    const event = new Promise((resolve) => {
      connection.on('E', resolve);
    });
    const bytes = Buffer.from(
      `${JSON.stringify({ id: 1, result: { text: 'grüße 漢 \u{1F600}' } })}\0${JSON.stringify({ method: 'E', params: { n: 1 } })}\0`,
    );
    for (const byte of bytes) input.write(Buffer.from([byte]));
    expect(await reply).toEqual({ text: 'grüße 漢 \u{1F600}' });
    expect(await event).toEqual({ n: 1 });
  });

  it('sends bytes in base64 beside characters that are not ASCII', () => {
    const { connection, sent } = wire();
    void connection.send('Fetch.fulfillRequest', { body: Buffer.from([0, 255, 34, 125]), name: 'grüße "漢' });
    void connection.send('Fetch.fulfillRequest', { body: new Uint8Array() });
    expect(sent()).toEqual([
      { id: 1, method: 'Fetch.fulfillRequest', params: { name: 'grüße "漢', body: 'AP8ifQ==' } },
      { id: 2, method: 'Fetch.fulfillRequest', params: { body: '' } },
    ]);
  });

  it('takes the data of a large reply as bytes, whole', async () => {
    const { connection, receive } = wire();
    const sizes = [10, 49_151, 49_152, 5_000_001];
    for (const [index, size] of sizes.entries()) {
      const data = Buffer.alloc(size, 'abcde');
      const reply = connection.send('Page.printToPDF');
      receive({ id: index + 1, result: { data: data.toString('base64'), stream: 's' } });
      const result = await reply;
      expect(dataOf(result).equals(data)).toBe(true);
      expect(result['stream']).toBe('s');
    }
  });

  it('gives memory back once it is read, and not before (64 KB a message until a collection)', async () => {
    const { connection, input } = wire();
    const first = connection.send('A');
    const second = connection.send('B');
    const data = Buffer.alloc(100_000, 'abcde').toString('base64');
    const bytes = Buffer.from(
      `${JSON.stringify({ id: 1, result: { data } })}\0${JSON.stringify({ id: 2, result: { is: 'b' } })}\0`,
    );
    const cut = (from: number, to: number): Buffer<ArrayBuffer> => {
      const chunk = Buffer.alloc(to - from);
      bytes.copy(chunk, 0, from, to);
      return chunk;
    };
    const half = bytes.length - 20;
    const chunks = [cut(0, 65_536), cut(65_536, half), cut(half, bytes.length)];
    const pooled = Buffer.from(JSON.stringify({ method: 'E', params: {} }) + '\0');
    for (const chunk of [...chunks, pooled]) input.write(chunk);
    expect(dataOf(await first).toString('base64')).toBe(data);
    expect(await second).toEqual({ is: 'b' });
    expect(chunks.map(({ buffer }) => buffer.detached)).toEqual([true, true, true]);
    expect(pooled.buffer.detached).toBe(false);
  });

  it('does not take for data what only looks like it', async () => {
    const { connection, receive } = wire();
    const reply = connection.send('A');
    const text = `${'x'.repeat(70_000)}"quoted"`;
    receive({ id: 1, result: { data: text } });
    expect(await reply).toEqual({ data: text });
  });

  it('keeps sessions apart and rejects what waits in one that goes away', async () => {
    const { connection, receive, sent } = wire();
    const one = connection.session('one');
    const two = connection.session('two');
    const heard: string[] = [];
    one.on('E', () => heard.push('one'));
    two.on('E', () => heard.push('two'));
    const lost = one.send('A');
    const kept = two.send('B');
    receive({ method: 'E', sessionId: 'two', params: {} });
    receive(
      { method: 'Target.detachedFromTarget', params: { sessionId: 'one' } },
      { id: 2, sessionId: 'two', result: {} },
    );
    await expect(lost).rejects.toBeInstanceOf(CdpClosedError);
    expect(await kept).toEqual({});
    expect(heard).toEqual(['two']);
    expect(sent().map(({ sessionId }) => sessionId)).toEqual(['one', 'two']);
    await expect(one.send('C')).rejects.toBeInstanceOf(CdpClosedError);
  });

  it('passes on refusals, and gives up a command that nobody answers', async () => {
    const { connection, receive } = wire();
    const refused = connection.send('A');
    receive({ id: 1, error: { code: -32000, message: 'Printing failed' } });
    await expect(refused).rejects.toEqual(new CdpError('A', 'Printing failed'));
    await expect(connection.send('B', {}, 10)).rejects.toBeInstanceOf(CdpClosedError);
  });

  it('rejects everything when the pipe closes or what comes is no message', async () => {
    for (const end of [
      (input: PassThrough) => input.end(),
      (input: PassThrough) => input.write('{nonsense\0'),
    ]) {
      const { connection, input } = wire();
      const waiting = connection.send('A');
      end(input);
      await expect(waiting).rejects.toBeInstanceOf(CdpClosedError);
      await expect(connection.send('B')).rejects.toBeInstanceOf(CdpClosedError);
      await connection.closed;
    }
  });
});
