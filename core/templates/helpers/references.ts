/** Page numbers of the document itself. See templates/references/page-numbers.ts for how they are found. */
import { tocMark } from '../references/table-of-contents.ts';
import { isNothing, namedFlag, namedInteger, textAt } from './arguments.ts';
import { HelperFault, SafeHtml, type Helper } from './helper.ts';

const MAX_ID = 500;
/** h1 to h3. */
const LEVELS = [1, 3] as const;

export const REFERENCE_HELPERS: readonly Helper[] = [
  {
    name: 'pageOf',
    group: 'references',
    signature: 'pageOf "#id"',
    doc: 'The number of the page on which the element with this id begins; "?" when nothing with this id is printed.',
    example: { template: 'see page {{pageOf "#terms"}}', data: {}, output: 'see page 1' },
    args: [1, 1],
    call: (args, call) => {
      if (isNothing(args[0])) return undefined;
      const id = textAt(args, 0, call).replace(/^#/, '');
      if (id === '' || id.length > MAX_ID) {
        throw new HelperFault(`takes an id of 1 to ${MAX_ID} characters`, 'Write {{pageOf "#terms"}}.');
      }
      return call.references.pageOf(id);
    },
  },
  {
    name: 'pageCount',
    group: 'references',
    signature: 'pageCount',
    doc: 'How many pages the document has.',
    example: { template: '{{pageCount}} {{plural (pageCount) "page" "pages"}}', data: {}, output: '1 page' },
    args: [0, 0],
    call: (_args, call) => call.references.pageCount(),
  },
  {
    name: 'toc',
    group: 'references',
    signature: 'toc [from=1] [depth=3] [all=true]',
    doc: 'A table of contents with links and page numbers: the headings h1 to h3 that follow it, from= the first level, depth= how many; all= also those before it.',
    example: { template: '{{#if (toc depth=2)}}listed{{/if}}', data: {}, output: 'listed' },
    args: [0, 0],
    named: ['from', 'depth', 'all'],
    call: (_args, call) => {
      const from = namedInteger(call, 'from', LEVELS) ?? 1;
      const depth = namedInteger(call, 'depth', LEVELS) ?? LEVELS[1];
      return new SafeHtml(tocMark(call.references, { from, depth, all: namedFlag(call, 'all') ?? false }));
    },
  },
];
