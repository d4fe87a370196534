/** Linux: has this app's Chromium take the shipped fonts first, so that a document gets the same pages on every machine. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SHIPPED_FAMILIES } from '../../core/pdf/font-aliases.ts';
import { planFontConfiguration } from '../../core/pdf/fontconfig.ts';

/**
 * To be called before the app is ready: Chromium reads its fonts' configuration once. False where Chromium takes its fonts
 * from the platform alone, or when the configuration cannot be written.
 */
export function usePrivateFonts(
  folders: { readonly cacheDir: string; readonly fontsDir: string },
  onError: (error: unknown) => void,
): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { file, xml } = planFontConfiguration({ ...folders, shipped: SHIPPED_FAMILIES });
    const aside = `${file}.${randomUUID()}`;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(aside, xml, { mode: 0o600 });
    renameSync(aside, file);
    process.env['FONTCONFIG_FILE'] = file;
    return true;
  } catch (error) {
    onError(error);
    return false;
  }
}
