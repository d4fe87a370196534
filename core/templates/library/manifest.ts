import { z } from 'zod';
import { TemplateManifest, type DocumentDefaults } from '../../../contract/template.ts';
import { InfluxionError } from '../../error.ts';

export const MANIFEST_FILE = 'influxion.json';

/** Throws TEMPLATE_INVALID that says what in `influxion.json` is wrong. */
export function parseManifest(text: string | undefined): TemplateManifest {
  if (text === undefined) return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    throw new InfluxionError('TEMPLATE_INVALID', `${MANIFEST_FILE} is not valid JSON: ${why}.`, {}, error);
  }
  const result = TemplateManifest.safeParse(json);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  const [first] = errors;
  throw new InfluxionError(
    'TEMPLATE_INVALID',
    `${MANIFEST_FILE} is wrong${first?.path ? ` at "${first.path}"` : ''}: ${first?.message ?? z.prettifyError(result.error)}.`,
    { errors },
  );
}

/** What of a manifest concerns its documents. */
export function documentPartOf(
  manifest: TemplateManifest,
): DocumentDefaults & Pick<TemplateManifest, 'options'> {
  const { options, pdf_standard, sign_key_id, signature, metadata, attachments } = manifest;
  return {
    ...(options !== undefined && { options }),
    pdf_standard,
    sign_key_id,
    signature,
    metadata,
    attachments,
  };
}
