export { createLogger, LOG_LEVELS, type LogLevel } from '../core/pino-logger.ts';
