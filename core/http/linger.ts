import type { ServerResponse } from 'node:http';

const LINGER_MS = 2000;

/**
 * Lets a client that is still sending read its refusal. Closing at once with bytes unread makes the kernel send RST,
 * and the client loses the reply (RFC 9112 §9.6): so only our half is closed, and what comes is thrown away for a moment.
 */
export function lingerAfterReply(response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  };
}
