/**
 * Prints that were made with others before the jobs that want them ran. They are told apart by what they were made of, template and
 * data, so a row whose data was mended meanwhile finds nothing and is printed anew. In memory only: whatever is lost is printed again.
 */
import type { GenerateRequest } from '../../../contract/job.ts';
import type { PrintedDocument } from '../print-document.ts';

export interface PrintsAhead {
  /** Hands a print out, once. Undefined: there is none, print it. `data`: JSON text. */
  take(request: GenerateRequest, data: string): PrintedDocument | undefined;
  /** What lets go of it, unless it was handed out. Undefined when there is no room for it. */
  put(
    request: GenerateRequest,
    data: string,
    print: { readonly document: PrintedDocument; readonly bytes: number },
  ): (() => void) | undefined;
  /** Of all files that are kept. */
  readonly bytes: number;
}

interface Kept {
  readonly document: PrintedDocument;
  /** Of the file. */
  readonly bytes: number;
}

/** What a request for a row says: its print is made of the first two. */
const OF_ROWS: ReadonlySet<string> = new Set(['html_template', 'data', 'document_id']);

/** Undefined for a request that asks for more. */
function keyOf(request: GenerateRequest, data: string): string | undefined {
  const { id } = request.html_template;
  const asksForMore = Object.entries(request).some(([name, value]) => value != null && !OF_ROWS.has(name));
  return id == null || asksForMore ? undefined : `${id}\n${data}`;
}

/** `maxBytes`: of all files that are kept. */
export function createPrintsAhead(maxBytes: number): PrintsAhead {
  /** Equal rows have equal prints, each its own. */
  const kept = new Map<string, Kept[]>();
  let bytes = 0;

  function remove(key: string, which: (prints: readonly Kept[]) => number): Kept | undefined {
    const prints = kept.get(key) ?? [];
    const at = which(prints);
    const [print] = at < 0 ? [] : prints.splice(at, 1);
    if (prints.length === 0) kept.delete(key);
    bytes -= print?.bytes ?? 0;
    return print;
  }

  return {
    take(request, data) {
      const key = kept.size === 0 ? undefined : keyOf(request, data);
      return key === undefined ? undefined : remove(key, ({ length }) => (length > 0 ? 0 : -1))?.document;
    },
    put(request, data, print) {
      const key = keyOf(request, data);
      if (key === undefined || bytes + print.bytes > maxBytes) return undefined;
      const one = { ...print };
      const prints = kept.get(key);
      if (prints === undefined) kept.set(key, [one]);
      else prints.push(one);
      bytes += one.bytes;
      return () => void remove(key, (all) => all.indexOf(one));
    },
    get bytes() {
      return bytes;
    },
  };
}
