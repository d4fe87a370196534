/**
 * Prints many documents of one template in one pass and cuts the files out: setting and printing a small document costs more
 * than its content. Only where that changes nothing: the documents must be such that they cannot touch each other
 * (row-parts.ts), every file must show its own characters alone (split/shown-text.ts), and the first ones and samples of all later
 * ones must be what a print of their own gives (compare.ts). Whatever is in doubt is printed singly.
 */
import type { PrintRequest } from '../../pdf/engine.ts';
import type { CutDocument } from '../../pdf/assembly/split/split-task.ts';
import { wholePdf } from '../../pdf/references/print-until-still.ts';
import type { PdfWorkers } from '../../pdf/worker/pdf-workers.ts';
import type { Logger } from '../../ports.ts';
import type { RenderedDocument } from '../../templates/renderer.ts';
import type { PreparedDocument } from '../prepare-document.ts';
import {
  DEFAULT_TIMEOUT_MS,
  printDocument,
  printRequest,
  renderRequest,
  type PrintDeps,
  type PrintedDocument,
} from '../print-document.ts';
import { ONE_STYLE } from './page-rules.ts';
import { rowParts, type RowParts } from './row-parts.ts';
import { reasonAgainst } from './template-check.ts';
import { Trust } from './trust.ts';

/** What the documents of one batch have in common, and what is known of their prints. */
export interface GangPlan {
  readonly prepared: PreparedDocument;
  /** How many rows a call of `print` is best given. */
  readonly rows: number;
  readonly trust: Trust;
}

export interface GangRow {
  /** JSON text. */
  readonly data: string;
}

/** The print of a row, or why it must be printed by itself. */
export type GangPrint =
  | { readonly kind: 'printed'; readonly document: PrintedDocument }
  | { readonly kind: 'singly'; readonly reason: string };

export interface GangPrinter {
  /** Once for all rows of a template; in words why its documents must be printed singly. */
  prepare(prepared: PreparedDocument): GangPlan | string;
  /**
   * One result a row, in their order. A row that cannot be rendered or printed with others is to be printed singly, which tells
   * its error. Errors: the reason of the aborted signal.
   */
  print(plan: GangPlan, rows: readonly GangRow[], signal: AbortSignal): Promise<GangPrint[]>;
}

export interface GangDeps extends PrintDeps {
  readonly workers: Pick<PdfWorkers, 'run'>;
  readonly logger: Logger;
}

/**
 * Points: what lies further down in a print is placed in numbers of 24 bits that are coarser than a thousandth of a point, and
 * edges come out otherwise than alone.
 */
const DEEPEST = 2 ** 14;
/**
 * Pages of A4 above that. More smaller ones would gain little, cost more rows when one fails, and hold a page for longer than
 * others should wait.
 */
const ROWS = 19;

interface Row {
  readonly index: number;
  readonly data: string;
  readonly rendered: RenderedDocument;
  readonly renderMs: number;
  readonly parts: RowParts;
}

export function createGangPrinter(deps: GangDeps): GangPrinter {
  return {
    prepare(prepared) {
      return reasonAgainst(prepared) ?? { prepared, rows: ROWS, trust: new Trust() };
    },

    async print(plan, rows, signal) {
      const results: GangPrint[] = rows.map(() => singly('it was not printed with others'));
      const groups = new Map<string, Row[]>();
      for (const [index, { data }] of rows.entries()) {
        // One by one: what somebody waits for comes between.
        const row = await renderRow(deps, plan, { data, index, signal });
        if (typeof row === 'string') results[index] = singly(row);
        else if (plan.trust.isBroken(row.parts.shell))
          results[index] = singly('such documents are better printed singly');
        else groups.set(row.parts.key, [...(groups.get(row.parts.key) ?? []), row]);
      }
      for (const group of groups.values()) {
        for (const part of gangsOf(group, plan.trust)) {
          signal.throwIfAborted();
          const prints =
            part.length < LEAST
              ? 'too few of its kind go into one print'
              : await printGang(deps, plan, part, signal);
          part.forEach(({ index }, place) => {
            results[index] =
              typeof prints === 'string' ? singly(prints) : (prints[place] ?? singly('it is missing'));
          });
        }
      }
      return results;
    },
  };
}

/** Fewer gain nothing. */
const LEAST = 3;
/** Of HTML in one print: large documents gain nothing, and take memory together. */
const MOST_CHARACTERS = 1_500_000;

function gangsOf(rows: readonly Row[], trust: Trust): Row[][] {
  const fitting = trust.fitting(rows[0]?.parts.shell ?? '', DEEPEST) ?? ROWS;
  const most = Math.min(ROWS, Math.max(1, fitting));
  const gangs: Row[][] = [];
  let gang: Row[] = [];
  let characters = 0;
  for (const row of rows) {
    const { length } = row.rendered.html;
    if (gang.length >= most || characters + length > MOST_CHARACTERS) {
      gangs.push(gang);
      gang = [];
      characters = 0;
    }
    gang.push(row);
    characters += length;
  }
  return [...gangs, gang];
}

const singly = (reason: string): GangPrint => ({ kind: 'singly', reason });

/** The row, or in words why it is to be printed singly. */
async function renderRow(
  { renderer, clock }: GangDeps,
  { prepared }: GangPlan,
  { data, index, signal }: { readonly data: string; readonly index: number; readonly signal: AbortSignal },
): Promise<Row | string> {
  const started = clock.monotonic();
  let rendered: RenderedDocument;
  try {
    rendered = await renderer.render(renderRequest(prepared, data, signal));
  } catch {
    signal.throwIfAborted();
    // Printed singly, it fails with this error.
    return 'it cannot be rendered';
  }
  if (rendered.references !== undefined) return 'it shows its own page numbers';
  const parts = rowParts(rendered.html);
  if (typeof parts === 'string') return parts;
  return { index, data, rendered, renderMs: clock.monotonic() - started, parts };
}

