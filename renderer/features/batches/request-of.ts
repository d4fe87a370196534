import type { BatchOutput, BatchRequest } from '../../../contract/batch.ts';
import type { RouteInput } from '../../../contract/studio/table.ts';
import type { Draft } from './batches-store.ts';

export type StartRequest = RouteInput<'batches.start'>['request'];

function outputOf({ output, folder, pageNumbers }: Draft): BatchOutput {
  if (output === 'folder') return { type: 'folder', folder: folder.trim() };
  if (output === 'zip') return { type: 'zip' };
  return { type: 'merged', ...(pageNumbers.trim() !== '' && { page_numbers: pageNumbers.trim() }) };
}

/** What starts the batch; undefined while something is missing. A key that is gone is left out. */
export function requestOf(draft: Draft, keys: readonly { readonly id: string }[]): StartRequest | undefined {
  const { upload, templateId, reading, columns, locale, name, output, folder, standard, keyId } = draft;
  if (upload === undefined || templateId === undefined) return undefined;
  if (output === 'folder' && folder.trim() === '') return undefined;
  const isMapped = columns.length > 0;
  return {
    html_template: { id: templateId },
    rows: { upload },
    reading,
    ...((isMapped || locale !== '') && {
      mapping: { ...(isMapped && { columns: [...columns] }), ...(locale !== '' && { locale }) },
    }),
    ...(name.trim() !== '' && { name: name.trim() }),
    output: outputOf(draft),
    ...(standard !== '' && { pdf_standard: standard as NonNullable<BatchRequest['pdf_standard']> }),
    ...(keys.some(({ id }) => id === keyId) && { sign_key_id: keyId }),
  };
}
