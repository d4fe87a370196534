import { expect, it } from 'vitest';
import { VERSION } from '../../../headless/version.ts';
import { cli } from '../../support/cli-run.ts';

const COMMANDS = [
  'serve',
  'worker',
  'render',
  'client',
  'job',
  'template',
  'key',
  'doctor',
  'sign',
  'verify',
  'batch',
];

it('prints its help on stdout, with every command and an example', async () => {
  const { code, stdout, stderr } = await cli(['--help']);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  for (const name of COMMANDS) expect(stdout).toContain(`  ${name}`);
  expect(stdout).toContain('$ influxion render invoice.html');
});

it.each([
  ...COMMANDS.map((name) => [name]),
  ['client', 'add'],
  ['client', 'list'],
  ['client', 'remove'],
  ['job', 'list'],
  ['job', 'show'],
  ['job', 'cancel'],
  ['job', 'retry'],
  ['job', 'download'],
  ['job', 'dead', 'list'],
  ['job', 'dead', 'retry'],
  ['job', 'dead', 'drop'],
  ['template', 'list'],
  ['template', 'import'],
  ['template', 'export'],
])('%s %s has help with an example', async (...command) => {
  const { code, stdout } = await cli([...command, '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: influxion ${command.join(' ')}`);
  expect(stdout).toMatch(/Examples:\n {2}# .+\n {2}\$ .*influxion/);
});

it('shows the whole help of a command by "help" too', async () => {
  const { code, stdout } = await cli(['help', 'render']);
  expect(code).toBe(0);
  expect(stdout).toContain('--page-size');
});

it('prints its version alone on stdout', async () => {
  expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

// A script that mistypes must see exit code 2, nothing on stdout, and a person what was meant.
it.each([
  [['rendr'], /Unknown command 'rendr'/, /Did you mean render\?/],
  [['render'], /Missing required argument 'TEMPLATE'/, /influxion render --help/],
  [['render', 'a.html', '--daat', 'x.json'], /Unknown option '--daat'/, /Did you mean --data\?/],
  [['render', 'a.html', 'b.html'], /Too many arguments/, /--help/],
  [['render', 'certificate', '--page-size', 'A44'], /"A44" is no paper size/, /A4, A5/],
  [['render', 'certificate', '--margin', '15'], /--margin: Must be a length with a unit/, undefined],
  [['render', 'certificate', '--scale', 'big'], /--scale: "big" is not a number/, undefined],
  [['render', 'certificate', '--timeout', '0'], /--timeout: must be between/, undefined],
  [['render', 'certificate', '--locale', 'deutsch!'], /--locale: Must be a language tag/, undefined],
  [['serve', '--port', '99999'], /whole number from 0 to 65535/, undefined],
  [['serve', '--workers', '0'], /whole number from 1 to 64/, undefined],
  [['batch', 'certificate', '--rows', 'x.csv'], /Where the documents go is missing/, /-o DIR/],
  [['batch', 'certificate', '--rows', 'x.csv', '-o', 'a', '--zip', 'b'], /Only one of -o, --zip/, undefined],
  [['batch', '--rows', 'x.csv', '--dry-run', '0'], /number from 1 to 1000/, undefined],
  [['client'], /A command is missing/, undefined],
  [['client', 'add'], /Missing required argument 'NAME'/, undefined],
  [['client', 'add', 'x', '--scope', 'everything'], /no scope "everything"/, undefined],
  [['client', 'ad', 'x'], /Unknown command 'ad'/, /Did you mean add\?/],
  [['worker', '--loglevel', 'loud'], /one of debug, info/, undefined],
  [['worker', '--concurrency', '0'], /whole number from 1 to 128/, undefined],
  [['job', 'dead', 'drop'], /Name the letters, or say --all/, undefined],
  [['job', 'show', 'seven'], /whole number such as 17/, undefined],
])('refuses %j as wrong usage', async (args, message, hint) => {
  const { code, stdout, stderr } = await cli(args);
  expect(stderr).toMatch(message);
  if (hint !== undefined) expect(stderr).toMatch(hint);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('colours nothing that is not a terminal, and obeys FORCE_COLOR and NO_COLOR', async () => {
  const escape = '\u001b[';
  expect((await cli(['rendr'])).stderr).not.toContain(escape);
  expect((await cli(['rendr'], { env: { FORCE_COLOR: '1' } })).stderr).toContain(escape);
  expect((await cli(['rendr'], { env: { NO_COLOR: '1' } })).stderr).not.toContain(escape);
});
