/** Rows that are printed together by a stand-in for the browser, and the pipeline that takes their prints. */
import { batchFolders } from '../../core/batch/batch-folders.ts';
import { createRowGangs, type RowGangs } from '../../core/batch/ahead/row-gangs.ts';
import { createPinnedTemplates, withPinned } from '../../core/batch/pin/pinned-templates.ts';
import type { GangPrint, GangRow } from '../../core/document/gang/gang-printer.ts';
import { createPrintsAhead, type PrintsAhead } from '../../core/document/gang/prints-ahead.ts';
import { Trust } from '../../core/document/gang/trust.ts';
import { dataOf } from '../../core/document/prepare-document.ts';
import type { PrintedDocument } from '../../core/document/print-document.ts';
import type { RunPipeline } from '../../core/jobs/pipeline.ts';
import { createTemplateLibrary } from '../../core/templates/library.ts';
import { pdfOf, silentLogger } from './job-world.ts';

export const ROWS_A_PRINT = 8;

export interface StandInGangs {
  readonly gangs: RowGangs;
  readonly ahead: PrintsAhead;
  /** Rows of every print that was begun. */
  readonly prints: (readonly GangRow[])[];
  /** Texts of the data that were printed singly. */
  readonly singly: string[];
  readonly run: () => RunPipeline;
}

export interface StandInOptions {
  /** Between the beginning of a print and its end. */
  readonly during?: (rows: readonly GangRow[], signal: AbortSignal) => Promise<void>;
  /** Which rows a print has to leave out. */
  readonly leavesOut?: (data: string) => boolean;
  /** Before a row is printed by itself. */
  readonly alone?: (data: string) => Promise<void>;
  readonly maxBytes?: number;
  readonly reason?: string;
}

export const printedTogether = (data: string): PrintedDocument => ({
  pdf: pdfOf(`together ${data}`),
  warnings: [],
  document: { html: data, header: undefined, footer: undefined, attached: {}, places: [] },
  passes: 1,
  numbers: undefined,
  timings: { render: 1, print: 2 },
});

export function standInGangs(folder: string, options: StandInOptions = {}): StandInGangs {
  const { during, leavesOut, alone, maxBytes = 1_000_000, reason } = options;
  const ahead = createPrintsAhead(maxBytes);
  const prints: (readonly GangRow[])[] = [];
  const singly: string[] = [];
  const templates = createTemplateLibrary({ folder: `${folder}/templates`, logger: silentLogger });
  const gangs = createRowGangs({
    ahead,
    library: withPinned(templates, createPinnedTemplates(batchFolders(folder).pins)),
    most: 2,
    printer: {
      prepare: (prepared) => reason ?? { prepared, rows: ROWS_A_PRINT, trust: new Trust() },
      async print(_plan, rows, signal) {
        prints.push(rows);
        await during?.(rows, signal);
        return rows.map(({ data }): GangPrint =>
          leavesOut?.(data) === true
            ? { kind: 'singly', reason: 'it is left out' }
            : { kind: 'printed', document: printedTogether(data) },
        );
      },
    },
  });
  return {
    gangs,
    ahead,
    prints,
    singly,
    run: () => async (request) => {
      const data = dataOf(request);
      const made = ahead.take(request, data);
      if (made === undefined) {
        singly.push(data);
        await alone?.(data);
      }
      return { pdf: made?.pdf ?? pdfOf(`alone ${data}`), warnings: [], timings: made?.timings ?? {} };
    },
  };
}
