import { InvalidArgumentError, type Command } from 'commander';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { addPrintOptions, type RenderFlags } from '../render-flags.ts';
import { UsageError } from '../usage-error.ts';

export interface BatchArguments extends RenderFlags {
  readonly template?: string;
  readonly rows?: string;
  readonly output?: string;
  readonly zip?: string;
  readonly merge?: string;
  readonly name?: string;
  readonly map?: readonly string[];
  readonly separator?: string;
  readonly encoding?: string;
  readonly sheet?: string;
  readonly resume?: true;
  readonly dryRun?: number;
  readonly css?: string;
  readonly standard?: string;
  readonly sign?: string;
  readonly workers?: number;
  readonly browser?: string;
  readonly data?: string;
  readonly json?: true;
  readonly quiet?: true;
}

const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value];

function countFrom(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('It is a number from 1 to 1000.');
}

export function batchCommand(): Command {
  const command = newCommand('batch')
    .description(
      'Makes one PDF of each row of a table. Every row ends as exactly one file or with the reason why there is none, ' +
        'even if the power fails: --resume goes on. Works whether Influxion is running or not.',
    )
    .argument('[TEMPLATE]', 'an HTML file, a folder with template.html, or a template of the library')
    .option('--template <NAME>', 'the same, as an option')
    .option('--rows <F>', 'CSV, JSON Lines, a JSON array, XLSX or ODS; what it is, is found out')
    .option('-o, --output <DIR>', 'the folder for the documents, with an index.csv of them')
    .option('--zip <F.zip>', 'one zip of all documents instead')
    .option('--merge <F.pdf>', 'one PDF of all documents instead, with a bookmark each')
    .option(
      '--name <PATTERN>',
      'of each document, with places of the data such as "{{invoice.number}}.pdf" (default: {{@row}}.pdf)',
    )
    .option(
      '--map <COLUMN=PATH[:TYPE]>',
      'where a column goes, and as what: text, number, boolean, date, json; the others are left out. May be repeated (default: names of columns are paths)',
      repeated,
    )
    .option('--separator <CHAR>', 'between the cells of a CSV file (default: found out)')
    .option('--encoding <NAME>', 'utf-8, utf-16le, utf-16be or windows-1252 (default: found out)')
    .option('--sheet <NAME>', 'of a spreadsheet (default: the first)')
    .option('--resume', 'go on with the batch into this folder or file that was interrupted')
    .option('--dry-run <N>', 'show what the first N rows would be, and start nothing', countFrom)
    .option('--css <F.css>', "style sheet, instead of the template's own style.css")
    .option('--standard <NAME>', 'PDF/A or PDF/UA level, such as pdf/a-2b, or a pair such as pdf/a-2a+ua-1')
    .option('--sign <KEY_ID>', 'sign with this key of the data folder; "influxion key list" shows them')
    .option(
      '--workers <N>',
      'documents printed at once, where Influxion is not running (default: by the processors)',
      countFrom,
    )
    .option('--browser <PATH>', 'Chrome, Chromium or Edge to print with, where Influxion is not running')
    .option('-q, --quiet', 'say nothing but warnings and errors');
  withDataFolder(withJson(command));
  addPrintOptions(command);
  // Who names the file of the rows behind the template is told of --rows, not of one argument too many.
  command.allowExcessArguments();
  command.action(async (template: string | undefined, options: BatchArguments) => {
    const [, excess] = command.args;
    if (excess !== undefined) {
      const usage = `influxion batch ${template ?? 'TEMPLATE'} --rows ${excess} …`;
      throw new UsageError(`What "${excess}" is, has to be said.`, `Rows of documents: ${usage}`);
    }
    const { runBatch } = await import('../run-batch.ts');
    await runBatch(template ?? options.template, options);
  });
  return withExamples(command, [
    ["influxion batch invoice/ --rows orders.csv -o invoices --name '{{invoice.number}}.pdf'", 'a file each'],
    ['influxion batch --resume -o invoices', 'after the machine slept, or the power failed'],
    ['influxion batch invoice/ --rows orders.xlsx --dry-run 3', 'what would the first three be?'],
    [
      "influxion batch letter/ --rows people.csv -o out --map 'Name=customer.name' --map 'Born=customer.born:date' --locale de-AT",
      'columns of other names, dates as they are written in Austria',
    ],
    [
      'influxion batch invoice/ --rows orders.jsonl --merge all.pdf --standard pdf/a-2b',
      'one PDF to be archived',
    ],
  ]);
}
