import type { Logger } from '../../core/ports.ts';

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: object;
  readonly message: string;
}

/** A Logger that keeps what it is told. */
export function recordingLogger(records: LogRecord[]): Logger {
  const at = (level: LogRecord['level']) => (facts: object, message: string) => {
    records.push({ level, facts, message });
  };
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}
