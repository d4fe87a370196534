/** The flags of `render` that set print options. Apart from their validation, which loads more than the start can wait for. */
import { Option, type Command } from 'commander';

export interface RenderFlags {
  readonly options?: string;
  readonly pageSize?: string;
  readonly landscape?: true;
  readonly margin?: string;
  readonly scale?: string;
  readonly pages?: string;
  readonly header?: string;
  readonly footer?: string;
  readonly background: boolean;
  readonly scripts?: true;
  readonly timeout?: string;
  readonly outline?: true;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly strict?: true;
}

export function addPrintOptions(command: Command): Command {
  const group = (option: Option): Option => option.helpGroup('Print options:');
  return command
    .addOption(group(new Option('--options <F.json>', 'print options as in the API; the flags below win')))
    .addOption(
      group(
        new Option('--page-size <SIZE>', 'A4, Letter, … or WIDTHxHEIGHT such as 100mmx50mm (default: A4)'),
      ),
    )
    .addOption(group(new Option('--landscape', 'turn the paper')))
    .addOption(group(new Option('--margin <LENGTH>', 'such as 15mm, or up to four as in CSS: "15mm 20mm"')))
    .addOption(group(new Option('--scale <FACTOR>', '0.1 to 2')))
    .addOption(group(new Option('--pages <RANGES>', 'keep only these, such as "1-3, 5"')))
    .addOption(group(new Option('--header <F.html>', 'template printed in the top margin')))
    .addOption(group(new Option('--footer <F.html>', 'template printed in the bottom margin')))
    .addOption(group(new Option('--no-background', 'leave background colours and images out')))
    .addOption(group(new Option('--outline', 'bookmarks from the headings')))
    .addOption(group(new Option('--locale <TAG>', 'for numbers and dates, such as de-AT (default: en)')))
    .addOption(group(new Option('--time-zone <ZONE>', 'such as Europe/Vienna (default: UTC)')))
    .addOption(group(new Option('--strict', 'a field that the data lacks is an error')))
    .addOption(group(new Option('--scripts', 'let the document run its scripts, still without network')))
    .addOption(group(new Option('--timeout <SECONDS>', 'give up after this long (default: 60)')));
}
