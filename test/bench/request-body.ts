import type { GenerateRequest } from '../../contract/job.ts';
import { loadBenchDocument } from './documents/index.ts';

/** The body of `POST /pdf/generate` for a document of the bench; `more` is what is asked for besides. */
export async function requestBody(name: string, more: Partial<GenerateRequest> = {}): Promise<string> {
  const document = await loadBenchDocument(name);
  return JSON.stringify({
    document_id: name,
    ...more,
    data: document.data,
    html_template: { content: document.html },
    css_template: document.css === '' ? null : { content: document.css },
    assets: Object.fromEntries(
      [...document.assets].map(([path, asset]) => [path, Buffer.from(asset.bytes).toString('base64')]),
    ),
  });
}
