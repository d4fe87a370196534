/** Who may speak to the app: the studio's own page in its own window, and nothing inside it. */

/** What is used of Electron's WebFrameMain. */
export interface SendingFrame {
  readonly parent: unknown;
  readonly origin: string;
}

/** The studio's address. `new URL(…).origin` is no help: it is `null` for every scheme that Node does not know. */
export const STUDIO_ORIGIN = 'app://studio';
export const STUDIO_URL = `${STUDIO_ORIGIN}/`;

/** `frame` is null for one that has gone meanwhile. */
export const isStudioPage = (frame: SendingFrame | null): boolean =>
  frame !== null && frame.parent === null && frame.origin === STUDIO_ORIGIN;
