import type { AssetSource, PrintSettings } from '../engine.ts';
import { assetPathOf, shownUrl } from '../isolation.ts';
import { imagePlaceholder, runningTemplateScript, type RunningTemplate } from '../running-template.ts';
import type { WarningList } from '../warning-list.ts';
import { CdpError, type CdpSession } from './cdp-session.ts';

/** The settings with a header and a footer that can do nothing but be printed; images by relative URL are in them. */
export async function withSafeTemplates(
  session: CdpSession,
  settings: PrintSettings,
  job: { readonly assets: AssetSource; readonly warnings: WarningList },
): Promise<PrintSettings> {
  const safe = async (html: string | undefined): Promise<string | undefined> =>
    html === undefined ? undefined : withImages(await cleaned(session, html), job);
  const [headerHtml, footerHtml] = await Promise.all([safe(settings.headerHtml), safe(settings.footerHtml)]);
  return { ...settings, headerHtml, footerHtml };
}

async function cleaned(session: CdpSession, html: string): Promise<RunningTemplate> {
  const reply = await session.send('Runtime.evaluate', {
    expression: runningTemplateScript(html),
    returnByValue: true,
  });
  const { value } = reply['result'] as { readonly value?: RunningTemplate };
  if (!value) throw new CdpError('Runtime.evaluate', 'The header or footer could not be read');
  return value;
}

async function withImages(
  template: RunningTemplate,
  job: { readonly assets: AssetSource; readonly warnings: WarningList },
): Promise<string> {
  if (template.scripts) job.warnings.add('SCRIPTS_OFF', 'Scripts in a header or footer never run.');
  for (const url of template.blocked) {
    job.warnings.add('REQUEST_BLOCKED', `Blocked in a header or footer: ${shownUrl(url)}`);
  }
  let { html } = template;
  for (const [index, url] of template.images.entries()) {
    const path = assetPathOf(url);
    const asset = path === undefined ? undefined : await job.assets(path);
    if (!asset) job.warnings.add('ASSET_NOT_FOUND', `There is no asset named "${path ?? url}"`);
    const data = asset && `data:${asset.mimeType};base64,${Buffer.from(asset.bytes).toString('base64')}`;
    html = html.replace(imagePlaceholder(index), () => data ?? '');
  }
  return html;
}
