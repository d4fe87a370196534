import { basename } from 'node:path';
import { type Command } from 'commander';
import { TemplateList, TemplateSummary } from '../../contract/template.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { connect } from '../connect.ts';
import { call, callJson } from '../host-connection.ts';
import { readableSize, refuseTerminal, writePdf } from '../pdf-file.ts';
import { readBytes } from '../read-input.ts';
import { note, printJson, printResult, table, warn } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
}

interface ImportOptions extends CommonOptions {
  readonly name?: string;
  readonly replace?: true;
}

interface ExportOptions extends CommonOptions {
  readonly output?: string;
}

async function list(options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const { templates } = await callJson(connection, TemplateList, { method: 'GET', path: '/templates' });
  if (options.json) {
    await printJson(templates);
    return;
  }
  if (templates.length === 0) {
    note('The library is empty. Add a template: influxion template import F.zip');
    return;
  }
  const rows = templates.map(({ id, name, description }) => [id, name, description]);
  await printResult(table([['ID', 'NAME', 'DESCRIPTION'], ...rows]));
  for (const { id, problem } of templates) if (problem !== null) warn(`${id}: ${problem}`);
}

/** A name for the library from the name of a file: the header of the zip has none. */
function nameFrom(file: string): string {
  return basename(file).replace(/\.zip$/i, '');
}

async function importZip(file: string, options: ImportOptions): Promise<void> {
  if (file === '-' && options.name === undefined) {
    throw new UsageError('A template from stdin needs a name.', 'Add --name ID.');
  }
  const bytes = await readBytes(file, 'zip file');
  const name = encodeURIComponent(options.name ?? nameFrom(file));
  await using connection = await connect(options.data, { create: true });
  const template = await callJson(connection, TemplateSummary, {
    ...(options.replace
      ? { method: 'PUT', path: `/templates/${name}` }
      : { method: 'POST', path: `/templates?name=${name}` }),
    body: { type: 'application/zip', bytes },
  });
  if (options.json) await printJson(template);
  else note(`Imported the template ${template.id}.`);
}

async function exportZip(name: string, options: ExportOptions): Promise<void> {
  const target = options.output ?? `${name}.zip`;
  refuseTerminal(target);
  await using connection = await connect(options.data);
  const reply = await call(connection, {
    method: 'GET',
    path: `/templates/${encodeURIComponent(name)}/export`,
  });
  const size = await writePdf(target, reply.body);
  if (target !== '-') note(`Wrote ${target}, ${readableSize(size)}.`);
}

export function templateCommand(): Command {
  const template = newCommand('template').description(
    'The library of templates in the data folder. Works whether Influxion is running or not.',
  );
  const sub = (name: string): Command => withDataFolder(newCommand(name));
  template.addCommand(
    withExamples(withJson(sub('list')).description('Lists the templates of the library.').action(list), [
      ['influxion template list', 'ids that a request can name'],
    ]),
  );
  template.addCommand(
    withExamples(
      withJson(sub('import'))
        .description('Puts a template into the library: a zip of one template folder.')
        .argument('<F.zip>', 'the zip; - reads stdin')
        .option('--name <ID>', 'what it is called in the library (default: the name of the file)')
        .option('--replace', 'overwrite a template of that name')
        .action(importZip),
      [['influxion template import invoice.zip', 'known as "invoice" from then on']],
    ),
  );
  template.addCommand(
    withExamples(
      sub('export')
        .description('Writes a template of the library as a zip.')
        .argument('<ID>', 'the template')
        .option('-o, --output <F.zip|->', 'where it goes; - is stdout (default: ID.zip)')
        .action(exportZip),
      [['influxion template export invoice -o invoice.zip', 'to take it elsewhere']],
    ),
  );
  return withExamples(template, [
    ['influxion template list', 'what is there'],
    ['influxion template import invoice.zip', 'add one'],
  ]);
}
