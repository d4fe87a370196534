import type { Logger } from '../core/ports.ts';

const say = (): void => undefined;

/** For commands that tell a person themselves what matters; loads no log library. */
export const silentLogger: Logger = {
  debug: say,
  info: say,
  warn: say,
  error: say,
  child: () => silentLogger,
};
