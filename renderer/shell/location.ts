/** Where in the studio the reader is, as the fragment of the URL: it survives a reload, and Back goes back. */
export const SCREENS = [
  'templates',
  'jobs',
  'batches',
  'folders',
  'keys',
  'verify',
  'api',
  'settings',
] as const;
export type Screen = (typeof SCREENS)[number];

export interface StudioLocation {
  readonly screen: Screen;
  /** Of the template or job that is open. */
  readonly id: string | undefined;
}

const isScreen = (name: string): name is Screen => (SCREENS as readonly string[]).includes(name);

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** `#jobs/12`; anything unknown is the templates screen. */
export function parseLocation(hash: string): StudioLocation {
  const [screen = '', id] = hash.replace(/^#\/?/, '').split('/', 2);
  if (!isScreen(screen)) return { screen: 'templates', id: undefined };
  return { screen, id: id === undefined || id === '' ? undefined : decoded(id) };
}

export const formatLocation = ({ screen, id }: StudioLocation): string =>
  id === undefined ? `#${screen}` : `#${screen}/${encodeURIComponent(id)}`;
