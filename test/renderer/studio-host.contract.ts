/** What every StudioHost does, whichever way its calls and events travel. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../contract/studio/event.ts';
import type { StudioReply } from '../../contract/studio/route.ts';
import type { StudioEventHub } from '../../core/studio/event-hub.ts';
import type { StudioCall, StudioRouter } from '../../core/studio/router.ts';
import type { StudioHost } from '../../renderer/host/studio-host.ts';

export interface StudioHostWorld {
  readonly host: StudioHost;
  readonly events: StudioEventHub;
  dispose(): Promise<void>;
}

/** Answers by the name of the template that is asked for. */
class ScriptedRouter implements StudioRouter {
  readonly calls: { readonly name: string; readonly input: unknown; readonly call: StudioCall }[] = [];
  readonly release = Promise.withResolvers<undefined>();

  async handle(name: string, input: unknown, call: StudioCall): Promise<StudioReply<object>> {
    this.calls.push({ name, input, call });
    if (name === 'templates.export')
      return { ok: true, data: { filename: 'a.zip', bytes: new Uint8Array([0, 255, 10]) } };
    if (name === 'templates.open') {
      return {
        ok: false,
        error: {
          code: 'TEMPLATE_NOT_FOUND',
          message: 'There is no such template.',
          hint: 'Choose another.',
          errors: [{ path: 'id', message: 'unknown' }],
          detail: null,
        },
      };
    }
    if (name === 'preview.render') await this.release.promise;
    return { ok: true, data: { echo: input } };
  }
}

export function studioHostContract(
  name: string,
  createWorld: (router: StudioRouter) => Promise<StudioHostWorld>,
): void {
  describe(`${name} as a StudioHost`, () => {
    let router: ScriptedRouter;
    let world: StudioHostWorld;
    beforeEach(async () => {
      router = new ScriptedRouter();
      world = await createWorld(router);
    });
    afterEach(async () => {
      router.release.resolve(undefined);
      await world.dispose();
    });

    const preview = { session: 's', template_id: 't', edits: {}, data: '{}' };

    it('brings a call over and its answer back, text of every kind unharmed', async () => {
      const input = { id: 'größe', path: 'partials/€.hbs', text: '𝒳\u0000\u2028"\\', base: null };
      expect(await world.host.request('templates.write', input)).toEqual({ echo: input });
      expect(router.calls[0]).toMatchObject({ name: 'templates.write', input });
    });

    it('brings bytes over and back as bytes (base64, a list of numbers)', async () => {
      const bytes = new Uint8Array([0, 1, 254, 255]);
      const input = { id: 't', path: 'assets/a.png', bytes };
      await world.host.request('templates.put_file', input);
      const got = (router.calls[0]?.input as { bytes: Uint8Array }).bytes;
      expect(got).toBeInstanceOf(Uint8Array);
      expect([...got]).toEqual([...bytes]);
      const answer = await world.host.request('templates.export', { id: 't' });
      expect(answer.bytes).toBeInstanceOf(Uint8Array);
      expect([...answer.bytes]).toEqual([0, 255, 10]);
    });

    it('rejects with the whole failure, to the field and the hint', async () => {
      await expect(world.host.request('templates.open', { id: 'x' })).rejects.toMatchObject({
        name: 'HostFailure',
        code: 'TEMPLATE_NOT_FOUND',
        message: 'There is no such template.',
        failure: { hint: 'Choose another.', errors: [{ path: 'id', message: 'unknown' }] },
      });
    });

    it('rejects with the reason of the signal, and the other side hears of it (work that nobody waits for)', async () => {
      const controller = new AbortController();
      const pending = world.host.request('preview.render', preview, controller.signal);
      const rejected = expect(pending).rejects.toBeInstanceOf(DOMException);
      await vi.waitFor(() => expect(router.calls).toHaveLength(1));
      controller.abort();
      await rejected;
      await vi.waitFor(() => expect(router.calls[0]?.call.signal.aborted).toBe(true));
      const aborted = world.host.request('preview.render', preview, AbortSignal.abort());
      await expect(aborted).rejects.toBeInstanceOf(DOMException);
    });

    it('keeps many calls apart (answers that cross)', async () => {
      const ids = Array.from({ length: 30 }, (_, index) => `template-${index}`);
      const answers = await Promise.all(ids.map((id) => world.host.request('templates.remove', { id })));
      expect(answers).toEqual(ids.map((id) => ({ echo: { id } })));
    });

    it('calls every listener for every event until it is disposed, the same one twice if it is there twice', async () => {
      const event: StudioEvent = { type: 'templates.changed', id: 'invoice', paths: ['style.css'] };
      const heard: StudioEvent[] = [];
      const other = vi.fn();
      const listener = (each: StudioEvent): void => void heard.push(each);
      const stops = [
        world.host.subscribe(listener),
        world.host.subscribe(listener),
        world.host.subscribe(other),
      ];
      await vi.waitFor(() => expect(world.events.size).toBe(1));
      world.events.emit(event);
      await vi.waitFor(() => expect(other).toHaveBeenCalledWith(event));
      expect(heard).toEqual([event, event]);
      for (const stop of stops) stop();
    });
  });
}
