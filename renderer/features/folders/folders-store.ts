/** What the screen of the hot folders shows: which one is open and what is asked. The folders themselves come from the host. */
import { create } from 'zustand';

export type FoldersDialog = { readonly kind: 'add' } | { readonly kind: 'remove'; readonly id: number };

export interface FoldersState {
  readonly openId: number | undefined;
  readonly dialog: FoldersDialog | undefined;
}

export const useFolders = create<FoldersState>()(() => ({ openId: undefined, dialog: undefined }));

export const askFolders = (dialog: FoldersDialog | undefined): void => useFolders.setState({ dialog });
export const openFolder = (openId: number | undefined): void => useFolders.setState({ openId });
