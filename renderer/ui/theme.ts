/** Light, dark, or as the system says. The page remembers the choice so that its first paint is right. */
export type ThemeChoice = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

const KEY = 'influxion.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<(theme: Theme) => void>();

let choice: ThemeChoice = 'system';

/** The theme that is shown. */
export const currentTheme = (): Theme => (choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice);

function show(): void {
  const theme = currentTheme();
  if (document.documentElement.dataset['theme'] === theme) return;
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener(theme);
}

export function chooseTheme(chosen: ThemeChoice): void {
  choice = chosen;
  localStorage.setItem(KEY, chosen);
  show();
}

/** Before the first paint: what was chosen last time on this page. */
export function startTheme(): void {
  const kept = localStorage.getItem(KEY);
  if (kept === 'light' || kept === 'dark') choice = kept;
  dark.addEventListener('change', show);
  show();
}

/** Calls back when the theme that is shown changes, for what draws by itself (an editor). */
export function onTheme(listener: (theme: Theme) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
