import { isNothing, namedFlag, textAt } from './arguments.ts';
import { HelperFault, SafeHtml, type Helper } from './helper.ts';
import { markdownLibrary } from './libraries.ts';

/** Far more than a book; the parser keeps several objects for every word. */
const MAX_LENGTH = 1_000_000;
const BYTES_PER_CHARACTER = 200;

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
    if (text.length > MAX_LENGTH) {
      throw new HelperFault(`takes at most ${MAX_LENGTH} characters, not ${text.length}`);
    }
    call.guardHeap(text.length * BYTES_PER_CHARACTER);
    const library = markdownLibrary();
    return new SafeHtml(
      namedFlag(call, 'inline') === true ? library.renderInline(text) : library.render(text),
    );
  },
};
