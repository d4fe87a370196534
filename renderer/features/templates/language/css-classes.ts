/** The classes that the style sheets name. */

const CLASS = /\.(-?[_a-zA-Z][\w-]*)/g;
const NO_SELECTOR = /\/\*[^]*?\*\/|"[^"\n]*"|'[^'\n]*'|\{\{[^]*?\}\}|\{[^{}]*\}/g;

/** In the order of the style sheet. */
export function cssClasses(css: string): string[] {
  const names = new Set<string>();
  // Declarations hold numbers such as `.5em` and file names.
  for (const [, name] of css.replace(NO_SELECTOR, '{}').matchAll(CLASS))
    if (name !== undefined) names.add(name);
  return [...names];
}

/** Whether the text before the cursor ends inside of `class="…"`, and with which beginning of a name. */
export function classTyped(before: string): string | undefined {
  return /<[a-zA-Z][^<>]*\bclass\s*=\s*(?:"[^"]*?|'[^']*?)([\w-]*)$/.exec(before.slice(-500))?.[1];
}
