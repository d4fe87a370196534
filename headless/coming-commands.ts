/** Commands that are published but not built yet: each says which version brings it, and none pretends to work. */
import type { Command } from 'commander';
import { InfluxionError } from '../core/error.ts';
import { newCommand } from './command-line.ts';

interface ComingCommand {
  readonly name: string;
  readonly summary: string;
  readonly version: string;
  /** What serves until then. */
  readonly hint: string;
}

export const COMING_COMMANDS: readonly ComingCommand[] = [
  {
    name: 'worker',
    summary: 'take jobs from RabbitMQ',
    version: '0.4',
    hint: 'Until then jobs run inside "influxion serve"; --workers N sets how many at once.',
  },
];

export function comingCommand({ name, summary, version, hint }: ComingCommand): Command {
  return newCommand(name)
    .summary(`${summary} (from version ${version})`)
    .description(`Comes with Influxion ${version}: ${summary}. ${hint}`)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new InfluxionError(
        'FEATURE_UNAVAILABLE',
        `"influxion ${name}" comes with version ${version}; this version cannot ${summary} yet.`,
        { hint },
      );
    });
}
