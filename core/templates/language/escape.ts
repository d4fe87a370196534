const SPECIAL = /[&<>"'`=]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

/** The same characters as Handlebars, so that the output of an existing template stays the same. */
export function escapeHtml(text: string): string {
  return SPECIAL.test(text)
    ? text.replace(/[&<>"'`=]/g, (character) => ESCAPES[character] ?? character)
    : text;
}
