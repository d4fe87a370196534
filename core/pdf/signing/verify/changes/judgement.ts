/** What came of looking at the changes: sentences, and which of them a signature does not bear. */
export class Judgement {
  readonly allowed = new Set<string>();
  readonly forbidden = new Set<string>();
  /** Changed objects that are only what they seem if nobody but these holders names them: object → holders. */
  readonly claims = new Map<number, Set<number>>();

  /** An object that was changed in its place, as its holder allows. */
  claim(number: number, ...holders: readonly number[]): void {
    const known = this.claims.get(number) ?? new Set();
    for (const holder of holders) known.add(holder);
    this.claims.set(number, known);
  }
}
