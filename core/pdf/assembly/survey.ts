/** Looks at the files that are to be merged before anything is written: whether they can be, and what the result will be. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { JobWarning } from '../../../contract/job.ts';
import type { PdfStandard } from '../../../contract/standard.ts';
import { InfluxionError } from '../../error.ts';
import { PdfDocument } from '../revision/document.ts';
import { PdfDict, PdfString, type PdfObject } from '../revision/objects.ts';
import { damaged } from '../revision/pdf-error.ts';
import { textOf } from '../revision/text-string.ts';
import { formFields } from '../signing/field/form.ts';
import { claimsOf } from '../standards/claims.ts';
import { openInput } from '../worker/open-input.ts';
import type { MergeInput } from './merge-task.ts';
import { commonStandards } from './common-standards.ts';

export interface Survey {
  /** Of all files. */
  readonly pages: number;
  readonly standards: readonly PdfStandard[];
  /** Every file has a structure tree. */
  readonly isTagged: boolean;
  /** Of the first file that names one. */
  readonly language: string | undefined;
  /** What wrote the pages of the first file. */
  readonly producer: string | undefined;
  /** At least one file has an output intent. */
  readonly hasIntent: boolean;
  readonly warnings: readonly JobWarning[];
}

/** The name of an input in messages. */
export const nameOfInput = ({ path: file }: MergeInput): string => path.basename(file);

/**
 * Errors, each with the name of the file: PDF_DAMAGED, PDF_ENCRYPTED, PDF_NOT_MERGEABLE (no pages, form fields, layers, colours of
 * different output intents), and those of the disk.
 */
export async function surveyInputs(inputs: readonly MergeInput[]): Promise<Survey> {
  if (inputs.length === 0) throw new InfluxionError('PDF_NOT_MERGEABLE', 'There is no PDF to merge.');
  const signed: string[] = [];
  const claims: (readonly PdfStandard[])[] = [];
  const intents = new Map<string, string>();
  let pages = 0;
  let isTagged = true;
  let language: string | undefined;
  let producer: string | undefined;
  for (const input of inputs) {
    inFile(input, (document) => {
      const count = pageCount(document);
      if (count === 0) throw refuse('has no pages', 'Leave it out.');
      pages += count;
      if (isSigned(document)) signed.push(nameOfInput(input));
      refuseInteractive(document);
      claims.push(claimsOf(document));
      const intent = intentOf(document);
      if (intent !== undefined && !intents.has(intent)) intents.set(intent, nameOfInput(input));
      if (intents.size > 1) throw differentIntents([...intents.values()]);
      isTagged &&= document.dictAt(document.root, 'StructTreeRoot') !== undefined;
      language ??= textAt(document, document.root, 'Lang');
      producer ??= textAt(document, document.dictAt(document.trailer, 'Info'), 'Producer');
    });
    await setImmediate();
  }
  const { standards, isLess } = commonStandards(claims);
  return {
    pages,
    standards,
    isTagged,
    language,
    producer,
    hasIntent: intents.size > 0,
    warnings: [...signatureWarning(signed), ...(isLess ? [STANDARD_NOT_KEPT] : [])],
  };
}

/** Opens a file for as long as `work` runs; its errors name the file. */
export function inFile<Result>(input: MergeInput, work: (document: PdfDocument) => Result): Result {
  using opened = openInput({ kind: 'file', path: input.path });
  try {
    return work(PdfDocument.open(opened.source));
  } catch (error) {
    throw named(error, input);
  }
}

function named(error: unknown, input: MergeInput): unknown {
  if (!InfluxionError.is(error)) return error;
  return new InfluxionError(error.code, `"${nameOfInput(input)}": ${error.message}`, error.details, error);
}

const refuse = (why: string, hint: string): InfluxionError =>
  new InfluxionError('PDF_NOT_MERGEABLE', `It ${why}, so it cannot be merged with others.`, { hint });

function differentIntents(names: readonly string[]): InfluxionError {
  return refuse(
    `names another output intent than "${names[0] ?? ''}"`,
    'Give all documents the same colour profile.',
  );
}

function pageCount(document: PdfDocument): number {
  let count = 0;
  for (const { dict } of document.pages()) {
    if (dict.nameAt('Type') !== 'Page') throw damaged('its page tree is broken');
    count += 1;
  }
  return count;
}

function isSigned(document: PdfDocument): boolean {
  for (const { type, dict } of formFields(document)) {
    if (type === 'Sig' && document.dictAt(dict, 'V') !== undefined) return true;
  }
  return false;
}

/** What would lose its meaning, or mean something else, beside that of another file. */
function refuseInteractive(document: PdfDocument): void {
  for (const { type } of formFields(document)) {
    if (type !== 'Sig') throw refuse('has form fields', 'Print it with the fields filled in and flat.');
  }
  if (document.root.has('OCProperties')) throw refuse('has layers', 'Make it anew without them.');
  if (document.dictAt(document.dictAt(document.root, 'StructTreeRoot'), 'ClassMap') !== undefined) {
    throw refuse('has classes of attributes in its structure', 'Make it anew without them.');
  }
}

function intentOf(document: PdfDocument): string | undefined {
  for (const each of document.arrayAt(document.root, 'OutputIntents') ?? []) {
    const intent = document.resolve(each);
    const profile = intent instanceof PdfDict ? document.streamAt(intent, 'DestOutputProfile') : undefined;
    if (profile !== undefined) {
      return createHash('sha256').update(document.decodedBytes(profile)).digest('base64');
    }
  }
  return undefined;
}

export function textAt(document: PdfDocument, holder: PdfDict | undefined, key: string): string | undefined {
  const value: PdfObject = document.resolve(holder?.get(key));
  const text = value instanceof PdfString ? textOf(value).trim() : '';
  return text === '' ? undefined : text;
}

const STANDARD_NOT_KEPT: JobWarning = {
  code: 'STANDARD_NOT_KEPT',
  message: 'The documents claim different standards; the merged file claims only what all of them do.',
};

const MOST_NAMED = 5;

function signatureWarning(names: readonly string[]): JobWarning[] {
  if (names.length === 0) return [];
  const some = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const message = `A signature holds for its own file alone, so those of ${some.join(', ')}${more} are left out.`;
  return [{ code: 'SIGNATURE_REMOVED', message }];
}
