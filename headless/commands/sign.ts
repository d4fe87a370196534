import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { Option, type Command } from 'commander';
import { SIGNATURE_LEVELS, SignatureOptions } from '../../contract/document.ts';
import { InfluxionError } from '../../core/error.ts';
import { newCommand, withDataFolder, withExamples } from '../command-line.ts';
import { openFinisher } from '../open-finisher.ts';
import { assertWritable, readableSize, refuseTerminal, writePdf } from '../pdf-file.ts';
import { readBytes } from '../read-input.ts';
import { note, warn } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface SignArguments {
  readonly key: string;
  readonly output?: string;
  readonly data?: string;
  readonly level?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly contact?: string;
  readonly certify?: string;
}

const STDIN = '-';
const TIMEOUT_MS = 120_000;

async function sign(file: string, options: SignArguments): Promise<void> {
  const parsed = SignatureOptions.safeParse({
    level: options.level,
    reason: options.reason,
    location: options.location,
    contact: options.contact,
    certify: options.certify,
  });
  if (!parsed.success) throw new UsageError(parsed.error.issues[0]?.message ?? 'The options are not valid.');
  const target = options.output ?? (file === STDIN ? STDIN : `${basename(file, extname(file))}-signed.pdf`);
  refuseTerminal(target);
  await assertWritable(target);
  await using finishing = openFinisher(options.data, process.env);
  const order = {
    standards: [],
    plan: undefined,
    hasTitle: false,
    signature: { keyId: options.key, options: parsed.data, image: undefined },
  };
  const context = {
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    onSign: () => undefined,
  };
  const pdf = await input(file);
  const { pdf: signed, warnings, signature } = await finishing.finisher.finish(pdf, order, context);
  const size = await writePdf(target, signed);
  for (const { message } of warnings) warn(message);
  if (target !== STDIN) {
    note(`Wrote ${target}, ${readableSize(size)}, signed at level ${signature?.level ?? 'B-B'}.`);
  }
}

async function input(file: string): Promise<Uint8Array> {
  if (file !== STDIN && !(await stat(file).catch(() => undefined))?.isFile()) {
    throw new InfluxionError('NOT_FOUND', `There is no PDF at ${file}.`);
  }
  return readBytes(file, 'PDF');
}

export function signCommand(): Command {
  const command = newCommand('sign')
    .description(
      'Signs a PDF that exists, after PAdES. What is in the file stays as it is, signatures that it has stay valid. ' +
        'INFLUXION_TIME_STAMP_URL (and …_USER, …_PASSWORD) names the server for levels above B-B; for B-LT and B-LTA ' +
        'INFLUXION_REVOCATION says who may be asked for proof that no certificate was revoked: the hosts, or from-certificates.',
    )
    .argument('<F.pdf|->', 'the file; - reads stdin')
    .requiredOption('--key <ID>', 'the key; "influxion key list" shows them')
    .option('-o, --output <F.pdf|->', 'where the signed file goes (default: F-signed.pdf)')
    .addOption(
      new Option('--level <LEVEL>', 'PAdES baseline level (default: B-B)').choices([
        ...SIGNATURE_LEVELS,
        'best',
      ]),
    )
    .option('--reason <TEXT>', 'why it is signed')
    .option('--location <TEXT>', 'where')
    .option('--contact <TEXT>', 'how the signer is reached')
    .addOption(
      new Option('--certify <CHANGES>', 'certify it: what may still be changed').choices([
        'no-changes',
        'form-filling',
        'annotations',
      ]),
    );
  withDataFolder(command);
  command.action(sign);
  return withExamples(command, [
    ['influxion sign contract.pdf --key office', 'writes contract-signed.pdf'],
    ['influxion sign contract.pdf --key office --reason "I approve this" -o done.pdf', 'with a reason'],
  ]);
}
