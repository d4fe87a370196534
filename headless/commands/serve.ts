import { InvalidArgumentError, Option, type Command } from 'commander';
import { newCommand, withDataFolder, withExamples } from '../command-line.ts';
import { keepCompiledCode } from '../compile-cache.ts';
import { findPlaces } from '../paths.ts';
import { LOG_LEVELS } from '../logger.ts';
import type { ServeOptions } from '../serve-options.ts';
import { UsageError } from '../usage-error.ts';

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

export function serveCommand(): Command {
  const command = withDataFolder(newCommand('serve'))
    .description(
      'Runs the API and its page on this machine, until Ctrl+C or SIGTERM: it then takes no more requests, finishes the ' +
        'jobs that run, and keeps the waiting ones for the next start.',
    )
    .option('--host <ADDRESS>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <N>',
      'port; 0 picks a free one (default: that of the settings, at first 8787)',
      wholeNumber(0, 65_535),
    )
    .option(
      '--workers <N>',
      'documents at once (default: that of the settings, at first one a processor core)',
      wholeNumber(1, 64),
    )
    .option(
      '--browser <PATH>',
      'Chrome, Chromium or Edge to print with, or "npm" for the one that came along (default: the first found)',
    )
    .option(
      '--lan [ADDRESS...]',
      'open the API, never the studio, to the local network with TLS for this run: at these addresses, or at all',
    )
    .option(
      '--lan-port <N>',
      'port of --lan (default: that of the settings, at first 8788)',
      wholeNumber(0, 65_535),
    )
    .option('--allow-plain-http', 'listen on an address that other computers reach, without encryption')
    .option('--allow-host <NAME...>', 'host names, besides this machine, that requests may be addressed to')
    .option(
      '--drain <SECONDS>',
      'how long running jobs may take to finish at the end',
      wholeNumber(0, 3600),
      8,
    )
    .option('--json', 'say when it is ready as one line of JSON on stdout, for scripts')
    .addOption(
      new Option(
        '--log-level <LEVEL>',
        'structured log on stderr (default: warn on a terminal, else info)',
      ).choices(LOG_LEVELS),
    )
    .action(async (options: ServeOptions) => {
      keepCompiledCode(findPlaces(options.data, process.env).cache);
      if (options.lanPort !== undefined && options.lan === undefined) {
        throw new UsageError('--lan-port is the port of --lan, which is missing.', 'Add --lan.');
      }
      const { serve } = await import('../serve.ts');
      await serve(options);
    });
  return withExamples(command, [
    ['influxion serve', 'on http://127.0.0.1:8787, with the usual data folder'],
    ['influxion serve --lan', 'other computers of the network may call the API too, over TLS'],
    ['influxion serve --port 0 --json --data ./data', 'on a free port, for a script'],
  ]);
}
