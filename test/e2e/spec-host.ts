/** What a spec knows of the host that it runs on. */
export interface SpecHost {
  /** The data folder. */
  readonly data: string;
  /** Whether its engine writes tags, which PDF/A-2a and PDF/UA need. */
  readonly writesTags: boolean;
  /** Whether the studio downloads what is saved; elsewhere the system asks where to. */
  readonly downloads: boolean;
}
