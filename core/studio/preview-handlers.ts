import type { PreviewInput, PreviewOutput } from '../../contract/studio/preview.ts';
import { InfluxionError } from '../error.ts';
import { wholePdf } from '../pdf/references/print-until-still.ts';
import { printDocument, type PrintDeps } from '../document/print-document.ts';
import { placesIn } from '../document/printed-places.ts';
import { shrunkWarning } from '../document/shrunk-print.ts';
import { finishPreview } from './preview-finish.ts';
import type { Finisher } from '../pdf/finish/finisher.ts';
import type { TemplateLibrary } from '../templates/template.ts';
import { prepareEdited } from './preview-document.ts';
import { PreviewSession, type Made, type Turn } from './preview-session.ts';
import type { StudioHandlers } from './router.ts';

export interface PreviewHandlerDeps extends PrintDeps {
  readonly library: TemplateLibrary;
  readonly finisher: Finisher;
}

/** Editors that are open at once; the one that was quiet for longest is forgotten beyond them. */
const MOST_SESSIONS = 32;

type PreviewHandlers = Pick<StudioHandlers, 'preview.render' | 'preview.close'>;

/**
 * The way of a job without the queue: the same renderer, the same engine, before the jobs that wait for it. Errors of a
 * render: PREVIEW_SUPERSEDED, BAD_JSON, those of a job.
 */
export function createPreviewHandlers(deps: PreviewHandlerDeps): PreviewHandlers {
  const sessions = new Map<string, PreviewSession>();
  // A window knows nothing of the names that others chose.
  const keyOf = (client: string, session: string): string => JSON.stringify([client, session]);

  function sessionOf(key: string): PreviewSession {
    const session = sessions.get(key) ?? new PreviewSession();
    sessions.delete(key);
    sessions.set(key, session);
    for (const [oldest, quiet] of sessions) {
      if (sessions.size <= MOST_SESSIONS) break;
      sessions.delete(oldest);
      quiet.close();
    }
    return session;
  }

  return {
    'preview.render': (input, { client, signal }) =>
      sessionOf(keyOf(client, input.session)).render(signal, (turn) => makePreview(deps, input, turn)),
    'preview.close': ({ session }, { client }) => {
      const key = keyOf(client, session);
      sessions.get(key)?.close();
      sessions.delete(key);
      return {};
    },
  };
}

async function makePreview(
  deps: PreviewHandlerDeps,
  { template_id, edits, data }: PreviewInput,
  { signal, pageNumbers }: Turn,
): Promise<Made<PreviewOutput>> {
  const started = deps.clock.monotonic();
  const prepared = await prepareEdited(deps.library, template_id, edits);
  const run = () =>
    printDocument(deps, prepared, { data, signal, onStage: () => undefined, preview: { pageNumbers } });
  const { pdf, document, warnings, timings, passes, numbers } = await run().catch((error: unknown) => {
    // A browser that was lost costs a job another attempt, and nobody is told.
    if (InfluxionError.is(error) && error.code === 'ENGINE_CRASHED') return run();
    throw error;
  });
  const bytes = await wholePdf(pdf);
  const { pages, places } = placesIn(bytes, document.places);
  const shrunk = shrunkWarning(bytes, prepared.options.scale ?? 1);
  const printedAt = deps.clock.monotonic();
  const finished = await finishPreview(deps, { prepared, document, bytes, places, signal });
  const conform = deps.clock.monotonic() - printedAt;
  const total = deps.clock.monotonic() - started;
  return {
    output: {
      bytes: plain(finished.bytes),
      pages,
      places,
      warnings: [...(shrunk === undefined ? [] : [shrunk]), ...warnings, ...finished.warnings],
      conformance: finished.conformance,
      timings_ms: { ...timings, conform, total },
      passes,
    },
    pageNumbers: numbers,
  };
}

/** As the contract types it: not shared, and no Buffer. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