/** A print for each, or why all are to be printed singly. */
async function printGang(
  deps: GangDeps,
  { prepared, trust }: GangPlan,
  gang: readonly Row[],
  signal: AbortSignal,
): Promise<GangPrint[] | string> {
  const { engine, workers, clock, logger } = deps;
  const [first] = gang;
  if (first === undefined) return [];
  const started = clock.monotonic();
  const request = gangRequest(prepared, gang, signal);
  const printed = await engine.print(request).catch(() => undefined);
  signal.throwIfAborted();
  const { shell } = first.parts;
  const none = (reason: string): string => {
    trust.note(
      shell,
      gang.map(() => false),
    );
    return reason;
  };
  if (printed?.bodies === undefined) return none('printing it with others failed');
  if (printed.warnings.length > 0) return none('there is something to warn of');
  const limits = { timeoutMs: request.timeoutMs, signal };
  const { bodies } = printed;
  const task = {
    pdf: await wholePdf(printed.pdf),
    documents: gang.map(({ parts }, index) => {
      const { title = '', text = '' } = bodies[index] ?? {};
      return { name: nameOf(index), title, text: `${text} ${parts.page.text}` };
    }),
  };
  const cuts = await workers.run<'split'>({ kind: 'split', task }, limits).catch(() => undefined);
  signal.throwIfAborted();
  if (cuts === undefined) return none('the print cannot be cut');
  const printMs = (clock.monotonic() - started) / gang.length;
  const prints = gang.map((row, index): GangPrint => {
    const cut = cuts[index];
    if (cut === undefined) return singly('it is missing');
    if (cut.end > DEEPEST) return singly('it would lie too far down in the print');
    if (cut.pages > 1 && row.parts.page.isOnePage) return singly('it has more pages than one');
    return {
      kind: 'printed',
      document: {
        pdf: cut.pdf,
        warnings: [],
        document: row.rendered,
        passes: 1,
        numbers: undefined,
        timings: { render: row.renderMs, print: printMs },
      },
    };
  });
  trust.measure(shell, gang.length, cuts.at(-1)?.end ?? 0);
  if ((trust.fitting(shell, DEEPEST) ?? LEAST) < LEAST) trust.lose(shell);
  const isWhole = prints.map(({ kind }) => kind === 'printed');
  trust.note(
    shell,
    // That one lies too far down says nothing of its kind.
    isWhole.filter((_, index) => (cuts[index]?.end ?? 0) <= DEEPEST),
  );
  for (const index of trust.samples(shell, isWhole)) {
    const [row, cut] = [gang[index], cuts[index]];
    if (row === undefined || cut === undefined) continue;
    const difference = await differenceOf(deps, prepared, { row, cut, signal });
    if (difference !== undefined) {
      trust.lose(shell);
      logger.info({ difference }, 'Documents are printed singly: one that was printed with others differed');
      return 'a sample differed';
    }
    trust.learn(shell, cut.difference);
  }
  return prints.map((print, index) =>
    print.kind === 'printed' && trust.knows(shell, cuts[index]?.difference ?? '')
      ? print
      : singly(
          print.kind === 'singly'
            ? print.reason
            : 'it shows other characters than its own, or not all of them',
        ),
  );
}

const nameOf = (index: number): string => `influxion-document-${index}`;

function gangRequest(prepared: PreparedDocument, gang: readonly Row[], signal: AbortSignal): PrintRequest {
  const [first] = gang;
  const rendered = first?.rendered;
  if (first === undefined || rendered === undefined) throw new Error('There is nothing to print');
  const { page } = first.parts;
  const isShared = page.isPlain && gang.every(({ parts }) => parts.page.css('') === page.css(''));
  const rules = isShared
    ? page.css('')
    : gang.map(({ parts }, index) => parts.page.css(nameOf(index))).join('\n');
  return {
    ...printRequest(prepared, rendered, signal),
    html: `${first.parts.shell}<style>${ONE_STYLE}\n${rules}</style><body></body></html>`,
    bodies: gang.map(({ rendered: { html } }, index) => ({
      html,
      name: nameOf(index),
      hasOwnPages: !isShared,
    })),
    urgency: 'ahead',
    timeoutMs: prepared.options.timeout_ms ?? DEFAULT_TIMEOUT_MS,
  };
}

/** Of a file that was cut out from one that is printed by itself. */
async function differenceOf(
  deps: GangDeps,
  prepared: PreparedDocument,
  { row, cut, signal }: { readonly row: Row; readonly cut: CutDocument; readonly signal: AbortSignal },
): Promise<string | undefined> {
  try {
    const run = { data: row.data, signal, onStage: () => undefined, urgency: 'ahead' } as const;
    const alone = await printDocument(deps, prepared, run);
    if (alone.warnings.length > 0) return 'printed by itself, there is something to warn of';
    const task = { alone: await wholePdf(alone.pdf), cut: cut.pdf };
    const limits = { timeoutMs: prepared.options.timeout_ms ?? DEFAULT_TIMEOUT_MS, signal };
    return await deps.workers.run<'compare'>({ kind: 'compare', task }, limits);
  } catch (error) {
    signal.throwIfAborted();
    return `it could not be compared: ${error instanceof Error ? error.message : String(error)}`;
  }
}
