import type { Command } from 'commander';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';

export interface DoctorOptions {
  readonly data?: string;
  readonly browser?: string;
  readonly json?: true;
}

export function doctorCommand(): Command {
  const command = withJson(withDataFolder(newCommand('doctor')))
    .description(
      'Checks that everything needed is here, by really printing a page, and says how to get what is missing. ' +
        'Exit code 1 when something needed is missing.',
    )
    .option('--browser <PATH>', 'check this Chrome, Chromium or Edge, or "npm" for the one that came along')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../doctor/doctor.ts');
      await doctor(options);
    });
  return withExamples(command, [
    ['influxion doctor', 'is everything here?'],
    ['influxion doctor --json', 'the same for a script or a bug report'],
  ]);
}
