/** What the screen of the keys shows: which one is open and what is asked. The keys themselves come from the host. */
import { create } from 'zustand';

export type KeysDialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'import'; readonly file: File | undefined }
  | { readonly kind: 'remove'; readonly id: string };

export interface KeysState {
  readonly openId: string | undefined;
  readonly dialog: KeysDialog | undefined;
}

export const useKeysScreen = create<KeysState>()(() => ({ openId: undefined, dialog: undefined }));

export const askKeys = (dialog: KeysDialog | undefined): void => useKeysScreen.setState({ dialog });
export const openKey = (id: string | undefined): void => useKeysScreen.setState({ openId: id });
