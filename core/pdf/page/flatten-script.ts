/**
 * Mixes translucent colours of a document with what is behind them before it is printed, for standards that know no transparency
 * (PDF/A-1). Colours are mixed with the nearest opaque background among the ancestors, exactly as they would be painted over it.
 * What cannot be mixed so is left as it is, and is then found in the file: translucent pictures, and anything over a picture or a
 * gradient. Shadows that are blurred, filters, masks and blend modes are taken away.
 *
 * The script changes styles of elements alone, through the CSSOM, which the policy of the document does not concern. It marks
 * what it changed by ids, and links in the head make Chromium write where they landed (references/destination-links.ts).
 */

/** Of the ids of marked elements; whoever finishes the file reads and removes the destinations. */
export const FLATTENED_PREFIX = 'influxion-flattened-';

/** Marks in a document with more changes are spread over it. */
const MOST_MARKS = 300;

/** An expression; run it in a world of its own once the document is laid out for print. */
export const FLATTEN_SCRIPT = `(() => {
const canvas = document.createElement('canvas');
canvas.width = canvas.height = 1;
const context = canvas.getContext('2d', { willReadFrequently: true });
if (!context || !document.documentElement) return 0;

const known = new Map();
/** Any colour of CSS as [red, green, blue, alpha], 0 to 1, in sRGB. */
const rgba = (text) => {
  let colour = known.get(text);
  if (colour === undefined) {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = '#000';
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const data = context.getImageData(0, 0, 1, 1).data;
    const exact = /^rgba\\(.*, ([\\d.]+)\\)$|\\/ ([\\d.]+)\\)$/.exec(text);
    const alpha = exact ? Number(exact[1] ?? exact[2]) : data[3] / 255;
    colour = [data[0] / 255, data[1] / 255, data[2] / 255, alpha];
    known.set(text, colour);
  }
  return colour;
};
const CLEAR = [0, 0, 0, 0];
const over = (top, below) => {
  const alpha = top[3] + below[3] * (1 - top[3]);
  if (alpha === 0) return CLEAR;
  const mix = (index) => (top[index] * top[3] + below[index] * below[3] * (1 - top[3])) / alpha;
  return [mix(0), mix(1), mix(2), alpha];
};
const css = (colour) => 'rgb(' + colour.slice(0, 3).map((part) => Math.round(part * 255)).join(', ') + ')';

/*
 * Behind an element: groups from the page inwards, each with what it has painted so far and its opacity. A colour undefined is
 * not known: a picture or a gradient is there.
 */
const isOpaque = (groups) => groups.every(({ opacity }) => opacity === 1);
const mixed = (groups, colour) => {
  let result = colour;
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    const { painted, opacity } = groups[index];
    if (painted === undefined) return undefined;
    result = over(result, painted);
    if (result[3] > 0) result = [result[0], result[1], result[2], result[3] * opacity];
  }
  return result;
};

const COLOURS = ['color', '-webkit-text-fill-color', '-webkit-text-stroke-color', 'text-emphasis-color',
  'text-decoration-color', 'column-rule-color', 'outline-color', 'border-top-color', 'border-right-color',
  'border-bottom-color', 'border-left-color', 'fill', 'stroke', 'stop-color', 'flood-color', 'lighting-color'];
/** What makes a colour visible at all. */
const NEEDED = { 'text-decoration-color': ['text-decoration-line', 'none'], 'column-rule-color': ['column-rule-style', 'none'],
  'outline-color': ['outline-style', 'none'], 'border-top-color': ['border-top-style', 'none'],
  'border-right-color': ['border-right-style', 'none'], 'border-bottom-color': ['border-bottom-style', 'none'],
  'border-left-color': ['border-left-style', 'none'], 'text-emphasis-color': ['text-emphasis-style', 'none'],
  '-webkit-text-stroke-color': ['-webkit-text-stroke-width', '0px'] };
const SHAPES = 'path, rect, circle, ellipse, line, polyline, polygon, text, tspan, textPath';
/** Without these an element looks as good as it can. */
const TAKEN_AWAY = { 'filter': 'none', 'backdrop-filter': 'none', 'mask-image': 'none', 'mask-border-source': 'none',
  'mix-blend-mode': 'normal' };
const PICTURES = 'img, picture, canvas, video, object, embed, iframe, image, input, select, textarea, progress, meter';
const COLOUR = /(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\\((?:[^()]|\\([^()]*\\))*\\)/g;
/** Of a list, split at the commas outside parentheses. */
const parts = (text) => {
  const items = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) items.push('');
    else items[items.length - 1] += character;
  }
  return items.map((item) => item.trim());
};

const changes = [];
const changed = new Set();
const rules = [];
let numbered = 0;

/** The styles that an element needs, [property, value], and what is behind its children; undefined: leave it all alone. */
const flatten = (style, above, hasPicture, isShape) => {
  const wanted = [];
  for (const [property, none] of Object.entries(TAKEN_AWAY)) {
    const value = style.getPropertyValue(property);
    if (value !== '' && value !== none) wanted.push([property, none]);
  }
  const opacity = Number(style.opacity);
  let groups = above;
  if (opacity < 1 && opacity > 0) {
    const isKnown = above.every(({ painted }) => painted !== undefined);
    if (!isKnown || hasPicture()) return undefined;
    wanted.push(['opacity', '1']);
    groups = [...above, { painted: CLEAR, opacity }];
  }
  const last = groups[groups.length - 1];
  let { painted } = last;
  const here = () => [...groups.slice(0, -1), { ...last, painted }];
  const opaque = isOpaque(groups);
  const mix = (colour) => {
    if (colour[3] === 0 || (colour[3] === 1 && opaque)) return undefined;
    const result = mixed(here(), colour);
    return result && result[3] > 0.999 ? css(result) : undefined;
  };
  const background = rgba(style.backgroundColor);
  const replaced = mix(background);
  if (replaced) wanted.push(['background-color', replaced]);
  if (painted !== undefined && background[3] > 0) painted = over(background, painted);
  const image = style.backgroundImage;
  if (image !== 'none' && image !== '') {
    if (!image.includes('url(') && parts(image).length === 1 && style.backgroundClip !== 'text') {
      const value = image.replace(COLOUR, (colour) => {
        const own = rgba(colour);
        if (own[3] > 0) return mix(own) ?? colour;
        const behind = mixed(here(), CLEAR);
        return behind && behind[3] > 0.999 ? css(behind) : colour;
      });
      if (value !== image) wanted.push(['background-image', value]);
    }
    painted = undefined;
  }
  for (const property of COLOURS) {
    const needed = NEEDED[property];
    if (needed && style.getPropertyValue(needed[0]) === needed[1]) continue;
    const value = style.getPropertyValue(property);
    if (value === '' || value === 'none' || value.includes('url(')) continue;
    const own = rgba(value);
    const part = isShape && property === 'fill' ? 'fill-opacity' : isShape && property === 'stroke' ? 'stroke-opacity' : undefined;
    const alpha = part === undefined ? 1 : Number(style.getPropertyValue(part));
    const isText = property === 'color' || property === '-webkit-text-fill-color';
    // Text without colour is painted all the same: it takes the colour that is behind it.
    const colour = isText && own[3] === 0 ? mixed(here(), CLEAR) : undefined;
    const result = colour ? css(colour) : mix([own[0], own[1], own[2], own[3] * alpha]);
    if (!result) continue;
    wanted.push([property, result]);
    if (part !== undefined) wanted.push([part, '1']);
  }
  for (const property of ['box-shadow', 'text-shadow']) {
    const value = style.getPropertyValue(property);
    if (value === 'none' || value === '') continue;
    const sharp = parts(value).filter((shadow) => {
      const lengths = shadow.replace(COLOUR, '').match(/-?[\\d.]+px/g) ?? [];
      return Number.parseFloat(lengths[2] ?? '0') === 0;
    });
    const result = sharp.map((shadow) => shadow.replace(COLOUR, (colour) => mix(rgba(colour)) ?? colour)).join(', ') || 'none';
    if (result !== value) wanted.push([property, result]);
  }
  return { wanted, groups: here() };
};

const pseudo = (element, name, groups) => {
  const style = getComputedStyle(element, name);
  if (style.content === 'none' || style.content === 'normal' || style.display === 'none') return;
  const result = flatten(style, groups, () => style.content.includes('url('), false);
  if (!result || result.wanted.length === 0) return;
  if (!element.dataset.influxionFlat) element.dataset.influxionFlat = String((numbered += 1));
  const body = result.wanted.map(([property, value]) => property + ':' + value + '!important').join(';');
  rules.push('[data-influxion-flat="' + element.dataset.influxionFlat + '"]' + name + '{' + body + '}');
  changed.add(element);
};

const visit = (root) => {
  const open = [[root, [{ painted: [1, 1, 1, 1], opacity: 1 }]]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [element, above] = next;
    const style = getComputedStyle(element);
    if (style.display === 'none') continue;
    const isShape = element instanceof SVGElement && element.matches(SHAPES);
    const hasPicture = () => element.matches(PICTURES) || element.querySelector(PICTURES) !== null;
    const result = flatten(style, above, hasPicture, isShape);
    if (result === undefined) continue;
    if (result.wanted.length > 0) {
      changes.push([element, result.wanted]);
      changed.add(element);
    }
    pseudo(element, '::before', result.groups);
    pseudo(element, '::after', result.groups);
    for (let index = element.children.length - 1; index >= 0; index -= 1) open.push([element.children[index], result.groups]);
  }
};
visit(document.documentElement);
if (changed.size === 0) return 0;

const sheet = new CSSStyleSheet();
sheet.replaceSync('*,*::before,*::after{transition:none!important}' + rules.join(''));
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
for (const [element, wanted] of changes) {
  for (const [property, value] of wanted) element.style.setProperty(property, value, 'important');
}

const links = document.createElement('div');
links.hidden = true;
const marked = [...changed];
const step = Math.max(1, Math.ceil(marked.length / ${MOST_MARKS}));
for (let index = 0; index < marked.length; index += step) {
  const element = [marked[index], ...marked[index].querySelectorAll('*')].find((each) => !each.id && each instanceof HTMLElement)
    ?? marked[index].closest(':not([id])');
  if (!element) continue;
  element.id = ${JSON.stringify(FLATTENED_PREFIX)} + index;
  const link = document.createElement('a');
  link.setAttribute('href', '#' + element.id);
  links.append(link);
}
document.head?.append(links);
return changed.size;
})()`;
