/** From the arguments of `batch` to what the host is asked for. */
import { resolve } from 'node:path';
import {
  BatchRequest,
  COLUMN_TYPES,
  type BatchOutput,
  type ColumnMapping,
  type ColumnType,
} from '../contract/batch.ts';
import type { BatchArguments } from './commands/batch.ts';
import { readText } from './read-input.ts';
import { parseStandard } from './standard-flag.ts';
import { readPrintOptions } from './render-options.ts';
import { findTemplate } from './template-source.ts';
import { UsageError } from './usage-error.ts';

/** Errors: UsageError when it is none or more than one. */
export function outputOf({ output, zip, merge }: BatchArguments): BatchOutput {
  const outputs: BatchOutput[] = [];
  if (output !== undefined) outputs.push({ type: 'folder', folder: resolve(output) });
  if (zip !== undefined) outputs.push({ type: 'zip', file: resolve(zip) });
  if (merge !== undefined) outputs.push({ type: 'merged', file: resolve(merge) });
  const [first, second] = outputs;
  if (first !== undefined && second === undefined) return first;
  throw new UsageError(
    first === undefined
      ? 'Where the documents go is missing.'
      : 'Only one of -o, --zip and --merge can be given.',
    'Name a folder with -o DIR, or one file with --zip F.zip or --merge F.pdf.',
  );
}

/** `Net price=items[0].price:number`. */
function columnOf(text: string): ColumnMapping {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new UsageError(`--map: "${text}" is not COLUMN=PATH or COLUMN=PATH:TYPE.`);
  const [path = '', type] = text.slice(equals + 1).split(':');
  if (type !== undefined && !COLUMN_TYPES.includes(type as ColumnType)) {
    throw new UsageError(`--map: "${type}" is none of ${COLUMN_TYPES.join(', ')}.`);
  }
  return {
    column: text.slice(0, equals),
    path: path.trim() === '' ? null : path.trim(),
    ...(type !== undefined && { type: type as ColumnType }),
  };
}

/** Errors: UsageError, TEMPLATE_NOT_FOUND, those of the files that are named. */
export async function batchRequestOf(
  template: string | undefined,
  options: BatchArguments,
  output: BatchOutput | undefined,
): Promise<BatchRequest> {
  if (template === undefined)
    throw new UsageError('The template is missing.', 'influxion batch TEMPLATE --rows F …');
  if (options.rows === undefined) throw new UsageError('The rows are missing.', 'Name a file with --rows F.');
  const source = await findTemplate(template, options.data, process.env);
  const css = options.css === undefined ? undefined : await readText(options.css, 'style sheet');
  const { locale } = options;
  const request = {
    html_template: source.ref,
    template_folder: resolve(source.folder),
    rows: { file: resolve(options.rows) },
    reading: { separator: options.separator, encoding: options.encoding, sheet: options.sheet },
    mapping: { ...(options.map !== undefined && { columns: options.map.map(columnOf) }), locale },
    name: options.name,
    output,
    options: await readPrintOptions(options),
    ...(css !== undefined && { css_template: { content: css } }),
    ...(options.sign !== undefined && { sign_key_id: options.sign }),
    ...(options.standard !== undefined && { pdf_standard: parseStandard(options.standard) }),
  };
  const parsed = BatchRequest.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.') ?? 'The arguments'}: ${issue?.message ?? 'not valid'}.`);
}
