/** From what is asked for to a batch that can be written down: checked, its template pinned, its rows at hand. */
import { randomBytes } from 'node:crypto';
import { constants, copyFile, link, mkdir, access, open, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import type { BatchOutput, BatchRequest } from '../../contract/batch.ts';
import type { GenerateRequest } from '../../contract/job.ts';
import { prepareDocument } from '../document/prepare-document.ts';
import { admitDocument } from '../document/pipeline.ts';
import { InfluxionError } from '../error.ts';
import type { Caller } from '../jobs/job-service.ts';
import { webhooksUnavailable } from '../jobs/job-webhook.ts';
import type { SigningKeys } from '../pdf/signing/keys/signing-keys.ts';
import type { Clock, Logger } from '../ports.ts';
import type { NewBatch } from '../store/batch-repository.ts';
import type { WebhookTarget } from '../store/webhook-repository.ts';
import { createTemplateLibrary } from '../templates/library.ts';
import type { EditableLibrary } from '../templates/template.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { ownerOnly } from './batch-errors.ts';
import type { BatchFolders } from './batch-folders.ts';
import { createRowMapper } from './mapping/map-row.ts';
import { createNamer, DEFAULT_NAME_PATTERN } from './names/document-name.ts';
import type { MergeBatch } from './output/merge-batch.ts';
import type { PinnedTemplates } from './pin/pinned-templates.ts';
import { openRows } from './rows/open-rows.ts';
import type { RowsFiles, StoredRows } from './rows-files.ts';

export interface PrepareBatchDeps {
  readonly library: EditableLibrary;
  readonly keys: Pick<SigningKeys, 'assertUsable'>;
  readonly pins: PinnedTemplates;
  readonly uploads: RowsFiles;
  readonly folders: BatchFolders;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly merge?: MergeBatch;
  /** Whom to tell of the end; without it a request for that is refused. */
  readonly webhooks?: Pick<Webhooks, 'admit' | 'tell'>;
}

/** The command line, the studio and the hot folders act for the person whose computer this is. */
const OWNERS = new Set(['owner', 'studio', 'hot-folder']);

const isOwner = ({ admin, clientId }: Caller): boolean => admin && OWNERS.has(clientId);

/** Errors: those of a job, ROWS_NOT_FOUND, ROWS_INVALID, OWNER_ONLY, OUTPUT_FOLDER_UNUSABLE, VALIDATION_FAILED. */
export async function prepareBatch(
  request: BatchRequest,
  caller: Caller,
  deps: PrepareBatchDeps,
): Promise<NewBatch> {
  refuseForeign(request, caller);
  const pattern = request.name ?? DEFAULT_NAME_PATTERN;
  createNamer(pattern);
  const output: BatchOutput = request.output ?? { type: 'zip' };
  if (output.type === 'merged' && deps.merge === undefined) throw mergeUnavailable();
  const made = await makeOutputFolder(output);
  try {
    return await admitBatch(request, caller, deps, { pattern, output });
  } catch (error) {
    if (made !== undefined) await removeEmptyFolders(made.from, made.to);
    throw error;
  }
}

/** How and where its documents go. */
interface Placing {
  readonly pattern: string;
  readonly output: BatchOutput;
}

async function admitBatch(
  request: BatchRequest,
  caller: Caller,
  deps: PrepareBatchDeps,
  { pattern, output }: Placing,
): Promise<NewBatch> {
  const { folders } = deps;
  const library =
    request.template_folder == null
      ? deps.library
      : createTemplateLibrary({ folder: request.template_folder, logger: deps.logger });
  const job = jobOf(request);
  const facts = await admitDocument(library, deps.keys, job);
  const webhook = await admitWebhook(request, caller, deps);
  const folder = randomBytes(12).toString('hex');
  await mkdir(folders.of(folder), { recursive: true, mode: 0o700 });
  try {
    const rows = await placeRows(request, folders.of(folder), deps.uploads);
    const source = await openRows(rows.path, rows.filename, request.reading ?? {});
    createRowMapper(source.columns, request.mapping ?? {});
    const prepared = await prepareDocument(library, job);
    const assets = [...(await prepared.template.assetPaths()), ...Object.keys(job.assets ?? {})];
    return {
      clientId: caller.clientId,
      title: request.title ?? facts.templateId ?? rows.filename,
      ...facts,
      pattern,
      output: JSON.stringify(output),
      outputFolder: output.type === 'folder' ? normalize(output.folder) : folders.documents(folder),
      source: rows.filename,
      sourcePath: rows.path,
      reading: JSON.stringify(request.reading ?? {}),
      mapping: JSON.stringify(request.mapping ?? {}),
      folder,
      pin: await deps.pins.pin(prepared, assets),
      createdAt: deps.clock.now(),
      webhookUrl: webhook?.url ?? null,
      webhookSecret: webhook?.secret ?? null,
    };
  } catch (error) {
    await rm(folders.of(folder), { recursive: true, force: true });
    throw error;
  }
}

/** The rows of a request where they can be read, and how what was made for that goes away again. */
export async function rowsFor(
  request: BatchRequest,
  caller: Caller,
  uploads: RowsFiles,
  folders: BatchFolders,
): Promise<{ readonly file: StoredRows; readonly discard: () => Promise<void> }> {
  refuseForeign(request, caller);
  const folder = folders.of(`dry-${randomBytes(12).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return { file: await placeRows(request, folder, uploads), discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

function refuseForeign({ rows, output, template_folder }: BatchRequest, caller: Caller): void {
  if (isOwner(caller)) return;
  if ('file' in rows) throw ownerOnly('rows.file');
  if (template_folder != null) throw ownerOnly('template_folder');
  if (output?.type === 'folder') throw ownerOnly('output.folder');
  if (output?.file != null) throw ownerOnly('output.file');
}

/** What a batch has beside the options of a single job. */
const BATCH_FIELDS = new Set<string>([
  'rows',
  'reading',
  'mapping',
  'name',
  'output',
  'title',
  'template_folder',
  'webhook_url',
  'webhook_secret',
] satisfies (keyof BatchRequest)[]);

/** The job that every row is, without its data. */
const jobOf = (request: BatchRequest): GenerateRequest =>
  Object.fromEntries(
    Object.entries(request).filter(([field]) => !BATCH_FIELDS.has(field)),
  ) as GenerateRequest;

async function admitWebhook(
  { webhook_url: url, webhook_secret: secret }: BatchRequest,
  caller: Caller,
  { webhooks }: PrepareBatchDeps,
): Promise<WebhookTarget | undefined> {
  if (url == null && secret == null) return undefined;
  if (webhooks === undefined) throw webhooksUnavailable();
  return webhooks.admit({ url, secret }, caller.clientId);
}

async function placeRows({ rows }: BatchRequest, folder: string, uploads: RowsFiles): Promise<StoredRows> {
  if ('file' in rows) {
    assertAbsolute(rows.file, 'rows.file');
    return { path: rows.file, filename: basename(rows.file) };
  }
  if ('upload' in rows) {
    const { path, filename } = await uploads.find(rows.upload);
    const own = join(folder, 'source');
    // The upload may go away before the batch has read it.
    await link(path, own).catch(() => copyFile(path, own));
    return { path: own, filename };
  }
  const path = join(folder, 'source');
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(JSON.stringify(rows.inline));
  await file.sync();
  return { path, filename: 'rows.json' };
}

/** The folders that had to be made, the innermost and the outermost. Errors: OUTPUT_FOLDER_UNUSABLE, VALIDATION_FAILED. */
async function makeOutputFolder(
  output: BatchOutput,
): Promise<{ readonly from: string; readonly to: string } | undefined> {
  if (output.type !== 'folder') {
    if (output.file != null) assertAbsolute(output.file, 'output.file');
    return undefined;
  }
  assertAbsolute(output.folder, 'output.folder');
  try {
    // Without `..`, which would lead out of what is made.
    const from = normalize(output.folder);
    const to = await mkdir(from, { recursive: true });
    await access(from, constants.W_OK | constants.X_OK);
    return to === undefined ? undefined : { from, to };
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new InfluxionError(
      'OUTPUT_FOLDER_UNUSABLE',
      `The folder ${output.folder} cannot be used for the documents: ${REASONS[code] ?? code}.`,
      {
        errors: [{ path: 'output.folder', message: 'Cannot be written to' }],
        hint: 'Choose another folder.',
      },
      error,
    );
  }
}

/** From the innermost outwards, as far as nobody has put something into them meanwhile. */
async function removeEmptyFolders(from: string, to: string): Promise<void> {
  try {
    for (let folder = from; folder.length >= to.length; folder = dirname(folder)) await rmdir(folder);
  } catch {
    // It is in use; what was refused is told all the same.
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'the system does not permit it',
  EROFS: 'it is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
  ENOENT: 'the drive is not there',
};

function assertAbsolute(path: string, field: string): void {
  if (isAbsolute(path)) return;
  const message = `${field} must be a whole path, from the root or the drive on.`;
  throw new InfluxionError('VALIDATION_FAILED', message, { errors: [{ path: field, message }] });
}

const mergeUnavailable = (): InfluxionError =>
  new InfluxionError(
    'FEATURE_UNAVAILABLE',
    'This version cannot merge the documents of a batch into one PDF.',
    {
      errors: [{ path: 'output.type', message: 'Ask for a zip.' }],
    },
  );
