/** One pane's preview: takes edits, asks the host, draws what comes back, keeps place and zoom. */
import type { PreviewOutput } from '../../../contract/studio/preview.ts';
import { HostFailure, type StudioHost } from '../../host/studio-host.ts';
import { DocumentViewer } from './document-viewer.ts';
import { nextTask } from './next-task.ts';
import { TOP, type Position, type Zoom } from './page-layout.ts';
import { loadPdfReader, type OpenPdf, type PdfReader } from './pdf-reader.ts';
import { placeAt, placeOf, type SourceLine } from './places.ts';
import { createPreviewRequests, type PreviewRequests, type Wanted } from './preview-requests.ts';
import { createPreviewStore, type PreviewStore } from './preview-store.ts';
import { TextFinder } from './text-finder.ts';

/** Marks in the browser's timeline: an edit was asked for, its pixels are on the screen. `detail.edit` numbers them. */
export const EDIT_MARK = 'influxion:edit';
export const PIXELS_MARK = 'influxion:pixels';

/** Where the reader was in each template, while the studio is open. */
const positions = new Map<string, Position>();
/** Each template's texts as it was opened first: edits are saved as they are typed, so the disk is no measure of change. */
const baselines = new Map<string, Readonly<Record<string, string>>>();
/** Kinds of files that make the document, beside its data. */
const COMPARED: ReadonlySet<string> = new Set(['html', 'css', 'partial', 'manifest']);
/** Files that are written by hand or by a program come in several steps, and an edit may follow at once. */
const REST_MS = 1500;

interface Arrived {
  readonly output: PreviewOutput;
  readonly edit: number;
  readonly templateId: string;
  readonly at: number;
}

export interface PreviewSession {
  readonly store: PreviewStore;
  readonly viewer: DocumentViewer;
  readonly finder: TextFinder;
  /** Shows a template with its edits; does nothing when that is what is shown or asked for. */
  want(wanted: Wanted): void;
  /** Asks for the same once more, at once. */
  again(): void;
  /**
   * Files changed on the disk, by whomever: asks once more when the edits rest. `paths` in the folder of the template; none
   * when nobody knows which.
   */
  refresh(paths?: readonly string[]): void;
  /** From now on the comparison is with what is in the editor now. */
  resetBaseline(): void;
  setZoom(zoom: Zoom, point?: { readonly x: number; readonly y: number }): void;
  /** Marks where the line is, and brings it into view when it is another one than before; nothing for the same object. */
  setCursor(cursor: SourceLine | null): void;
  /** Calls back with the line of a point that the person asked for, until disposed. */
  onSource(listener: (place: SourceLine) => void): () => void;
  close(): void;
}

