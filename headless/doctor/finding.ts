/** What one check of the doctor found. */
export interface Finding {
  /** Stable, for scripts: `engine.print`. */
  readonly id: string;
  readonly label: string;
  /** `failed`: Influxion does not work without it. `note`: it works, but something is worth knowing. */
  readonly state: 'ok' | 'note' | 'failed';
  readonly says: string;
  /** How to get what is missing. */
  readonly fix?: string;
}
