/** What a spec knows of the host that it runs on. */
export interface SpecHost {
  /** The data folder. */
  readonly data: string;
  /** Whether its engine writes tags, which PDF/UA needs, and its window draws the preview, which the chips wait for. */
  readonly isCurrent: boolean;
}
