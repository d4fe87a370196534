import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { InfluxionError } from '../../core/error.ts';
import type { JobWarning } from '../../contract/job.ts';
import { resolvePrintSettings } from '../../core/pdf/print-settings.ts';
import type { Paths, PdfEngine } from '../../core/ports.ts';
import { findBrowser, type FoundBrowser } from '../engine/find-browser.ts';
import { openEngine } from '../open-engine.ts';
import { silentLogger } from '../silent-logger.ts';
import type { Finding } from './finding.ts';

const OTHER_BROWSER =
  'Name another browser with --browser PATH or INFLUXION_BROWSER; "npm" is the one that came along.';

const DEADLINE_MS = 60_000;

/** Letters of scripts that documents meet, none of them ASCII: they are looked for in the text of the warnings. */
const SCRIPTS: readonly (readonly [string, string])[] = [
  ['Latin', 'éßł'],
  ['Greek', 'Ωλ'],
  ['Cyrillic', 'Жд'],
  ['Arabic', 'سلام'],
  ['Hebrew', 'שלום'],
  ['Devanagari', 'नमस्ते'],
  ['Thai', 'สวัสดี'],
  ['Chinese', '漢字'],
  ['Japanese', 'かな'],
  ['Korean', '한국'],
  ['Emoji', '😀'],
];

const HOW: Record<FoundBrowser['source'], string> = {
  setting: 'named by --browser',
  environment: 'named by INFLUXION_BROWSER',
  installed: 'installed on this machine',
  npm: 'from the npm package @sparticuz/chromium',
};

/** A failure with its causes: here the reader is who has to mend it. */
function failed(id: string, label: string, error: unknown, fix?: string): Finding {
  const { message, details } = InfluxionError.from(error);
  const says = InfluxionError.is(error) ? [message] : [];
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at !== error || !InfluxionError.is(error)) says.push(at.message);
  }
  const mend = fix ?? details.hint;
  return { id, label, state: 'failed', says: says.join(' / '), ...(mend !== undefined && { fix: mend }) };
}

async function printPage(engine: PdfEngine, html: string): Promise<readonly JobWarning[]> {
  const { pdf, warnings } = await engine.print({
    html,
    settings: resolvePrintSettings({}, { header: undefined, footer: undefined }),
    assets: () => undefined,
    scripts: false,
    timeoutMs: DEADLINE_MS,
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!(pdf instanceof Uint8Array)) await buffer(pdf);
  return warnings;
}

const documentOf = (body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Doctor</title><body>${body}</body></html>`;

async function checkScripts(engine: PdfEngine): Promise<Finding> {
  const body = SCRIPTS.map(([, letters]) => `<p>${letters}</p>`).join('');
  const warnings = await printPage(engine, documentOf(body));
  const missing = warnings
    .filter(({ code }) => code === 'GLYPH_MISSING')
    .map(({ message }) => message)
    .join(' ');
  const without = SCRIPTS.filter(([, letters]) =>
    Array.from(letters).some((letter) => missing.includes(letter)),
  );
  const covered = SCRIPTS.filter((script) => !without.includes(script)).map(([name]) => name);
  const finding = { id: 'fonts.scripts', label: 'Scripts' } as const;
  if (without.length === 0) return { ...finding, state: 'ok', says: `letters for ${covered.join(', ')}` };
  return {
    ...finding,
    state: 'note',
    says: `letters for ${covered.join(', ')}; none for ${without.map(([name]) => name).join(', ')}`,
    fix: 'Install a font that has them, such as Noto, or put one into the folder of the template and name it in its CSS.',
  };
}

async function countFonts(paths: Paths): Promise<Finding> {
  const files = await readdir(join(paths.assets, 'fonts'), { recursive: true });
  const fonts = files.filter((file) => /\.(ttf|otf|ttc|woff2)$/i.test(file));
  const finding = { id: 'fonts', label: 'Fonts' } as const;
  if (fonts.length > 0) return { ...finding, state: 'ok', says: `${fonts.length} font files shipped` };
  return {
    ...finding,
    state: 'failed',
    says: 'the shipped fonts are missing',
    fix: 'Install Influxion again.',
  };
}

/** Finds the browser, prints with it, and looks at what its fonts can write. */
export async function checkEngine(paths: Paths, browser: string | undefined): Promise<Finding[]> {
  const fonts = await countFonts(paths);
  let found: FoundBrowser;
  try {
    found = await findBrowser({ browser, cacheDir: paths.cache });
  } catch (error) {
    return [fonts, failed('engine', 'Browser', error)];
  }
  const engine = openEngine({
    browser,
    workers: 1,
    cacheFolder: paths.cache,
    assetsFolder: paths.assets,
    logger: silentLogger,
  });
  const where: Finding = {
    id: 'engine',
    label: 'Browser',
    state: 'ok',
    says: `${found.path}, ${HOW[found.source]}`,
  };
  try {
    const started = performance.now();
    await engine.start();
    const ready = performance.now();
    await printPage(engine, documentOf('<h1>Influxion</h1>'));
    const printed = performance.now();
    const says =
      `${engine.status().product ?? 'unknown product'}: started in ${(ready - started).toFixed(0)} ms, ` +
      `printed a page in ${(printed - ready).toFixed(0)} ms`;
    const prints: Finding = { id: 'engine.print', label: 'Printing', state: 'ok', says };
    return [where, prints, fonts, await checkScripts(engine)];
  } catch (error) {
    return [where, failed('engine.print', 'Printing', error, OTHER_BROWSER), fonts];
  } finally {
    await engine.close();
  }
}
