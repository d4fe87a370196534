import { InvalidArgumentError, type Command } from 'commander';
import { Job, JOB_STATUSES, JobList, type JobErrorDetail } from '../../contract/job.ts';
import { InfluxionError } from '../../core/error.ts';
import { newCommand, withDataFolder, withExamples, withJson } from '../command-line.ts';
import { connect } from '../connect.ts';
import { call, callJson, type HostConnection, type HostReply } from '../host-connection.ts';
import { readableSize, refuseTerminal, writePdf } from '../pdf-file.ts';
import { deadCommand } from './job-dead.ts';
import { showPosition } from '../source-position.ts';
import { note, printJson, printResult, styleResult, table, warn } from '../terminal.ts';

interface CommonOptions {
  readonly data?: string;
  readonly json?: true;
}

interface ListOptions extends CommonOptions {
  readonly status?: string;
  readonly document?: string;
  readonly template?: string;
  readonly limit: number;
}

interface DownloadOptions extends CommonOptions {
  readonly output?: string;
}

function parseId(text: string): number {
  const id = Number(text);
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new InvalidArgumentError('A job id is a whole number such as 17.');
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw new InvalidArgumentError('It is a number from 1 to 500.');
}

const parseStatus = (text: string): string => {
  const status = JOB_STATUSES.find((known) => known.toLowerCase() === text.toLowerCase());
  if (status === undefined) throw new InvalidArgumentError(`It is one of ${JOB_STATUSES.join(', ')}.`);
  return status;
};

const fetchJob = (connection: HostConnection, id: number): Promise<Job> =>
  callJson(connection, Job, { method: 'GET', path: `/pdf/${id}` });

const TONES = { Received: 'reset', InProgress: 'cyan', Done: 'green', Error: 'red' } as const;

async function list(options: ListOptions): Promise<void> {
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.status !== undefined) query.set('status', options.status);
  if (options.document !== undefined) query.set('document_id', options.document);
  if (options.template !== undefined) query.set('template_id', options.template);
  await using connection = await connect(options.data);
  const page = await callJson(connection, JobList, { method: 'GET', path: `/pdf?${query.toString()}` });
  if (options.json) {
    await printJson(page.jobs);
    return;
  }
  if (page.jobs.length === 0) {
    note('There are no such jobs.');
    return;
  }
  const rows = page.jobs.map((job) => [
    String(job.id),
    job.status,
    job.created_at.slice(0, 19).replace('T', ' '),
    job.document_id ?? job.template_id ?? '',
    job.size === null ? '' : readableSize(job.size),
    job.error ?? '',
  ]);
  await printResult(table([['ID', 'STATUS', 'CREATED (UTC)', 'DOCUMENT', 'SIZE', 'ERROR'], ...rows]));
  if (page.next_cursor !== null) note(`There are more; --limit shows up to 500.`);
}

function errorLines(detail: JobErrorDetail): string[] {
  const { line, column, source_line: sourceLine, hint } = detail;
  const lines = [`failed at      ${detail.stage} (${detail.code})`];
  if (line !== null && sourceLine !== null) {
    lines.push(`in             ${detail.template ?? 'template'}, line ${line}`);
    lines.push(showPosition({ line, column: column ?? 1, sourceLine }));
  }
  if (hint !== null) lines.push(`hint           ${hint}`);
  return lines;
}

async function show(id: number, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const job = await fetchJob(connection, id);
  if (options.json) {
    await printJson(job);
    return;
  }
  const facts: [string, string | null][] = [
    ['job', String(job.id)],
    ['status', styleResult(TONES[job.status], job.status)],
    ['document', job.document_id],
    ['template', job.template_id],
    ['created', job.created_at],
    ['started', job.started_at],
    ['completed', job.completed_at],
    ['attempt', job.attempt === 0 ? null : String(job.attempt)],
    ['pages', job.pages === null ? null : String(job.pages)],
    ['size', job.size === null ? null : readableSize(job.size)],
    ['sha256', job.sha256],
    ['ran on', job.ran_on === null ? null : [job.ran_on.host, job.ran_on.version ?? ''].join(' ').trim()],
    ['signed on', job.signed_on],
    ['time', timingsLine(job) || null],
    ['error', job.error],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== null);
  await printResult(known.map(([name, value]) => `${name.padEnd(13)}  ${value}`).join('\n'));
  if (job.error_detail !== null) await printResult(errorLines(job.error_detail).join('\n'));
  for (const warning of job.warnings) warn(warning.message);
}

