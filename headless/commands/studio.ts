import type { Command } from 'commander';
import { z } from 'zod';
import { InfluxionError } from '../../core/error.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { connectToRunning } from '../connect.ts';
import { callJson, jsonBody } from '../host-connection.ts';
import { note, printJson, printResult } from '../terminal.ts';

interface StudioOptions {
  readonly data?: string;
  readonly json?: true;
}

const StudioLink = z.object({ studio_url: z.string() });

async function printLink(options: StudioOptions): Promise<void> {
  await using connection = connectToRunning(options.data);
  if (connection === undefined) {
    throw new InfluxionError('DATA_FOLDER_UNUSABLE', 'No Influxion runs on this data folder.', {
      hint: '"influxion serve" starts it and prints a link to its studio.',
    });
  }
  const link = await callJson(connection, StudioLink, {
    method: 'POST',
    path: '/studio-link',
    body: jsonBody({}),
  });
  if (options.json) {
    await printJson(link);
    return;
  }
  await printResult(link.studio_url);
  note('It works once, for ten minutes, in a browser on this computer.');
}

export function studioCommand(): Command {
  const command = withJson(withDataFolder(newCommand('studio')))
    .description(
      'Prints a link that opens the studio of the Influxion that runs, in a browser on this computer.',
    )
    .action(printLink);
  return withExamples(command, [['influxion studio', 'a link that works once, for ten minutes']]);
}
