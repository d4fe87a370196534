import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { CURVES, KEY_FILE_MAX_BYTES, KeyFacts, KeyId, KeyList, RSA_SIZES } from '../../contract/key.ts';
import { InfluxionError } from '../../core/error.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { connect } from '../connect.ts';
import { call, callJson, jsonBody, readBody, type HostConnection } from '../host-connection.ts';
import { askPassphrase, canAsk, givenPassphrase, PASSPHRASE_VARIABLE, type Terminal } from '../passphrase.ts';
import { writePdf } from '../pdf-file.ts';
import { readBytes } from '../read-input.ts';
import { note, printJson, printResult, table, warn } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
}

interface CreateOptions extends CommonOptions {
  readonly type?: string;
  readonly size?: string;
  readonly curve?: string;
  readonly commonName?: string;
  readonly organization?: string;
  readonly country?: string;
  readonly email?: string;
  readonly years?: string;
}

interface ImportOptions extends CommonOptions {
  readonly id?: string;
  readonly passphraseFile?: string;
}

interface ExportOptions extends CommonOptions {
  readonly output?: string;
}

const address = (id: string): string => `/keys/${encodeURIComponent(id)}`;

async function tell(key: KeyFacts, options: CommonOptions, done: string): Promise<void> {
  if (options.json) {
    await printJson(key);
    return;
  }
  await printResult(
    table([
      ['id', key.id],
      ['subject', key.subject],
      ['issuer', key.self_signed ? 'itself' : key.issuer],
      ['key', kind(key)],
      ['valid', `${key.not_before.slice(0, 10)} to ${key.not_after.slice(0, 10)}`],
      ['fingerprint', key.fingerprint],
    ]),
  );
  for (const warning of key.warnings) warn(warning);
  note(`${done} ${key.protection}`);
}

const kind = ({ type, size, curve }: KeyFacts): string =>
  type === 'rsa' ? `RSA ${size}` : `EC ${curve ?? ''}`;

async function create(id: string, options: CreateOptions): Promise<void> {
  await using connection = await connect(options.data, { create: true });
  const key = await callJson(connection, KeyFacts, {
    method: 'POST',
    path: '/keys',
    body: jsonBody({
      id,
      type: options.type,
      size: options.size === undefined ? undefined : Number(options.size),
      curve: options.curve,
      common_name: options.commonName,
      organization: options.organization,
      country: options.country,
      email: options.email,
      valid_years: options.years === undefined ? undefined : Number(options.years),
    }),
  });
  await tell(key, options, `Made the key ${key.id}.`);
}

/** `contract-2026.p12` → `contract-2026`; what no id can hold becomes a hyphen. */
function idFrom(file: string): string {
  const name = basename(file).replace(/\.[^.]*$/, '');
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
}

function chosenId(files: readonly string[], options: ImportOptions): string {
  const [first = ''] = files;
  const id = options.id ?? (first === '-' ? '' : idFrom(first));
  const parsed = KeyId.safeParse(id);
  if (parsed.success) return parsed.data;
  if (id === '') throw new UsageError('The key needs a name.', 'Add --id NAME.');
  throw new UsageError(`"${id}" cannot name a key.`, 'Letters, digits, ".", "_" and "-" can, at most 200.');
}

/** One PKCS #12 file, or several files of PEM as one. */
async function readKeyFiles(files: readonly string[]): Promise<Buffer> {
  const contents: Buffer[] = [];
  for (const file of files) {
    const bytes = await readBytes(file, 'key file');
    if (files.length > 1 && !bytes.includes('-----BEGIN ')) {
      throw new UsageError(`${file} is not PEM, and only PEM can be given in several files.`);
    }
    contents.push(bytes, Buffer.from('\n'));
  }
  const whole = files.length === 1 ? (contents[0] ?? Buffer.alloc(0)) : Buffer.concat(contents);
  if (whole.length > KEY_FILE_MAX_BYTES) {
    throw new InfluxionError('BODY_TOO_LARGE', 'A key file has at most one megabyte.');
  }
  return whole;
}

const isPassphraseWrong = (error: unknown): boolean =>
  InfluxionError.is(error) && error.code === 'KEY_PASSWORD_WRONG';

const terminal = (): Terminal => ({ input: process.stdin, output: process.stderr });

/** Asks for a passphrase only where the file turns out to need one. */
async function send(
  connection: HostConnection,
  id: string,
  file: Buffer,
  options: ImportOptions,
): Promise<KeyFacts> {
  const content = file.toString('base64');
  const attempt = (passphrase: string | undefined): Promise<KeyFacts> =>
    callJson(connection, KeyFacts, {
      method: 'PUT',
      path: address(id),
      body: jsonBody({ content, passphrase }),
    });
  const given = await givenPassphrase(options.passphraseFile, process.env);
  try {
    return await attempt(given);
  } catch (error) {
    if (given !== undefined || !isPassphraseWrong(error)) throw error;
    if (!canAsk(terminal())) {
      note(`Give the passphrase with --passphrase-file FILE or in ${PASSPHRASE_VARIABLE}.`);
      throw error;
    }
    return attempt(await askPassphrase('Passphrase of the key file: ', terminal()));
  }
}

