/** The client of the bench: keep-alive connections, generate → wait → download, as another program would do it. */
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

export class BenchClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #url: string;
  #authorization: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async signIn(clientId: string, clientSecret: string): Promise<void> {
    const body = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
    const reply = await this.send('POST', '/token', body);
    this.#authorization = `Bearer ${(JSON.parse(reply.body.toString()) as { access_token: string }).access_token}`;
  }

  async send(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const message = await this.#ask(method, path, body, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    return { status: message.statusCode ?? 0, body: Buffer.concat(chunks) };
  }

  #ask(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        this.#url + path,
        {
          method,
          agent: this.#agent,
          headers: {
            ...headers,
            ...(this.#authorization === undefined ? {} : { authorization: this.#authorization }),
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        resolve,
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** The milliseconds until the answer 202, and the job. */
  async accept(body: string | Buffer): Promise<{ readonly id: number; readonly ms: number }> {
    const started = performance.now();
    const reply = await this.send('POST', '/pdf/generate', body);
    if (reply.status !== 202) throw new Error(`generate answered ${reply.status}: ${reply.body.toString()}`);
    const { job_id: id } = JSON.parse(reply.body.toString()) as { job_id: number };
    return { id, ms: performance.now() - started };
  }

  /** Waits and downloads. What arrives is counted and let go: to keep it would take CPU from the cores of the host. */
  async finish(id: number): Promise<void> {
    for (;;) {
      const reply = await this.send('GET', `/pdf/${id}`, undefined, { prefer: 'wait=30' });
      const job = JSON.parse(reply.body.toString()) as { status: string; error: string | null };
      if (job.status === 'Error') throw new Error(`Job ${id} failed: ${job.error ?? ''}`);
      if (job.status === 'Done') break;
    }
    const download = await this.#ask('GET', `/pdf/${id}/download`);
    let bytes = 0;
    download.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await once(download, 'end');
    if (download.statusCode !== 200) throw new Error(`download answered ${download.statusCode ?? 0}`);
    if (bytes !== Number(download.headers['content-length']))
      throw new Error(`The document of job ${id} did not arrive whole`);
  }

  /** Generates `count` documents with `clients` at once; the milliseconds of each, download included. */
  async run(body: string, count: number, clients: number): Promise<number[]> {
    const latencies: number[] = [];
    // Once: the client takes its CPU from the cores of the host.
    const bytes = Buffer.from(body);
    let left = count;
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (left-- > 0) {
          const started = performance.now();
          await this.finish((await this.accept(bytes)).id);
          latencies.push(performance.now() - started);
        }
      }),
    );
    return latencies;
  }

  close(): void {
    this.#agent.destroy();
  }
}
