import type { LogLevel } from './logger.ts';

/** The options of `influxion serve`, as commander hands them over. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly workers?: number;
  readonly browser?: string;
  readonly allowPlainHttp?: true;
  readonly allowHost?: readonly string[];
  /** Seconds. */
  readonly drain: number;
  readonly json?: true;
  readonly logLevel?: LogLevel;
  readonly data?: string;
}
