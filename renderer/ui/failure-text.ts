import type { JobErrorDetail, JobStage } from '../../contract/job.ts';
import type { StudioFailure } from '../../contract/studio/route.ts';
import { HostFailure } from '../host/studio-host.ts';

const STAGES: Record<JobStage, string> = {
  queue: 'while waiting in the queue',
  render: 'while filling in the template',
  print: 'while printing',
  conform: 'while making the document meet its standard',
  sign: 'while signing',
  store: 'while storing the document',
};

export const stageText = (stage: JobStage): string => STAGES[stage];

const PATHS: Readonly<Record<string, string>> = { html: 'template.html', css: 'style.css' };

/** Texts that are no file of the template. */
const OTHERS: Readonly<Record<string, string>> = {
  header: 'the header',
  footer: 'the footer',
  data: 'the data',
};

/** The file that a failure points at; undefined when it has no place in one. `dataPath` is that of the data. */
export function failurePath(
  { template }: Pick<JobErrorDetail, 'template'>,
  dataPath?: string,
): string | undefined {
  if (template === 'data') return dataPath;
  if (template === null || template in OTHERS) return undefined;
  return PATHS[template] ?? (template.includes('.') ? template : `partials/${template}.hbs`);
}

/** Where it happened, as a person says it: "template.html, line 12, column 4". */
export function failurePlace(detail: JobErrorDetail): string | undefined {
  const parts = [
    OTHERS[detail.template ?? ''] ?? failurePath(detail),
    detail.line === null ? undefined : `line ${detail.line}`,
    detail.column === null ? undefined : `column ${detail.column}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** All that is known, as text for a report. */
export function failureDetails(failure: StudioFailure | Error, title?: string): string {
  const known =
    failure instanceof HostFailure ? failure.failure : failure instanceof Error ? undefined : failure;
  const detail = known?.detail ?? undefined;
  return [
    title,
    failure.message,
    known?.hint ?? detail?.hint ?? undefined,
    detail === undefined
      ? undefined
      : `Where: ${failurePlace(detail) ?? 'no place'} (${stageText(detail.stage)})`,
    detail?.source_line ?? undefined,
    ...(known?.errors ?? []).map(({ path, message }) => `${path}: ${message}`),
    `Code: ${known?.code ?? (failure instanceof HostFailure ? failure.code : 'UNEXPECTED')}`,
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}
