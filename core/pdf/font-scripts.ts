/** Scripts that look at the fonts of a document in its page, for every engine. They change nothing that is printed. */

/** Text of one `font-family`. */
export interface FontGroup {
  /** As computed. */
  readonly stack: string;
  /** Start of the first text set with it. */
  readonly sample: string;
  /** Characters that need a look. */
  readonly characters: readonly string[];
}

/**
 * An expression that gives FontGroup[] of what is laid out: for each `font-family` the characters that match `pattern`;
 * all characters where the first family is `declared` by the document.
 */
export function collectFontsScript(options: {
  readonly pattern: string;
  readonly declared: readonly string[];
  readonly families: readonly string[];
}): string {
  return `((options) => {
  const odd = new RegExp(options.pattern, 'gu');
  const declared = new Set(options.declared);
  const families = new Set(options.families);
  const every = declared.size > 0 || families.size > 0;
  const groups = new Map();
  const note = (stack, text, found) => {
    let group = groups.get(stack);
    if (!group) {
      if (groups.size >= ${MOST_GROUPS}) return;
      const first = /^"?([^",]*)/.exec(stack)[1].trim().toLowerCase();
      group = { stack, sample: text.trim().slice(0, 24), characters: new Set(), all: declared.has(first), wanted: families.has(first) };
      groups.set(stack, group);
    }
    for (const character of group.all ? text.replace(/[\\s\\p{Cc}\\p{Cf}]/gu, '') : found) {
      if (group.characters.size >= ${MOST_CHARACTERS}) break;
      group.characters.add(character);
    }
  };
  const look = (text, element, pseudo) => {
    if (text.trim() === '') return;
    const found = text.match(odd) || [];
    if (found.length === 0 && !every) return;
    if (!element || !element.checkVisibility()) return;
    note(getComputedStyle(element, pseudo).fontFamily, text, found);
  };
  const root = document.documentElement;
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) look(texts.currentNode.data, texts.currentNode.parentElement);
  const css = [...document.querySelectorAll('style')].some((style) => /content\\s*:/.test(style.textContent));
  if (css) {
    const elements = document.body ? document.body.getElementsByTagName('*') : [];
    for (let index = 0; index < Math.min(elements.length, ${MOST_ELEMENTS}); index += 1) {
      for (const pseudo of ['::before', '::after']) {
        const { content } = getComputedStyle(elements[index], pseudo);
        if (content !== 'none' && content !== 'normal') look(content.replace(/^"|"$/g, ''), elements[index], pseudo);
      }
    }
  }
  return [...groups.values()].filter((group) => group.characters.size > 0 || group.wanted)
    .map((group) => ({ stack: group.stack, sample: group.sample, characters: [...group.characters] }));
})(${JSON.stringify(options)})`;
}

const MOST_GROUPS = 60;
const MOST_CHARACTERS = 300;
const MOST_ELEMENTS = 5000;

/** A text set in a `font-family`, to ask which font sets it. */
export interface FontProbe {
  readonly stack: string;
  readonly text: string;
}

/**
 * An expression that gives an array of elements, one a probe, laid out but unseen; each knows how to go again by
 * `removeProbesScript`.
 */
export function placeProbesScript(probes: readonly FontProbe[]): string {
  return `((probes) => {
  const host = document.createElement('influxion-probes');
  host.style.cssText = 'all:initial;position:absolute;visibility:hidden';
  const root = host.attachShadow({ mode: 'open' });
  const elements = probes.map(({ stack, text }) => {
    const element = document.createElement('span');
    element.style.fontFamily = stack;
    element.textContent = text;
    root.append(element);
    return element;
  });
  document.documentElement.append(host);
  host.getBoundingClientRect();
  return elements;
})(${JSON.stringify(probes)})`;
}

export const removeProbesScript = `for (const host of document.querySelectorAll('influxion-probes')) host.remove()`;

/**
 * An expression that gives a boolean a probe: whether its character is drawn like a noncharacter, that is, as the box
 * of a missing glyph.
 */
export function missingGlyphsScript(probes: readonly FontProbe[]): string {
  return `((probes) => {
  const size = 24;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const draw = (stack, text) => {
    context.clearRect(0, 0, size, size);
    context.font = '16px ' + stack;
    context.fillText(text, 2, 18);
    return context.getImageData(0, 0, size, size).data.join();
  };
  const boxes = new Map();
  return probes.map(({ stack, text }) => {
    if (!boxes.has(stack)) boxes.set(stack, draw(stack, '\\u{10FFFF}'));
    return draw(stack, text) === boxes.get(stack);
  });
})(${JSON.stringify(probes)})`;
}
