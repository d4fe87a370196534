/**
 * What the vehicle, Electron 22 with Chromium 108, cannot do, by the name of the case. On the current Electron none of these
 * is left out.
 */
export const ENGINE_LIMITS: Readonly<Record<string, string>> = {
  'tags only when asked to, and makes bookmarks, which need tags (silent loss of the outline)':
    'Electron 22 takes the options for tags and outline and ignores them',
  ...Object.fromEntries(
    ['a plain document', 'one that waits for images', 'one with scripts'].map((kind) => [
      `tell page and height of ids in ${kind}, and draw nothing`,
      'Chromium 108 writes named places lower by the margin of the page',
    ]),
  ),
  ...Object.fromEntries(
    [
      'sends nothing by frames',
      'sends nothing by frameset',
      'sends nothing by script: frame with a document of its own',
      'reads no file of this machine',
    ].map((name) => [
      name,
      'Electron 22 answers no command of the debugger once a page has a frame: such a document ends at its deadline',
    ]),
  ),
  'prints header and footer with page numbers, and neither when not asked for':
    'Chromium 108 writes the footer before the text of the page; the case reads them in the order of today',
};
