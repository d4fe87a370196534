import { isNothing, namedFlag, textAt } from './arguments.ts';
import { SafeHtml, type Helper } from './helper.ts';
import { markdownLibrary } from './libraries.ts';

export const MARKDOWN_HELPER: Helper = {
  name: 'markdown',
  group: 'text',
  signature: 'markdown text [inline=true]',
  doc: 'Markdown (CommonMark and tables) as HTML; HTML inside of it is shown as text, and only harmless links stay links.',
  example: {
    template: '{{markdown note inline=true}}',
    data: { note: 'Pay **now**' },
    output: 'Pay <strong>now</strong>',
  },
  args: [1, 1],
  named: ['inline'],
  block: 'text',
  call: (args, call) => {
    if (isNothing(args[0])) return undefined;
    const text = textAt(args, 0, call);
    const library = markdownLibrary();
    return new SafeHtml(
      namedFlag(call, 'inline') === true ? library.renderInline(text) : library.render(text),
    );
  },
};
