import type { PageJob } from '../page/hosted-page.ts';
import type { Printed } from '../page/page-target.ts';

/** What one print at a time runs on: a browser process or a hidden window, with its warm page. */
export interface PageSlot {
  /** E.g. `HeadlessChrome/153.0.8010.0`. */
  readonly product: string;
  /** False once the process or its page is gone. */
  readonly isUsable: boolean;
  /** True when it has served its time and is to be replaced. */
  readonly isWorn: boolean;
  /** True until it has printed. */
  readonly isCold: boolean;
  /** Whether something of printed documents is left in memory, for `clean`. */
  readonly keepsDocuments: boolean;
  /** Whether something is to be done before the next print, by `care`. */
  readonly needsCare: boolean;
  /** Resolves once it has ended, whoever ended it; why, in words for the log. */
  readonly left: Promise<string>;
  /** Prints an empty page, so that the first document finds fonts and printing code loaded, as every other does. */
  rehearse(): Promise<void>;
  /** Frees what printed documents left. The next print takes longer: what it shares with them is fetched and decoded anew. */
  clean(): Promise<void>;
  /** Closes what the last print opened and keeps the memory in bounds. Rejects when the slot is to be given up. */
  care(): Promise<void>;
  /** Rejects with Chromium's error or when the slot ends. Bounded by the caller, who kills the slot. */
  print(job: PageJob, stream: boolean): Promise<Printed>;
  /** After a refusal: finds out whether the page still lives; one that does not is not usable afterwards. */
  verify(): Promise<void>;
  /** Bytes that the slot holds for itself now; undefined where the system does not tell. */
  memory(): Promise<number | undefined>;
  /** Ends it with all that runs on it. Never rejects. */
  kill(): Promise<void>;
}
