import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Finding } from './finding.ts';

const HOST = '127.0.0.1';
const PORT = 8787;

/** Whether the usual port of `serve` can be had. */
export async function checkPort(ownUrl: string | undefined): Promise<Finding> {
  const finding = { id: 'port', label: 'Port' } as const;
  if (ownUrl !== undefined && URL.parse(ownUrl)?.port === String(PORT)) {
    return { ...finding, state: 'ok', says: `${PORT}, in use by this Influxion` };
  }
  const server = createServer();
  try {
    server.listen(PORT, HOST);
    await once(server, 'listening');
    return { ...finding, state: 'ok', says: `${PORT} is free` };
  } catch (error) {
    return {
      ...finding,
      state: 'note',
      says: `${PORT} cannot be had (${error instanceof Error ? error.message : String(error)})`,
      fix: 'Start with another one: influxion serve --port 0 picks a free one.',
    };
  } finally {
    server.close();
  }
}
