import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { standardOf, type PdfStandard } from '../../contract/standard.ts';
import type { SignatureReport, VerifyReport } from '../../contract/verify.ts';
import { InfluxionError } from '../../core/error.ts';
import { newCommand, withExamples, withJson } from '../command-line.ts';
import { EXIT } from '../exit-code.ts';
import { readBytes, readText } from '../read-input.ts';
import { silentLogger } from '../silent-logger.ts';
import { printJson, printResult } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface VerifyArguments {
  readonly standard?: readonly string[];
  readonly trust?: readonly string[];
  readonly json?: true;
}

const STDIN = '-';
const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value];

function standardsFrom(names: readonly string[] = []): PdfStandard[] {
  return names.map((name) => {
    const standard = standardOf(name) ?? standardOf(`pdf/a-${name}`) ?? standardOf(`pdf/${name}`);
    if (standard !== undefined) return standard;
    throw new UsageError(`--standard: "${name}" is no standard.`, 'Such as pdf/a-2b or pdf/ua-1.');
  });
}

async function verify(file: string, options: VerifyArguments): Promise<void> {
  const standards = standardsFrom(options.standard);
  const roots = await Promise.all((options.trust ?? []).map((path) => readText(path, 'certificate')));
  const input =
    file === STDIN
      ? ({ kind: 'bytes', bytes: await readBytes(file, 'PDF') } as const)
      : ({ kind: 'file', path: await existing(file) } as const);
  const { createPdfWorkers } = await import('../../core/pdf/worker/pdf-workers.ts');
  const { createVerifier } = await import('../../core/pdf/verify/verifier.ts');
  const { systemClock } = await import('../../core/ports.ts');
  const workers = createPdfWorkers({ workers: 1, logger: silentLogger });
  try {
    const verifier = createVerifier(workers, systemClock);
    const report = await verifier.verify(input, { standards, roots, signal: new AbortController().signal });
    if (options.json) await printJson(report);
    else await printResult(describe(report).join('\n'));
    if (!report.ok) process.exitCode = EXIT.failed;
  } finally {
    await workers.close();
  }
}

async function existing(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() === true) return resolve(file);
  throw new InfluxionError('NOT_FOUND', `There is no PDF at ${file}.`);
}

function describe(report: VerifyReport): string[] {
  return [
    ...report.summary,
    ...report.conformance.flatMap(({ standard, violations, not_checked }) => [
      ...violations.map(
        ({ rule, message, page, count }) =>
          `  ${standard} ${rule}${page === null ? '' : `, page ${page}`}: ${message}${count > 1 ? ` (${count} times)` : ''}`,
      ),
      ...not_checked.map((rule) => `  ${standard}, not checked: ${rule}`),
    ]),
    ...report.signatures.flatMap(describeSignature),
    ...(report.signatures.some(({ trust }) => trust === 'unknown')
      ? [
          'Name the root that you trust with --trust CA.pem, and it is checked whether the signer goes back to it.',
        ]
      : []),
  ];
}

function describeSignature(signature: SignatureReport): string[] {
  const { field, signer, signed_at, time_stamp, reason, location, changes, problems, chain } = signature;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['certificate', signer && `${signer.subject}, issued by ${signer.issuer}`],
    ['fingerprint', signer?.fingerprint],
    ['chain', chain.length > 1 ? chain.join(' → ') : undefined],
    ['signed', signed_at],
    ['time stamp', time_stamp && `${time_stamp.time} by ${time_stamp.authority}`],
    ['reason', reason],
    ['location', location],
  ];
  return [
    `  ${field}`,
    ...facts.flatMap(([name, text]) => (text == null ? [] : [`    ${name}: ${text}`])),
    ...changes.map((change) => `    added afterwards: ${change}`),
    ...problems.map((problem) => `    ! ${problem}`),
  ];
}

export function verifyCommand(): Command {
  const command = newCommand('verify')
    .description(
      'Says what a PDF claims (PDF/A, PDF/UA), whether that is true, who signed it and whether it was changed since. ' +
        'Nothing on the network is asked. Exit code 1 when something is wrong.',
    )
    .argument('<F.pdf|->', 'the file; - reads stdin')
    .option('--standard <NAME>', 'check this standard too, such as pdf/a-2b; may be repeated', repeated)
    .option('--trust <CA.pem>', 'trust the certificates in this file as roots; may be repeated', repeated);
  withJson(command);
  command.action(verify);
  return withExamples(command, [
    ['influxion verify invoice.pdf', 'standards and signatures in words'],
    ['influxion verify contract.pdf --trust company-ca.pem', 'with the root whose certificates are trusted'],
    ['influxion verify scan.pdf --standard pdf/a-2b --json | jq .ok', 'for scripts'],
  ]);
}
