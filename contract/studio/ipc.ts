/** What crosses between the studio's page and the desktop app, over two channels: asked and answered, and told. */
import { z } from 'zod';

/** Types, because a preload script takes nothing else from here. */
export interface StudioChannels {
  /** `invoke` with a StudioIpcCall, answered with a StudioReply; `send` with a StudioIpcNote, not answered. */
  readonly request: 'studio:request';
  /** From the app to the page: a StudioEvent. */
  readonly event: 'studio:event';
}

export const StudioIpcCall = z.strictObject({
  /** Of the caller's choice, to cancel by. */
  id: z.int(),
  name: z.string().max(100),
  input: z.unknown(),
});
export type StudioIpcCall = z.input<typeof StudioIpcCall>;

/** A command as a native menu shows it. */
export const MenuCommand = z.strictObject({
  id: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  /** `Mod+Shift+S`, written beside it; the page itself listens for it. */
  shortcut: z.string().max(50).optional(),
});
export type MenuCommand = z.infer<typeof MenuCommand>;

export const StudioIpcNote = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancel'), id: z.int() }),
  /** The page listens to events from now on. */
  z.strictObject({ kind: z.literal('listening') }),
  z.strictObject({ kind: z.literal('commands'), commands: z.array(MenuCommand).max(300) }),
]);
export type StudioIpcNote = z.infer<typeof StudioIpcNote>;
