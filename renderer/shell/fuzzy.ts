/** How well a text fits what was typed, for the palette. */

/** The best fit first; a text that lacks a character in order is left out. Words of the query may come in any order. */
export function rank<Item>(
  items: readonly Item[],
  query: string,
  textOf: (item: Item) => string,
): readonly Item[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return items;
  return items
    .map((item, index) => ({ item, index, score: scoreOf(textOf(item).toLowerCase(), words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item);
}

function scoreOf(text: string, words: readonly string[]): number {
  let sum = 0;
  for (const word of words) {
    const score = scoreOfWord(text, word);
    if (score === 0) return 0;
    sum += score;
  }
  // Of two that fit alike the shorter one is meant.
  return sum + 1 / (1 + text.length);
}

const START = 100;
const START_OF_WORD = 60;
const INSIDE = 30;
const SCATTERED = 10;

function scoreOfWord(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return START;
  if (at > 0 && /[^\p{L}\p{N}]/u.test(text.charAt(at - 1))) return START_OF_WORD;
  if (at > 0) return INSIDE;
  let next = 0;
  for (const character of text) if (character === word.charAt(next)) next += 1;
  return next === word.length ? SCATTERED : 0;
}
