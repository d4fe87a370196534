/** Waits until nothing of a document is on its way any more. */
import type { FontGroup } from '../font-scripts.ts';
import { shownUrl } from '../isolation.ts';
import { readinessScript, type ReadinessFindings } from '../readiness.ts';
import type { WarningList } from '../warning-list.ts';
import { CdpError, type CdpSession } from './cdp-session.ts';
import type { FontCheck } from './font-inspection.ts';
import type { RequestTracker } from './page-events.ts';

/** Style sheets that import style sheets; scripts that never stop fetching. */
const MOST_ROUNDS = 20;

/**
 * Runs the readiness script until no request came in meanwhile, and what collects fonts right behind it, which saves a
 * turn of the pipe. Bounded by the caller, who closes the connection.
 */
export async function settle(
  session: CdpSession,
  tracker: RequestTracker,
  job: {
    readonly fonts: FontCheck | undefined;
    readonly warnings: WarningList;
    readonly scripts: boolean;
    /** The load event. The script is sent before it: mostly there is nothing to wait for. */
    readonly loaded: Promise<unknown>;
  },
): Promise<readonly FontGroup[] | undefined> {
  const expression = readinessScript({ template: job.scripts });
  for (let round = 1; ; round += 1) {
    const { finished } = tracker;
    const [result, groups] = await Promise.all([
      session.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }),
      job.fonts?.collect(session),
    ]);
    await job.loaded;
    const quiet = tracker.isQuietSince(finished);
    if (quiet || round === MOST_ROUNDS) {
      reportFindings(readinessFindings(result), job.warnings);
      // A script may have changed the page after the fonts were collected.
      return job.scripts ? job.fonts?.collect(session) : groups;
    }
    await tracker.idle();
  }
}

function readinessFindings(result: Record<string, unknown>): ReadinessFindings {
  const { value } = result['result'] as { readonly value?: ReadinessFindings };
  if (value) return value;
  const details = result['exceptionDetails'] as { readonly text?: string } | undefined;
  throw new CdpError('Runtime.evaluate', details?.text ?? 'The readiness script failed');
}

function reportFindings(findings: ReadinessFindings, warnings: WarningList): void {
  for (const url of findings.images) {
    const shown = shownUrl(url);
    if (warnings.isKnown(shown)) continue;
    warnings.add('IMAGE_FAILED', `The image ${shown} could not be shown`);
  }
  for (const family of findings.fonts) {
    warnings.add('FONT_FAILED', `The font ${family} of @font-face could not be used`);
  }
  if (findings.rejected !== undefined) {
    warnings.add('SCRIPT_ERROR', `window.influxionReady was rejected: ${findings.rejected}`);
  }
}
