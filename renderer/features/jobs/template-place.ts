/** A line of a file of a template. */
export interface TemplatePlace {
  /** In the template's folder: `template.html`, `partials/line.hbs`. */
  readonly path: string;
  readonly line: number;
}
