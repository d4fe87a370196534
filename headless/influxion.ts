/**
 * The `influxion` command. A command's file, and with it what that command needs, is loaded only when it is called:
 * the start costs no more than the one thing that was asked for.
 */
import { CommanderError, type Command } from 'commander';
import { isVerbose, newCommand, usageErrorFrom, withExamples } from './command-line.ts';
import { EXIT } from './exit-code.ts';
import { reportFailure } from './failure.ts';
import { returnFreedMemory } from './return-freed-memory.ts';
import { isBrokenPipe, tolerateBrokenPipes } from './terminal.ts';
import { VERSION } from './version.ts';

interface LazyCommand {
  readonly summary: string;
  readonly load: () => Promise<Command>;
  /** Runs for days, so that what it keeps of freed memory matters. */
  readonly stays?: true;
}

const COMMANDS: Readonly<Record<string, LazyCommand>> = {
  serve: {
    summary: 'run the API and its page on this machine',
    load: async () => (await import('./commands/serve.ts')).serveCommand(),
    stays: true,
  },
  worker: {
    summary: 'take jobs from RabbitMQ, for an API on another machine or for Celery',
    load: async () => (await import('./commands/worker.ts')).workerCommand(),
    stays: true,
  },
  studio: {
    summary: 'print a link that opens the studio of the Influxion that runs',
    load: async () => (await import('./commands/studio.ts')).studioCommand(),
  },
  render: {
    summary: 'make one PDF from a template and data, without a server',
    load: async () => (await import('./commands/render.ts')).renderCommand(),
  },
  batch: {
    summary: 'make one PDF of each row of a table',
    load: async () => (await import('./commands/batch.ts')).batchCommand(),
  },
  client: {
    summary: 'add, list and remove the programs that may call the API',
    load: async () => (await import('./commands/client.ts')).clientCommand(),
  },
  job: {
    summary: 'look at jobs, cancel or retry them, fetch their PDFs',
    load: async () => (await import('./commands/job.ts')).jobCommand(),
  },
  template: {
    summary: 'list, import and export the templates of the library',
    load: async () => (await import('./commands/template.ts')).templateCommand(),
  },
  key: {
    summary: 'make, import, list, export and remove the keys that sign documents',
    load: async () => (await import('./commands/key.ts')).keyCommand(),
  },
  sign: {
    summary: 'sign a PDF that exists',
    load: async () => (await import('./commands/sign.ts')).signCommand(),
  },
  verify: {
    summary: 'say what is right and wrong with a PDF: standards and signatures',
    load: async () => (await import('./commands/verify.ts')).verifyCommand(),
  },
  webhook: {
    summary: 'where programs may be told of their work, what was told, and whether it arrived',
    load: async () => (await import('./commands/webhook.ts')).webhookCommand(),
  },
  watch: {
    summary: 'make documents of the data files that are put into a folder',
    load: async () => (await import('./commands/watch.ts')).watchCommand(),
  },
  doctor: {
    summary: 'check that everything needed is here, and say how to get what is not',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
};

/** The whole command line; of the commands only the one called `name` is complete, the others are known by summary. */
async function buildProgram(name: string | undefined): Promise<Command> {
  const program = newCommand('influxion')
    .description(
      'Turns a Handlebars template, a style sheet and JSON data into a PDF, on your own machine, offline.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command');
  withExamples(program, [
    ['influxion render invoice.html --data invoice.json -o invoice.pdf', 'one PDF, no server'],
    ['influxion serve', 'the API and its page, on http://127.0.0.1:8787'],
    ['influxion client add "My program"', 'what a program needs to call the API'],
  ]);
  for (const [command, { summary, load }] of Object.entries(COMMANDS)) {
    const known = command === name ? await load() : newCommand(command);
    program.addCommand(known.summary(summary));
  }
  return program;
}

function calledCommand(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

async function run(argv: readonly string[]): Promise<void> {
  const name = calledCommand(argv);
  const known = name !== undefined && name in COMMANDS ? name : undefined;
  if (known !== undefined && COMMANDS[known]?.stays === true) returnFreedMemory();
  const program = await buildProgram(known);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const usage = usageErrorFrom(error, known);
    if (usage !== undefined) throw usage;
  }
}

/** Runs one command line to its end and returns the exit code; never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    await run(argv);
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    if (isBrokenPipe(error)) return EXIT.failed;
    return reportFailure(error, isVerbose(argv, process.env));
  }
}

tolerateBrokenPipes();
process.on('uncaughtException', (error) => {
  process.exit(reportFailure(error, isVerbose(process.argv, process.env)));
});
process.exitCode = await main(process.argv.slice(2));
