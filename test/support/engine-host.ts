/** A host for tests that kill it: prints a document, then one whose script never ends. */
import { createCdpEngine } from '../../headless/engine/cdp-engine.ts';
import { shippedFonts, silentLogger } from './engine-folders.ts';
import { printRequest } from './engine-requests.ts';

const [, , cacheDir = ''] = process.argv;
const engine = createCdpEngine({
  browser: 'npm',
  cacheDir,
  fontsDir: shippedFonts,
  concurrency: 1,
  logger: silentLogger,
});
await engine.print(printRequest('<p>x'));
const hang = engine.print(
  printRequest('<script>while (true);</script>', { scripts: true, timeoutMs: 60_000 }),
);
setTimeout(() => process.stdout.write('hanging\n'), 200);
await hang;