function timingsLine(job: Job): string {
  return Object.entries(job.timings_ms)
    .map(([stage, ms = 0]) => `${stage} ${Math.round(ms)} ms`)
    .join(', ');
}

async function cancel(id: number, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const job = await fetchJob(connection, id);
  if (job.status === 'Done' || job.status === 'Error') {
    throw new InfluxionError('JOB_STATE', `Job ${id} has already ended (${job.status}).`, {
      hint: 'Only a job that waits or runs can be cancelled.',
    });
  }
  const { status } = await call(connection, { method: 'DELETE', path: `/pdf/${id}` });
  // It may have ended between the two calls, and a job that has ended is deleted.
  note(status === 204 ? `Job ${id} had just ended; it was deleted.` : `Cancelled job ${id}.`);
}

async function retry(id: number, options: CommonOptions): Promise<void> {
  await using connection = await connect(options.data);
  const job = await callJson(connection, Job, { method: 'POST', path: `/pdf/${id}/retry` });
  if (options.json) await printJson(job);
  else note(`Job ${id} is tried again${connection.live ? '' : ' when Influxion is started'}.`);
}

/** The name that the reply offers, as a bare name: what comes over the wire never picks the folder. */
function offeredName(reply: HostReply, id: number): string {
  const disposition = reply.header('content-disposition') ?? '';
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]*)"/i.exec(disposition)?.[1];
  const name = (extended === undefined ? plain : decodeURIComponent(extended)) ?? '';
  return name.replaceAll(/[/\\\p{Cc}]/gu, '_').replace(/^\.+/, '') || `${id}.pdf`;
}

async function download(id: number, options: DownloadOptions): Promise<void> {
  if (options.output !== undefined) refuseTerminal(options.output);
  await using connection = await connect(options.data);
  const reply = await call(connection, { method: 'GET', path: `/pdf/${id}/download` });
  const target = options.output ?? offeredName(reply, id);
  const size = await writePdf(target, reply.body);
  if (target !== '-') note(`Wrote ${target}, ${readableSize(size)}.`);
}

export function jobCommand(): Command {
  const job = newCommand('job').description(
    'The jobs of the data folder. Works whether Influxion is running or not.',
  );
  const sub = (name: string): Command => withDataFolder(newCommand(name));
  job.addCommand(
    withExamples(
      withJson(sub('list'))
        .description('Lists jobs, newest first.')
        .option('--status <STATUS>', JOB_STATUSES.join(', '), parseStatus)
        .option('--document <ID>', 'only those of this document_id')
        .option('--template <ID>', 'only those of this template')
        .option('--limit <N>', 'how many', parseLimit, 50)
        .action(list),
      [['influxion job list --status Error --json', 'what failed, for a script']],
    ),
  );
  job.addCommand(
    withExamples(
      withJson(sub('show'))
        .description('Shows one job: its state, times, warnings and what went wrong.')
        .argument('<ID>', 'the job', parseId)
        .action(show),
      [['influxion job show 17', 'why did 17 fail?']],
    ),
  );
  job.addCommand(
    withExamples(
      sub('cancel')
        .description('Ends a job that waits or runs.')
        .argument('<ID>', 'the job', parseId)
        .action(cancel),
      [['influxion job cancel 17', 'it ends as Error, code JOB_CANCELLED']],
    ),
  );
  job.addCommand(
    withExamples(
      withJson(sub('retry'))
        .description('Tries a failed job again, with the same inputs.')
        .argument('<ID>', 'the job', parseId)
        .action(retry),
      [['influxion job retry 17', 'after the cause was mended']],
    ),
  );
  job.addCommand(
    withExamples(
      sub('download')
        .description('Fetches the PDF of a job that is done.')
        .argument('<ID>', 'the job', parseId)
        .option('-o, --output <F.pdf|->', "where it goes; - is stdout (default: the document's own name)")
        .action(download),
      [['influxion job download 17 -o invoice.pdf', 'its PDF']],
    ),
  );
  job.addCommand(deadCommand().summary('look at messages of RabbitMQ that no worker can work on'));
  return withExamples(job, [
    ['influxion job list', 'the newest 50'],
    ['influxion job download 17 -o invoice.pdf', 'the PDF of one'],
  ]);
}
