/** The file that is looked at, whom its reader trusts, and what came out. It stays while the studio is open. */
import { create } from 'zustand';
import type { PdfStandard } from '../../../contract/standard.ts';
import type { VerifyReport } from '../../../contract/verify.ts';
import type { StudioHost } from '../../host/studio-host.ts';
import { asPem } from './pem.ts';

export interface TrustedRoot {
  readonly name: string;
  readonly pem: string;
}

export interface VerifyState {
  readonly file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;
  readonly roots: readonly TrustedRoot[];
  /** To be checked besides those that the file claims. */
  readonly standard: PdfStandard | undefined;
  readonly isBusy: boolean;
  readonly report: VerifyReport | undefined;
  readonly failure: Error | undefined;
}

const START: VerifyState = {
  file: undefined,
  roots: [],
  standard: undefined,
  isBusy: false,
  report: undefined,
  failure: undefined,
};

export const useVerify = create<VerifyState>()(() => START);

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** What is asked for last counts. */
let running: AbortController | undefined;

async function run(host: StudioHost): Promise<void> {
  const { file, roots, standard } = useVerify.getState();
  if (file === undefined) return;
  running?.abort();
  const controller = new AbortController();
  running = controller;
  useVerify.setState({ isBusy: true, failure: undefined });
  try {
    const report = await host.request(
      'verify.run',
      {
        bytes: file.bytes,
        ...(standard !== undefined && { standard }),
        ...(roots.length > 0 && { roots: roots.map(({ pem }) => pem) }),
      },
      controller.signal,
    );
    if (!controller.signal.aborted) useVerify.setState({ report, isBusy: false });
  } catch (error) {
    if (controller.signal.aborted) return;
    useVerify.setState({ report: undefined, failure: toError(error), isBusy: false });
  }
}

/** Certificates among the files are added to those that are trusted; the first other file is verified. */
export async function takeIn(host: StudioHost, files: readonly File[]): Promise<void> {
  const certificates = files.filter(({ name }) => /\.(?:pem|crt|cer|der)$/i.test(name));
  const document = files.find((file) => !certificates.includes(file));
  try {
    const added = await Promise.all(
      certificates.map(async (file) => ({
        name: file.name,
        pem: asPem(new Uint8Array(await file.arrayBuffer())),
      })),
    );
    useVerify.setState(({ roots }) => ({
      roots: [...roots.filter(({ pem }) => !added.some((one) => one.pem === pem)), ...added],
    }));
    if (document !== undefined) {
      const bytes = new Uint8Array(await document.arrayBuffer());
      useVerify.setState({ file: { name: document.name, bytes }, report: undefined });
    }
  } catch (error) {
    useVerify.setState({ failure: toError(error) });
    return;
  }
  await run(host);
}

export function trustNoMore(host: StudioHost, root: TrustedRoot): void {
  useVerify.setState(({ roots }) => ({ roots: roots.filter((each) => each !== root) }));
  void run(host);
}

export function checkAgainst(host: StudioHost, standard: PdfStandard | undefined): void {
  useVerify.setState({ standard });
  void run(host);
}
