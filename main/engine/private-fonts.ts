/** Linux: whether this app's Chromium takes the shipped fonts first, so that a document gets the same pages everywhere. */
import { SHIPPED_FAMILIES } from '../../core/pdf/font-aliases.ts';
import { planFontConfiguration } from '../../core/pdf/fontconfig.ts';

/**
 * True when whoever started the app set FONTCONFIG_FILE to the configuration that belongs to these folders. The app cannot do
 * it by itself: Chromium has read its fonts' configuration before the first line of the app runs (seen on Electron 22).
 */
export function hasPrivateFonts(
  folders: { readonly cacheDir: string; readonly fontsDir: string },
  env: NodeJS.ProcessEnv,
): boolean {
  if (process.platform !== 'linux') return false;
  return env['FONTCONFIG_FILE'] === planFontConfiguration({ ...folders, shipped: SHIPPED_FAMILIES }).file;
}
