/** How every command looks and fails: one shape of help, one shape of usage error. */
import { Command, type CommanderError } from 'commander';
import { EXIT } from './exit-code.ts';
import { styleResult } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** A command that throws rather than exits, so that the entry alone decides how a failure is told. */
export function newCommand(name: string): Command {
  return new Command(name)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({
      styleTitle: (text) => styleResult('bold', text),
      styleCommandText: (text) => styleResult('cyan', text),
      styleSubcommandText: (text) => styleResult('cyan', text),
      styleOptionText: (text) => styleResult('cyan', text),
    })
    .helpOption('-h, --help', 'show this help');
}

/** The last step: `--verbose`, which every command has, and examples, each a command line and what it does. */
export function withExamples(command: Command, examples: readonly (readonly [string, string])[]): Command {
  const lines = examples.map(([line, does]) => `  ${styleResult('dim', `# ${does}`)}\n  $ ${line}`);
  return command
    .option('--verbose', 'show the stack of an error (also INFLUXION_DEBUG=1)')
    .addHelpText('after', `\n${styleResult('bold', 'Examples:')}\n${lines.join('\n\n')}\n`);
}

export function withDataFolder(command: Command): Command {
  return command.option('--data <DIR>', "data folder (also INFLUXION_DATA_DIR; default: the platform's)");
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON, for scripts');
}

/** The entry reads it before anything is parsed, so that a failure to parse is covered too. */
export function isVerbose(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return argv.includes('--verbose') || (env['INFLUXION_DEBUG'] ?? '0') !== '0';
}

/**
 * What commander threw as our own usage error; undefined when it only printed help or the version, which is success.
 * Commander's message reads `error: unknown option '--daat'\n(Did you mean --data?)`.
 */
export function usageErrorFrom(error: CommanderError, command: string | undefined): UsageError | undefined {
  if (error.exitCode === EXIT.done) return undefined;
  const help = `influxion ${command === undefined ? '' : `${command} `}--help`;
  if (error.code === 'commander.help') return new UsageError('A command is missing here.', `See ${help}.`);
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const message = first.charAt(0).toUpperCase() + first.slice(1);
  const suggestion = /\((Did you mean .+\?)\)/.exec(rest.join(' '))?.[1];
  return new UsageError(
    /[.!?]$/.test(message) ? message : `${message}.`,
    suggestion ?? `${help} shows how it is used.`,
  );
}
