/**
 * The private font configuration of the browser on Linux: our fonts first, with the aliases that documents expect,
 * then the system's for the scripts that ours do not cover. The same template so gives the same pages on every machine.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FONT_ALIASES, GENERIC_FONTS } from './font-aliases.ts';

export interface FontFolders {
  readonly cacheDir: string;
  readonly fontsDir: string;
  /** Families that lie in `fontsDir`; an alias to a family that is not there is left out, so that the system's choice stays. */
  readonly shipped: readonly string[];
}

/** The configuration and the file that it belongs into, which is another one for every other configuration. */
export function planFontConfiguration(options: FontFolders): { readonly file: string; readonly xml: string } {
  const xml = fontConfiguration({
    folders: [options.fontsDir, ...systemFontFolders()],
    cache: path.join(options.cacheDir, 'fontconfig', 'cache'),
    shipped: options.shipped,
  });
  const name = createHash('sha256').update(xml).digest('hex').slice(0, 16);
  return { file: path.join(options.cacheDir, 'fontconfig', `fonts-${name}.conf`), xml };
}

/** Writes the configuration once for each set of folders and returns its file. */
export async function writeFontConfiguration(options: FontFolders): Promise<string> {
  const { file, xml } = planFontConfiguration(options);
  const aside = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(aside, xml, { mode: 0o600 });
  await rename(aside, file);
  return file;
}

function systemFontFolders(): string[] {
  const home = os.homedir();
  return [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    path.join(home, '.local', 'share', 'fonts'),
    path.join(home, '.fonts'),
  ];
}

/** fontconfig's own format: https://fontconfig.pages.freedesktop.org/fontconfig/fontconfig-user.html */
export function fontConfiguration(options: {
  readonly folders: readonly string[];
  readonly cache: string;
  readonly shipped: readonly string[];
}): string {
  const has = (family: string): boolean => options.shipped.includes(family);
  const aliases = Object.entries(FONT_ALIASES)
    .filter(([, family]) => has(family))
    .map(
      ([name, family]) =>
        `<match target="pattern"><test qual="any" name="family"><string>${escapeXml(name)}</string></test>` +
        `<edit name="family" mode="assign" binding="same"><string>${escapeXml(family)}</string></edit></match>`,
    );
  // All of ours come before the system's for a character that the first family lacks.
  const rest = options.shipped;
  const generics = Object.entries(GENERIC_FONTS).map(([generic, families]) => {
    const there = [...new Set([...families.filter(has), ...(generic === 'emoji' ? [] : rest)])];
    if (there.length === 0) return '';
    const list = there.map((family) => `<family>${escapeXml(family)}</family>`).join('');
    return `<alias binding="same"><family>${escapeXml(generic)}</family><prefer>${list}</prefer></alias>`;
  });
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
    '<fontconfig>',
    ...options.folders.map((folder) => `<dir>${escapeXml(folder)}</dir>`),
    `<cachedir>${escapeXml(options.cache)}</cachedir>`,
    ...aliases,
    ...generics,
    // Whatever is asked for, ours come before the system's.
    '<match target="pattern"><edit name="family" mode="append_last"><string>sans-serif</string></edit></match>',
    ...generics,
    // Unhinted outlines: what is printed has no pixels.
    '<match target="font"><edit name="hinting" mode="assign"><bool>false</bool></edit>' +
      '<edit name="autohint" mode="assign"><bool>false</bool></edit></match>',
    '<selectfont><rejectfont><pattern><patelt name="scalable"><bool>false</bool></patelt></pattern></rejectfont></selectfont>',
    '</fontconfig>',
    '',
  ].join('\n');
}

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