/** `desk` is the element that scrolls. */
export function openPreviewSession(host: StudioHost, desk: HTMLElement): PreviewSession {
  const store = createPreviewStore();
  const editedAt = new Map<number, number>();
  let wanted: Wanted | undefined;
  let cursor: SourceLine | null = null;
  let goToSource: ((place: SourceLine) => void) | undefined;
  let next: Arrived | undefined;
  /** The newest edit that failed. */
  let failedEdit = 0;
  let isDrawing = false;
  let isClosed = false;
  let isOutdated = false;
  let isCrowded = false;
  let restTimer: ReturnType<typeof setTimeout> | undefined;

  const viewer = new DocumentViewer(desk, {
    onView: (view) => store.setState(view),
    onPoint: (page, y) => {
      const place = placeAt(store.getState().shown?.output.places ?? [], page, y);
      if (place !== undefined) goToSource?.({ path: place.path, line: place.line });
    },
    onExternalLink: (externalLink) => store.setState({ externalLink }),
  });
  const finder = new TextFinder(store, viewer);

  const markCursor = (reveals: boolean): void => {
    const { shown, page } = store.getState();
    const place =
      cursor === null || shown === undefined ? undefined : placeOf(shown.output.places, cursor, page);
    viewer.setMark(place);
    if (reveals && place !== undefined) viewer.reveal(place);
  };

  const show = async ({ output, edit, templateId, at }: Arrived): Promise<void> => {
    const reader = await loadPdfReader();
    // pdf.js takes the bytes over; these are kept for saving.
    const pdf = await reader.open(output.bytes.slice());
    const isOld = isClosed || templateId !== wanted?.template_id;
    if (isOld) pdf.destroy();
    else if (await viewer.show(reader, pdf)) afterNextFrame(() => present(reader, pdf, output, edit, at));
  };

  const present = (
    reader: PdfReader,
    pdf: OpenPdf,
    output: PreviewOutput,
    edit: number,
    at: number,
  ): void => {
    markLast(PIXELS_MARK, edit);
    if (isClosed || viewer.pdf !== pdf) return;
    const now = performance.now();
    const totalMs = now - (editedAt.get(edit) ?? at);
    for (const known of editedAt.keys()) if (known <= edit) editedAt.delete(known);
    store.setState({ shown: { reader, pdf, output, drawnMs: now - at, totalMs } });
    // Drawing takes time, in which a newer edit may have failed.
    if (edit > failedEdit) store.setState({ failure: undefined });
    markCursor(false);
    void finder.refresh();
  };

  const tellFailure = (failure: HostFailure, edit: number): void => {
    if (edit < failedEdit) return;
    failedEdit = edit;
    store.setState({ failure });
  };

  const drawAll = async (): Promise<void> => {
    isDrawing = true;
    for (let arrived = next; arrived !== undefined; arrived = next) {
      next = undefined;
      try {
        await show(arrived);
      } catch (error) {
        if (isClosed) break;
        const message = 'The document was printed but cannot be drawn here. Save it to look at it elsewhere.';
        tellFailure(new HostFailure(message, undefined, error), arrived.edit);
      }
    }
    isDrawing = false;
  };

  const unsubscribe = host.subscribe((event) => {
    if (event.type !== 'status.changed') return;
    const { queue, engine } = event.status;
    isCrowded = queue.in_progress >= engine.concurrency;
  });
  const sessionId = `preview-${crypto.randomUUID()}`;
  const requests: PreviewRequests = createPreviewRequests(host, sessionId, () => isCrowded, {
    onOutput: (output, edit, { template_id }) => {
      next = { output, edit, templateId: template_id, at: performance.now() };
      if (!isDrawing) void drawAll();
    },
    onFailure: tellFailure,
    onBusy: (isBusy) => store.setState({ isBusy }),
  });

  /** The data is sent as text, whatever sample it is from. */
  const isSent = (path: string): boolean => path.startsWith('samples/') || wanted?.edits[path] !== undefined;

  const askAtRest = (): void => {
    clearTimeout(restTimer);
    restTimer = setTimeout(() => {
      if (isOutdated && wanted !== undefined) ask(wanted);
    }, REST_MS);
  };

  const ask = (asked: Wanted): void => {
    isOutdated = false;
    const edit = requests.submit(asked);
    editedAt.set(edit, performance.now());
    markLast(EDIT_MARK, edit);
  };

  const setBaseline = (templateId: string, texts: Readonly<Record<string, string>>): void => {
    baselines.set(templateId, texts);
    if (templateId === wanted?.template_id) store.setState({ baseline: texts });
  };

  const readBaseline = async (templateId: string): Promise<void> => {
    if (baselines.has(templateId)) return;
    try {
      const { files } = await host.request('templates.open', { id: templateId });
      const texts = files
        .filter(({ kind }) => COMPARED.has(kind))
        .flatMap(({ path, text }) => (text === null ? [] : [[path, text]]));
      setBaseline(templateId, Object.fromEntries(texts) as Record<string, string>);
    } catch {
      // Without it there is no comparison and no guides; that the template cannot be read, its preview tells.
    }
  };

  const keepPosition = (): void => {
    if (wanted !== undefined && viewer.pdf !== undefined) positions.set(wanted.template_id, viewer.position);
  };

  return {
    store,
    viewer,
    finder,
    want(newly) {
      if (wanted !== undefined && isSame(wanted, newly)) return;
      if (newly.template_id !== wanted?.template_id) {
        keepPosition();
        finder.close();
        viewer.clear(positions.get(newly.template_id) ?? TOP);
        isOutdated = false;
        store.setState({
          shown: undefined,
          failure: undefined,
          page: 1,
          isComparing: false,
          baseline: baselines.get(newly.template_id),
        });
        void readBaseline(newly.template_id);
      }
      wanted = newly;
      const wasOutdated = isOutdated;
      ask(newly);
      isOutdated = wasOutdated;
      if (isOutdated) askAtRest();
    },
    again() {
      if (wanted !== undefined) ask(wanted);
    },
    refresh(paths) {
      // Of a text that was sent along nothing else was printed than what a save brought to the disk. What failed may be mended.
      const isFailed = store.getState().failure !== undefined;
      if (!isFailed && paths?.every((path) => isSent(path)) === true) return;
      isOutdated = true;
      askAtRest();
    },
    resetBaseline() {
      if (wanted !== undefined)
        setBaseline(wanted.template_id, { ...store.getState().baseline, ...wanted.edits });
    },
    setZoom(zoom, point) {
      store.setState({ zoom });
      viewer.setZoom(zoom, point);
    },
    setCursor(moved) {
      if (moved === cursor) return;
      const isOther = moved?.path !== cursor?.path || moved?.line !== cursor?.line;
      cursor = moved;
      markCursor(isOther);
    },
    onSource(listener) {
      goToSource = listener;
      return () => {
        goToSource = undefined;
      };
    },
    close() {
      keepPosition();
      isClosed = true;
      clearTimeout(restTimer);
      unsubscribe();
      requests.close();
      viewer.destroy();
    },
  };
}

function isSame(a: Wanted, b: Wanted): boolean {
  const paths = Object.keys(a.edits);
  return (
    a.template_id === b.template_id &&
    a.data === b.data &&
    paths.length === Object.keys(b.edits).length &&
    paths.every((path) => a.edits[path] === b.edits[path])
  );
}

/** Who observes marks is told of each; the timeline itself keeps the last one, or it would grow with every edit. */
function markLast(name: string, edit: number): void {
  performance.clearMarks(name);
  performance.mark(name, { detail: { edit } });
}

/** Calls back when the next frame has been handed to the screen. */
function afterNextFrame(callback: () => void): void {
  requestAnimationFrame(() => nextTask(callback));
}
