import type { Command } from 'commander';
import { newCommand, withExamples } from '../command-line.ts';
import { addPrintOptions, type RenderFlags } from '../render-flags.ts';

export interface RenderArguments extends RenderFlags {
  readonly css?: string;
  readonly data?: string;
  readonly output?: string;
  readonly standard?: string;
  readonly sign?: string;
  readonly browser?: string;
  readonly quiet?: true;
}

export function renderCommand(): Command {
  const command = newCommand('render')
    .description(
      'Makes one PDF from a template, without a server and without a data folder. Partials, images and fonts are taken ' +
        "from the template's own folder.",
    )
    .argument('<TEMPLATE>', 'an HTML file, a folder with template.html, or a template of the library')
    .option('-d, --data <F.json|->', 'data for the template; - reads stdin (default: {})')
    .option('--css <F.css>', "style sheet, instead of the template's own style.css")
    .option('-o, --output <F.pdf|->', 'where the PDF goes; - is stdout (default: the name of the template)')
    .option('--standard <NAME>', 'PDF/A or PDF/UA level, such as pdf/a-2b, or a pair such as pdf/a-2a+ua-1')
    .option('--sign <KEY_ID>', 'sign with this key of the data folder; "influxion key list" shows them')
    .option(
      '--browser <PATH>',
      'Chrome, Chromium or Edge to print with, or "npm" for the one that came along (default: the first found)',
    )
    .option('-q, --quiet', 'say nothing but warnings and errors')
    .action(async (template: string, options: RenderArguments) => {
      const { runRender } = await import('../run-render.ts');
      await runRender(template, options);
    });
  addPrintOptions(command);
  return withExamples(command, [
    ['influxion render invoice.html --data invoice.json -o invoice.pdf', 'a template with its data'],
    [
      'influxion render invoice/ --data invoice.json --standard pdf/a-3b --sign office',
      'to be archived, and signed',
    ],
    [
      'influxion render letter/ --page-size Letter --margin 1in',
      'a folder with template.html, style.css and images',
    ],
    ['curl -s https://example.com/api/order/7 | influxion render order.html -d - -o - | lp', 'in a pipe'],
  ]);
}
