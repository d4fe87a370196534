/** Which colour spaces are painted with, each once for each way in which a rule could judge it differently. */
import type { ColourSpace } from '../colour/colour-space.ts';
import type { ColourUse, ContentFacts } from './content-facts.ts';

export class ColourUses {
  readonly #facts: ContentFacts;
  readonly #seen = new Map<ColourSpace, Map<ColourSpace | undefined, Set<string>>>();

  constructor(facts: ContentFacts) {
    this.#facts = facts;
  }

  use(space: ColourSpace, use: Omit<ColourUse, 'space'>): void {
    const { overprints, blending, place } = use;
    const page = space.kind.startsWith('Device') ? place.page : 0;
    const seen = this.#seen.get(space) ?? new Map<ColourSpace | undefined, Set<string>>();
    this.#seen.set(space, seen);
    const uses = seen.get(blending) ?? new Set<string>();
    seen.set(blending, uses);
    const key = `${page} ${overprints}`;
    if (uses.has(key)) return;
    uses.add(key);
    this.#facts.collect(this.#facts.colours, { space, ...use });
    const below = { overprints: false, blending, place };
    if (space.base !== undefined) this.use(space.base, below);
    for (const part of space.parts ?? []) this.use(part, below);
  }
}
