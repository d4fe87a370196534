import { expect, it } from 'vitest';
import type { Studio } from '../../../core/studio/studio.ts';
import { openNetworkWorld } from '../../support/network-world.ts';

it('a host that is closed tells its studio nothing more, though the desktop listens for as long as it runs', async () => {
  let studio: Studio;
  {
    await using world = await openNetworkWorld();
    studio = world.influxion.studio;
    studio.events.subscribe(() => undefined);
    expect(studio.events.size).toBe(1);
  }
  expect(studio.events.size).toBe(0);
});
