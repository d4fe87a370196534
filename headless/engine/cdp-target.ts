/** A page of a browser process, as a target of its pipe. */
import type { PageTarget, Printed } from '../../core/pdf/page/page-target.ts';
import type { CdpConnection } from './cdp-connection.ts';
import { dataOf } from './cdp-message.ts';
import type { BrowserKind } from './find-browser.ts';
import { leavesFramesToUs } from './launch-flags.ts';
import { readPdfStream } from './pdf-stream.ts';
import { printParameters } from './print-parameters.ts';

const OPEN_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 2000;
const FRAME_TIMEOUT_MS = 20_000;

/** Opens an empty page in a context of its own (`isolated`, for scripts) or in the browser's first one. */
export async function openCdpTarget(
  connection: CdpConnection,
  { isolated, browser }: { readonly isolated: boolean; readonly browser: BrowserKind },
): Promise<PageTarget> {
  const open = (method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> =>
    connection.send(method, params, OPEN_TIMEOUT_MS);
  const browserContextId = isolated
    ? String((await open('Target.createBrowserContext', { disposeOnDetach: true }))['browserContextId'])
    : undefined;
  const framesAreOurs = !isolated && leavesFramesToUs(browser);
  const target = await open('Target.createTarget', {
    url: 'about:blank',
    ...(browserContextId !== undefined && { browserContextId }),
    ...(framesAreOurs && { enableBeginFrameControl: true }),
  });
  const targetId = String(target['targetId']);
  const attached = await open('Target.attachToTarget', { targetId, flatten: true });
  const session = connection.session(String(attached['sessionId']));

  return {
    session,
    frameId: targetId,
    printsInTurn: true,
    ...(framesAreOurs && {
      async drawFrame() {
        await session.send('HeadlessExperimental.beginFrame', {}, FRAME_TIMEOUT_MS);
      },
    }),
    // They all become requests, which the gate refuses.
    onNavigationRefused: () => undefined,
    async print(settings, stream): Promise<Printed> {
      const result = await session.send('Page.printToPDF', printParameters(settings, stream));
      const handle = result['stream'];
      if (!stream || typeof handle !== 'string') return { bytes: dataOf(result) };
      return { stream: (reading) => readPdfStream(session, handle, reading) };
    },
    giveUp: (reason) => connection.close(reason),
    async close() {
      await (browserContextId === undefined
        ? connection.send('Target.closeTarget', { targetId }, CLOSE_TIMEOUT_MS)
        : connection.send('Target.disposeBrowserContext', { browserContextId }, CLOSE_TIMEOUT_MS));
    },
  };
}
