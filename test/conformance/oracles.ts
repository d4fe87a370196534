/** The independent judges of `oracles/`, many files a call. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inParallel, runProgram } from './run-program.ts';

export const ORACLES_DIR = path.join(import.meta.dirname, 'oracles');

/** What `oracles/install` knows by name; pdfsig and qpdf come with each. */
export const ORACLES = ['verapdf', 'preflight', 'facturx', 'pades'] as const;
export type Oracle = (typeof ORACLES)[number];

export interface Verdict {
  readonly file: string;
  /** veraPDF's flavour, or Mustang's profile. */
  readonly flavour: string;
  readonly passed: boolean;
  /** Failed rules such as `6.2.11.8-1`, in the order of the oracle. */
  readonly rules: readonly string[];
}

/** Lines `PASS|FAIL <tab> flavour <tab> file <tab> rule(count) …`; throws on anything else than exit codes 0 and 1. */
function verdicts(
  program: string,
  { code, stdout, stderr }: Awaited<ReturnType<typeof runProgram>>,
): Verdict[] {
  if (code !== 0 && code !== 1) throw new Error(`${program} ended with ${code}: ${stderr.slice(-2000)}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [word, flavour = '', file = '', rules = ''] = line.split('\t');
      const isError = rules.startsWith('error:');
      return {
        file,
        flavour,
        passed: word === 'PASS',
        rules: isError ? [rules] : rulesOf(rules),
      };
    });
}

/** `6.1.3-1(2) Table 5. LI-P-1(1)`, where a name may hold spaces, or `BR-CO-15 own-level`. */
const rulesOf = (text: string): string[] =>
  text.split(/\(\d+\)$/.test(text) ? /\(\d+\) ?/ : ' ').filter((rule) => rule !== '');

export interface VerapdfTask {
  readonly file: string;
  readonly flavours: readonly string[];
}

/** Judges each file at its flavours; two Java machines share the work. */
export async function verapdf(tasks: readonly VerapdfTask[]): Promise<Verdict[]> {
  const halves = [tasks.filter((_, index) => index % 2 === 0), tasks.filter((_, index) => index % 2 === 1)];
  const results = await Promise.all(
    halves
      .filter((half) => half.length > 0)
      .map(async (half) => {
        const input = half.map(({ file, flavours }) => `${flavours.join(',')}\t${file}\n`).join('');
        return verdicts(
          'verapdf',
          await runProgram(`${ORACLES_DIR}/verapdf`, ['-'], { input, deadlineMs: 600_000 }),
        );
      }),
  );
  return results.flat();
}

/** PDFBox preflight, PDF/A-1b only. */
export async function preflight(files: readonly string[]): Promise<Verdict[]> {
  if (files.length === 0) return [];
  const input = files.map((file) => `${file}\n`).join('');
  return verdicts('preflight', await runProgram(`${ORACLES_DIR}/preflight`, ['-'], { input }));
}

/** Mustang on Factur-X files; the flavour is the profile. */
export async function facturx(files: readonly string[]): Promise<Verdict[]> {
  return verdicts('facturx', await runProgram(`${ORACLES_DIR}/facturx`, [...files]));
}

export interface PadesVerdict {
  readonly file: string;
  readonly ok: boolean;
  /** Of DSS, `PAdES-BASELINE-B`. */
  readonly levels: readonly string[];
  /** Why it is not ok, by either of the two programs. */
  readonly problems: readonly string[];
}

/** pyHanko and EU DSS together; `trust`: the root in PEM; `level`: exactly that one, or `any`. */
export async function pades(
  files: readonly string[],
  { trust, level }: { readonly trust: string; readonly level: string },
): Promise<PadesVerdict[]> {
  const args = ['--trust', trust, '--level', level, ...files];
  const { code, stdout, stderr } = await runProgram(`${ORACLES_DIR}/pades`, args, { deadlineMs: 600_000 });
  if (code !== 0 && code !== 1) throw new Error(`pades ended with ${code}: ${stderr.slice(-2000)}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PadesVerdict);
}

/** What poppler's pdfsig says of the signatures when the certificate `trust` (PEM) is the only root. */
export async function pdfsig(
  files: readonly string[],
  { trust }: { readonly trust: string },
): Promise<{ file: string; text: string }[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'influxion-nss-'));
  try {
    const database = `sql:${folder}`;
    await certutil('-N', '-d', database, '--empty-password');
    await certutil('-A', '-d', database, '-n', 'root', '-t', 'C,C,C', '-i', trust);
    return await inParallel(files, 2, async (file) => {
      const { stdout, stderr } = await runProgram('pdfsig', ['-nssdir', folder, file], {
        deadlineMs: 60_000,
      });
      return { file, text: `${stdout}${stderr}` };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function certutil(...args: string[]): Promise<void> {
  const { code, stderr } = await runProgram('certutil', args, { deadlineMs: 30_000 });
  if (code !== 0) throw new Error(`certutil ended with ${code}: ${stderr}`);
}

/** What `qpdf --check` finds wrong with each file that has a fault or a warning. */
export async function qpdfFaults(files: readonly string[]): Promise<{ file: string; text: string }[]> {
  const results = await inParallel(files, 2, async (file) => {
    const { code, stdout, stderr } = await runProgram('qpdf', ['--check', file], { deadlineMs: 60_000 });
    return code === 0 && stderr === '' ? [] : [{ file, text: `${stdout}\n${stderr}`.trim().slice(0, 600) }];
  });
  return results.flat();
}
