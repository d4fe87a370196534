/**
 * Shortcuts are written `Mod+Shift+K`: `Mod` is ⌘ on macOS and Ctrl elsewhere, then `Ctrl`, `Alt`, `Shift`, then one key
 * (`K`, `Enter`, `F8`, `,`, `Escape`, `ArrowUp`).
 */
const isMac = (platform: string): boolean => /mac|darwin|iphone|ipad/i.test(platform);

const MAC_SIGNS: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };
const KEY_SIGNS: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backspace: '⌫',
  Delete: 'Del',
};

/** The keys of a shortcut as they are printed on this system's keyboard: `['Ctrl', 'K']`, `['⌘', 'K']`. */
export function shortcutKeys(shortcut: string, platform: string = navigator.platform): readonly string[] {
  return splitShortcut(shortcut).map((part) => {
    if (isMac(platform)) return MAC_SIGNS[part] ?? KEY_SIGNS[part] ?? part;
    return part === 'Mod' ? 'Ctrl' : (KEY_SIGNS[part] ?? part);
  });
}

/** `Mod++` has the key `+`. */
const splitShortcut = (shortcut: string): string[] =>
  shortcut.endsWith('++') ? [...shortcut.slice(0, -2).split('+'), '+'] : shortcut.split('+');

/** Whether a key press is this shortcut. */
export function matchesShortcut(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  shortcut: string,
  platform: string = navigator.platform,
): boolean {
  const parts = splitShortcut(shortcut);
  const key = parts.at(-1) ?? '';
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const mac = isMac(platform);
  const ctrl = wants('Ctrl') || (wants('Mod') && !mac);
  const meta = wants('Mod') && mac;
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== wants('Alt')) return false;
  // Signs such as `?` need Shift on some keyboards and none on others.
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!isSign && event.shiftKey !== wants('Shift')) return false;
  return (
    event.key.toLowerCase() === key.toLowerCase() ||
    event.code === `Key${key}` ||
    event.code === `Digit${key}`
  );
}
