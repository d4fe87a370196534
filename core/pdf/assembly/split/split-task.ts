/** What cutting a print of many documents is asked for and what it gives. */

export interface SplitDocument {
  /** Name of the destination at its beginning. */
  readonly name: string;
  /** `<title>`. */
  readonly title: string;
  /** Its text, whatever of it is shown. */
  readonly text: string;
}

export interface SplitTask {
  /** As Chromium printed it. */
  readonly pdf: Uint8Array;
  /** In the order of their pages. */
  readonly documents: readonly SplitDocument[];
}

export interface CutDocument {
  readonly pdf: Uint8Array;
  readonly pages: number;
  /** How far down its last page ends in the print, whose pages lie one below the other, in points. */
  readonly end: number;
  /**
   * How the characters on its pages differ from its text, such as for what a style sheet adds. Documents of one template
   * differ alike; one that does not shows what is not its own, or lacks something.
   */
  readonly difference: string;
}

/** Undefined: the print cannot be cut. */
export type SplitResult = readonly CutDocument[] | undefined;
