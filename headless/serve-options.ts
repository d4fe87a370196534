import type { LogLevel } from './logger.ts';

/** The options of `influxion serve`, as commander hands them over. */
export interface ServeOptions {
  readonly host: string;
  /** Absent: that of the settings. */
  readonly port?: number;
  readonly workers?: number;
  readonly browser?: string;
  /** Open to the local network with TLS for this run: at these addresses, or at all. */
  readonly lan?: true | readonly string[];
  readonly lanPort?: number;
  readonly allowPlainHttp?: true;
  readonly allowHost?: readonly string[];
  /** Seconds. */
  readonly drain: number;
  readonly json?: true;
  readonly logLevel?: LogLevel;
  readonly data?: string;
}
