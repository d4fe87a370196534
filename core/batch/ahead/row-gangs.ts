/** Prints rows of a batch together, where its template allows that, and keeps the prints until the jobs of the rows ask for them. */
import type { GenerateRequest } from '../../../contract/job.ts';
import type { GangPlan, GangPrinter } from '../../document/gang/gang-printer.ts';
import type { PrintsAhead } from '../../document/gang/prints-ahead.ts';
import { dataOf, prepareDocument } from '../../document/prepare-document.ts';
import { wholePdf } from '../../pdf/references/print-until-still.ts';
import type { TemplateFinder } from '../../templates/template.ts';

export interface RowGangsDeps {
  readonly printer: GangPrinter;
  readonly ahead: Pick<PrintsAhead, 'put'>;
  /** The pinned templates. */
  readonly library: TemplateFinder;
  /** Prints of all batches at once. */
  readonly most: number;
}

export interface RowGangs {
  /** Undefined: documents of this pinned template are printed singly. Errors: those of loading it. */
  open(pin: string): Promise<RowGang | undefined>;
}

export interface RowGang {
  /** How many rows the next print may have; 0: none for now. */
  room(): number;
  /** Whether documents of the template turned out to be better printed singly. */
  readonly isHopeless: boolean;
  /**
   * For each row what lets go of its print, or undefined for one that is printed when its job runs. Errors: the reason of the
   * aborted signal.
   */
  print(requests: readonly GenerateRequest[], signal: AbortSignal): Promise<((() => void) | undefined)[]>;
}

/** Rows after which it is known whether printing them together pays off, and the least share of them for which it must. */
const TRIAL_ROWS = 80;
const LEAST_KEPT = 0.3;
/** Of the files of one print; large documents gain little. */
const GANG_BYTES = 8 * 1024 * 1024;

export function createRowGangs({ printer, ahead, library, most }: RowGangsDeps): RowGangs {
  let printing = 0;

  function gangOf(plan: GangPlan): RowGang {
    let tried = 0;
    let kept = 0;
    let bytes = 0;
    return {
      room() {
        if (printing >= most) return 0;
        const perDocument = kept === 0 ? 0 : bytes / kept;
        return Math.max(1, Math.min(plan.rows, Math.floor(GANG_BYTES / Math.max(1, perDocument))));
      },
      get isHopeless() {
        return tried >= TRIAL_ROWS && kept < tried * LEAST_KEPT;
      },
      async print(requests, signal) {
        printing += 1;
        try {
          const rows = requests.map((request) => ({ data: dataOf(request) }));
          const prints = await printer.print(plan, rows, signal);
          const files = await Promise.all(
            prints.map(async (print) =>
              print.kind === 'printed' ? wholePdf(print.document.pdf) : undefined,
            ),
          );
          signal.throwIfAborted();
          tried += rows.length;
          return requests.map((request, at) => {
            const [print, file] = [prints[at], files[at]];
            if (print?.kind !== 'printed' || file === undefined) return undefined;
            kept += 1;
            bytes += file.length;
            const document = { ...print.document, pdf: file };
            return ahead.put(request, rows[at]?.data ?? '', { document, bytes: file.length });
          });
        } finally {
          printing -= 1;
        }
      },
    };
  }

  return {
    async open(pin) {
      const plan = printer.prepare(await prepareDocument(library, { html_template: { id: pin } }));
      return typeof plan === 'string' ? undefined : gangOf(plan);
    },
  };
}
