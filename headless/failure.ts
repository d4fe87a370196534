import { inspect } from 'node:util';
import { InfluxionError } from '../core/error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { note, style } from './terminal.ts';
import { showPosition } from './source-position.ts';
import { UsageError } from './usage-error.ts';

/** A failure as a person reads it; `verbose` adds the stack and the causes. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** Lines below the message: the place in a file, faults of single fields. */
  readonly body: readonly string[];
  readonly hint: string | undefined;
}

/** File system errors that a person meets, in words; the path follows. */
const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'Access is denied',
  EPERM: 'The system does not permit this',
  EISDIR: 'This is a folder, not a file',
  ENOTDIR: 'A part of this path is not a folder',
  EROFS: 'This file system is read-only',
  ENOSPC: 'The disk is full',
  EMFILE: 'Too many files are open',
  ENAMETOOLONG: 'This name is too long',
};

function systemFailure(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const words = SYSTEM_ERRORS[error.code];
  if (words === undefined) return undefined;
  const path = 'path' in error && typeof error.path === 'string' ? `: ${error.path}` : '';
  return `${words}${path}.`;
}

function influxionFailure(error: InfluxionError): Failure {
  const { details } = error;
  const body: string[] = [];
  const { line, column = 1, sourceLine } = details;
  if (line !== undefined) {
    body.push(`${style('cyan', '-->')} ${details.template ?? 'template'}:${line}:${column}`);
    if (sourceLine !== undefined) body.push(showPosition({ line, column, sourceLine }));
  }
  for (const fault of details.errors ?? []) {
    if (fault.message !== error.message) body.push(`${fault.path}: ${fault.message}`);
  }
  return { exitCode: EXIT.failed, message: error.message, body, hint: details.hint };
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) {
    return { exitCode: EXIT.usage, message: error.message, body: [], hint: error.hint };
  }
  if (InfluxionError.is(error) && error.code !== 'INTERNAL') return influxionFailure(error);
  const system = systemFailure(error);
  if (system !== undefined) return { exitCode: EXIT.failed, message: system, body: [], hint: undefined };
  const root = InfluxionError.is(error) ? (error.cause ?? error) : error;
  const reason = root instanceof Error ? root.message : String(root);
  return {
    exitCode: EXIT.failed,
    message: `Something went wrong inside Influxion: ${reason}`,
    body: [],
    hint: 'Run it again with --verbose to see where, and report it if it stays.',
  };
}

/** Says on stderr why the command failed and returns its exit code. */
export function reportFailure(error: unknown, verbose: boolean): ExitCode {
  const failure = describeFailure(error);
  note(`${style(['bold', 'red'], 'error:')} ${failure.message}`);
  for (const line of failure.body.flatMap((text) => text.split('\n'))) note(`  ${line}`);
  if (failure.hint !== undefined) note(`${style('cyan', 'hint:')} ${failure.hint}`);
  if (verbose) note(style('dim', inspect(error, { depth: 6 })));
  return failure.exitCode;
}