async function importKey(files: readonly string[], options: ImportOptions): Promise<void> {
  const id = chosenId(files, options);
  const file = await readKeyFiles(files);
  try {
    await using connection = await connect(options.data, { create: true });
    const key = await send(connection, id, file, options);
    await tell(key, options, `Imported the key ${key.id}.`);
  } finally {
    file.fill(0);
  }
}

async function list(options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const { keys } = await callJson(connection, KeyList, { method: 'GET', path: '/keys' });
  if (options.json) {
    await printJson(keys);
    return;
  }
  if (keys.length === 0) {
    note('There is no signing key yet. Make one: influxion key create NAME');
    return;
  }
  const rows = keys.map((key) => [key.id, kind(key), key.not_after.slice(0, 10), key.subject]);
  await printResult(table([['ID', 'KEY', 'VALID TO', 'SUBJECT'], ...rows]));
  for (const key of keys) for (const warning of key.warnings) warn(`${key.id}: ${warning}`);
}

async function exportKey(id: string, options: ExportOptions): Promise<void> {
  await using connection = await connect(options.data);
  const reply = await call(connection, { method: 'GET', path: `${address(id)}/certificate` });
  await writePdf(options.output ?? '-', await readBody(reply));
  if (options.output !== undefined && options.output !== '-')
    note(`Wrote the certificate to ${options.output}.`);
}

async function remove(id: string, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  await call(connection, { method: 'DELETE', path: address(id) });
  note(`Removed ${id}. What it signed stays signed.`);
}

const choice = (flags: string, text: string, values: readonly (string | number)[]): Option =>
  new Option(flags, text).choices(values.map(String));

export function keyCommand(): Command {
  const key = newCommand('key').description(
    'The keys that sign documents. Private keys are stored encrypted and never shown. Works whether Influxion is running or not.',
  );
  const sub = (name: string): Command => withDataFolder(newCommand(name));
  key.addCommand(
    withExamples(
      withJson(sub('create'))
        .summary('make a key with a certificate of its own')
        .description(
          'Makes a key with a certificate that it issues for itself. Readers trust it where it was added by hand.',
        )
        .argument('<NAME>', 'its id, which sign_key_id and --sign take')
        .addOption(choice('--type <TYPE>', 'rsa or ec', ['rsa', 'ec']).default('rsa'))
        .addOption(choice('--size <BITS>', 'of an RSA key (default: 3072)', RSA_SIZES))
        .addOption(choice('--curve <CURVE>', 'of an EC key (default: P-256)', CURVES))
        .option('--common-name <TEXT>', 'whom the certificate names (default: NAME)')
        .option('--organization <TEXT>', 'for which organization')
        .option('--country <CC>', 'two capital letters, such as DE')
        .option('--email <ADDRESS>', 'how to reach whoever signs')
        .option('--years <N>', 'how long the certificate is valid, at most 10 (default: 3)')
        .action(create),
      [
        [
          'influxion key create sign-key-id --common-name "Accounts" --organization "Example Ltd"',
          'RSA, 3072 bits',
        ],
        ['influxion key create quick --type ec --curve P-256', 'small signatures'],
      ],
    ),
  );
  key.addCommand(
    withExamples(
      withJson(sub('import'))
        .summary('bring in a key with its certificate')
        .description(
          `Brings in a key with its certificate: a PKCS #12 file, or PEM in one file or several. The passphrase of the file is asked for, or read from --passphrase-file or ${PASSPHRASE_VARIABLE}.`,
        )
        .argument('<FILE...>', 'F.p12, F.pfx or F.pem; several when they are PEM; - reads stdin')
        .option('--id <NAME>', 'how it is called (default: the name of the file)')
        .option('--passphrase-file <FILE>', 'a file that holds the passphrase; - reads stdin')
        .action(importKey),
      [
        ['influxion key import accounts.p12 --id sign-key-id', 'asks for its passphrase'],
        ['influxion key import key.pem certificate.pem chain.pem --id accounts', 'three files of PEM'],
      ],
    ),
  );
  key.addCommand(
    withExamples(withJson(sub('list')).description('Lists the keys that can sign documents.').action(list), [
      ['influxion key list', 'ids, and what stands in their way'],
    ]),
  );
  key.addCommand(
    withExamples(
      sub('export')
        .summary('write the certificate of a key')
        .description(
          'Writes the certificate of a key and those of its issuers as PEM, never the private key.',
        )
        .argument('<ID>', 'the key')
        .option('-o, --output <F.pem|->', 'where it goes (default: stdout)')
        .action(exportKey),
      [['influxion key export sign-key-id -o sign-key-id.pem', 'for those who check your signatures']],
    ),
  );
  key.addCommand(
    withExamples(
      sub('remove')
        .description('Removes a key for good. What it signed stays signed.')
        .argument('<ID>', 'the key')
        .action(remove),
      [['influxion key remove sign-key-id', 'nothing can be signed with it any more']],
    ),
  );
  return withExamples(key, [
    ['influxion key create sign-key-id', 'a key of your own'],
    ['influxion key import accounts.p12', 'one that an authority certified'],
  ]);
}
