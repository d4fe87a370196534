/** What every SecretStore does, whichever way it encrypts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretStore } from '../../core/ports.ts';

export interface SecretStoreWorld {
  /** Opens the store, as a new process would: nothing is remembered. */
  open(): SecretStore;
  /** Every byte that lies on the disk. */
  bytesOnDisk(): Buffer;
  /** Damages what is kept of a secret. */
  damage(name: string): void;
  dispose(): void;
}

export function describeSecretStore(name: string, createWorld: () => SecretStoreWorld): void {
  describe(`${name} as a SecretStore`, () => {
    let world: SecretStoreWorld;
    let store: SecretStore;
    beforeEach(() => {
      world = createWorld();
      store = world.open();
    });
    afterEach(() => world.dispose());

    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const text = (secret: Uint8Array | undefined): string | undefined =>
      secret && new TextDecoder().decode(secret);

    it('tells its owner in a sentence how secrets are kept', () => {
      expect(store.protection).toMatch(/^[A-Z].+\.$/);
    });

    it('has nothing at first', async () => {
      expect(await store.get('nothing')).toBeUndefined();
    });

    it('gives back what it was given, also to the next process', async () => {
      await store.set('one', bytes('first'));
      await store.set('two', new Uint8Array([0, 255, 10, 13]));
      await store.set('empty', new Uint8Array());
      await store.set('one', bytes('second'));
      const next = world.open();
      expect(text(await next.get('one'))).toBe('second');
      expect([...((await next.get('two')) ?? [])]).toEqual([0, 255, 10, 13]);
      expect((await next.get('empty'))?.length).toBe(0);
    });

    it('forgets what is deleted, and deleting twice is no failure', async () => {
      await store.set('one', bytes('first'));
      await store.delete('one');
      await store.delete('one');
      expect(await world.open().get('one')).toBeUndefined();
    });

    it('keeps nothing in clear', async () => {
      await store.set('one', bytes('a very secret sentence'));
      expect(world.bytesOnDisk().includes('secret sentence')).toBe(false);
    });

    it('never gives the same bytes twice for the same secret: equal secrets must not show', async () => {
      await store.set('one', bytes('same'));
      const first = world.bytesOnDisk();
      await store.set('one', bytes('same'));
      expect(world.bytesOnDisk().equals(first)).toBe(false);
    });

    it('says that a damaged secret cannot be opened, instead of handing out garbage', async () => {
      await store.set('one', bytes('first'));
      world.damage('one');
      await expect(world.open().get('one')).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    });

    it('survives many writers at once with one of their values', async () => {
      const values = Array.from({ length: 10 }, (_, at) => `value ${at}`);
      await Promise.all(values.map((value) => store.set('one', bytes(value))));
      expect(values).toContain(text(await world.open().get('one')));
    });
  });
}
